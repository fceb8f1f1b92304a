"""Photographs to draw training scenes upon, from Debian packages; whose: models/scene_vlm/PICTURES.md."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from .base import BuildError, cache_dir, run, say, sha256

# Of Debian 12. Package, version, SHA-256, folder in it.
_PACKAGES = (
    (
        "lomiri-wallpapers-16.04",
        "20.04.0-2",
        "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
        "usr/share/backgrounds",
    ),
    (
        "lomiri-wallpapers-20.04",
        "20.04.0-2",
        "d44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709",
        "usr/share/backgrounds",
    ),
    (
        "mate-backgrounds",
        "1.26.0-1",
        "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
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
        for package, version, digest, inside in _PACKAGES:
            unpacked = scratch / package
            deb = _package(package, version, digest)
            run(
                ["dpkg-deb", "--extract", deb, unpacked],
                doing=f"Unpacking {package}",
                action="Run the command again.",
            )
            for picture in sorted((unpacked / inside).glob("*.jpg")):
                if not picture.name.startswith(_LEFT_OUT):
                    shutil.copyfile(picture, found / picture.name)
        found.rename(folder)


def _package(name: str, version: str, digest: str) -> Path:
    """The package in the cache, downloaded where it is not there."""
    shelf = cache_dir() / "debs"
    kept = shelf / f"{digest}.deb"
    if kept.is_file() and sha256(kept) == digest:
        return kept
    say(f"fetching {name} {version}")
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=shelf) as scratch:
        run(
            ["apt-get", "download", f"{name}={version}"],
            doing=f"Fetching {name}",
            action="On Debian 12, connected: run `apt-get update`, then this again.",
            cwd=Path(scratch),
        )
        [deb] = Path(scratch).glob("*.deb")
        if sha256(deb) != digest:
            raise BuildError(f"{name} {version} is not the pinned package.", "Fetch it from another mirror.")
        deb.rename(kept)
    return kept
