"""Photographs to draw training scenes upon, from Debian packages; whose: models/scene_vlm/PICTURES.md."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from .base import cache_dir, run, say, sha256, write_atomic
from .fetch import Pin, mismatch

# Of Debian 12, and where in it they are.
_PACKAGES = (
    (
        Pin(
            "lomiri-wallpapers-16.04",
            "20.04.0-2",
            "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
        ),
        "usr/share/backgrounds",
    ),
    (
        Pin(
            "lomiri-wallpapers-20.04",
            "20.04.0-2",
            "d44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709",
        ),
        "usr/share/backgrounds",
    ),
    (
        Pin(
            "mate-backgrounds",
            "1.26.0-1",
            "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
        ),
        "usr/share/backgrounds/mate/nature",
    ),
)
# They show a disc, a ring or digits.
_LEFT_OUT = ("Aqua", "Picture_0B", "free_by", "greentock")


def fetch_photographs(folder: Path) -> None:
    """
    Puts them into `folder`, once; the packages stay in the cache.
    Raises BuildError for a package that cannot be had (they are Debian 12's) or is not the pinned one.
    """
    if folder.is_dir():
        return
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder.parent) as name:
        scratch = Path(name)
        found = scratch / folder.name
        found.mkdir()
        for pin, inside in _PACKAGES:
            unpacked = scratch / pin.name
            run(
                ["dpkg-deb", "--extract", _package(pin), unpacked],
                doing=f"Unpacking {pin.name}",
                action="Run the command again.",
            )
            for picture in (unpacked / inside).glob("*.jpg"):
                if not picture.name.startswith(_LEFT_OUT):
                    shutil.copyfile(picture, found / picture.name)
        found.rename(folder)


def _package(pin: Pin) -> Path:
    """The package in the cache, downloaded where it is not there."""
    kept = cache_dir() / "debs" / f"{pin.sha256}.deb"
    if kept.is_file() and sha256(kept) == pin.sha256:
        return kept
    say(f"fetching {pin}")
    with tempfile.TemporaryDirectory() as scratch:
        run(
            ["apt-get", "download", f"{pin.name}={pin.version}"],
            doing=f"Fetching {pin.name}",
            action="On Debian 12, connected: run `apt-get update`, then this again.",
            cwd=Path(scratch),
        )
        [deb] = Path(scratch).glob("*.deb")
        if sha256(deb) != pin.sha256:
            raise mismatch(pin, sha256(deb))
        write_atomic(kept, deb)
    return kept
