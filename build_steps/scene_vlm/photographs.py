"""Photographs to draw training scenes upon, from Debian packages; whose: models/scene_vlm/PICTURES.md."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ..base import cache_dir, run, say, sha256, write_atomic
from ..fetch import Pin, mismatch

# Of Debian 12, and which of its files.
_PACKAGES = (
    (
        Pin(
            "lomiri-wallpapers-16.04",
            "20.04.0-2",
            "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
        ),
        "usr/share/backgrounds/*.jpg",
    ),
    (
        Pin(
            "lomiri-wallpapers-20.04",
            "20.04.0-2",
            "d44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709",
        ),
        "usr/share/backgrounds/*.jpg",
    ),
    (
        Pin(
            "mate-backgrounds",
            "1.26.0-1",
            "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
        ),
        "usr/share/backgrounds/mate/nature/*.jpg",
    ),
    (
        Pin(
            "endless-sky-data",
            "0.9.8-1.2",
            "e45835e05a11e84bb1a890a0ded390246a53b8318f21a25925aa70fa54f80c13",
        ),
        "usr/share/games/endless-sky/images/land/*.jpg",
    ),
    (
        Pin(
            "gnome-control-center-data",
            "1:43.6-2~deb12u1",
            "f76430c1f6db2be884bbc0e37cfa43752b49d252abb94d9cce494e8cdd8882a1",
        ),
        "usr/share/pixmaps/faces/*.jpg",
    ),
    (
        Pin(
            "scratch",
            "1.4.0.6~dfsg1-6.1",
            "36c582eb93110f64f06c4e685c41e933ccba2fa68db12f79b10bfe840b21fc10",
        ),
        "usr/share/scratch/Media/Backgrounds/*/*.jpg",
    ),
)
# They show a disc, a ring, a star, a cross, digits or words.
# fmt: off
_LEFT_OUT = (
    "Aqua", "Picture_0B", "free_by", "greentock", "earthrise", "city5", "city3", "nasa5", "space3",
    "space4", "space5", "station1", "station2", "station4", "coffee", "coffee2", "dice", "energy-arc",
    "sunflower", "flake", "gamepad", "headphones", "bicycle", "calculator", "party-room",
    "spotlight-stage", "room2", "woods-and-bench", "all-sports-mural", "basketball-court1-a",
    "basketball-court1-b", "building-fireproof", "silos", "atom-playground",
)
# fmt: on


def fetch_photographs(folder: Path) -> None:
    """
    Puts them into `folder`, once, by package; the packages stay in the cache.
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
            (found / pin.name).mkdir()
            for picture in unpacked.glob(inside):
                if not picture.stem.startswith(_LEFT_OUT):
                    shutil.copyfile(picture, found / pin.name / picture.name)
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
