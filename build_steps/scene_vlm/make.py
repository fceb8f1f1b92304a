"""`build.py models scene-vlm --train`: trains our vision-language model anew (models/scene_vlm/README.md)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..base import (
    ROOT,
    BuildError,
    base_python,
    cache_dir,
    digest,
    is_stamped,
    run,
    say,
    sha256,
    write_atomic,
)
from ..models import CATALOGUE
from .photographs import fetch_photographs

NAME = "scene-vlm"
FOLDER = ROOT / "models" / "scene_vlm"
_FILES = ("scene-vlm.gguf", "scene-vlm-mmproj.gguf")
_LOCK = ROOT / "requirements-scene-vlm.lock"
_PYTHON = (3, 11)
_LONGEST_S = 4 * 3600
_CPU_TORCH = "https://download.pytorch.org/whl/cpu"


def make_scene_vlm(*, train: bool) -> None:
    """
    Trains scene-vlm, if `train`, and takes over its two files; brings its catalogue entry up to date. A
    training that was cut goes on where it was. Raises BuildError when its packages cannot be had.
    """
    if train:
        scratch = cache_dir() / NAME / digest(sorted([_LOCK, *FOLDER.glob("*.py")]))[:16]
        say(f"training {NAME}: two hours of two cores; how far it is stands in {scratch / 'log.txt'}")
        scratch.mkdir(parents=True, exist_ok=True)
        fetch_photographs(scratch / "photographs")
        run(
            [ensure_torch(), "-m", "models.scene_vlm.training", scratch],
            doing=f"Training {NAME}",
            action="Run the command again: it goes on from its last checkpoint.",
            timeout=_LONGEST_S,
        )
        for name in _FILES:
            write_atomic(FOLDER / name, scratch / name)
    _describe()


def _describe() -> None:
    """Writes sizes and hashes of the two files into the model's catalogue entry."""
    path = CATALOGUE / f"{NAME}.json"
    if not path.is_file():
        return
    entry: dict[str, Any] = json.loads(path.read_text())
    for file in entry["files"]:
        content = FOLDER / Path(file["url"]).name
        file["bytes"], file["sha256"] = content.stat().st_size, sha256(content)
    path.write_text(json.dumps(entry, indent=2) + "\n")
    say(f"{path.relative_to(ROOT)}: {sum(file['bytes'] for file in entry['files']) / 1e6:.1f} MB")


def ensure_torch() -> Path:
    """PyTorch and the rest in an environment of their own, in the cache. Returns its python."""
    if sys.version_info[:2] != _PYTHON or sys.platform != "linux":
        raise BuildError(
            f"{_LOCK.name} is for Python {_PYTHON[0]}.{_PYTHON[1]} on Linux; "
            f"this is {sys.version.split()[0]} on {sys.platform}.",
            "Train there; the trained files are in models/scene_vlm.",
        )
    folder = cache_dir() / NAME / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, key = folder / ".alcove-stamp", digest([_LOCK])
    if is_stamped(stamp, key) and python.exists():
        return python
    say("installing PyTorch (190 MB) into the cache")
    action = f"pip checks each package against {_LOCK.name}. Connect to the network and run this again."
    run([base_python(), "-m", "venv", "--clear", folder], doing="Making a venv", action=action)
    install: list[str | Path] = [
        python,
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=2"),
        *("--require-hashes", "--only-binary=:all:", "--no-deps", "--extra-index-url", _CPU_TORCH),
        *("-r", _LOCK),
    ]
    run(install, doing=f"Installing {_LOCK.name}", action=action)
    stamp.write_text(key)
    return python
