"""The files of our own WebLLM models: committed in models/webllm, or converted at build time from a GGUF."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..base import ROOT, BuildError, cache_dir, digest, say, sha256, write_atomic
from .shape import SHAPES
from .weights import convert

FOLDERS = ROOT / "models" / "webllm"


def webllm_files(model: dict[str, Any], gguf: Path | None) -> dict[str, Path]:
    """
    The files of a WebLLM model of the catalogue by name. What is not committed is converted from `gguf`,
    once, into the cache. Raises BuildError for a file that is not the catalogue's.
    """
    wanted = {Path(file["url"]).name: file for file in model["files"]}
    committed = FOLDERS / model["id"]
    found: dict[str, Path] = {}
    for name, file in wanted.items():
        path = committed / name
        if path.is_file():
            _check(path, file["sha256"], model["id"])
            found[name] = path
    missing = {name: _cached(file["sha256"], name) for name, file in wanted.items() if name not in found}
    if any(not _is_whole(path, wanted[name]["bytes"]) for name, path in missing.items()):
        if gguf is None:
            raise BuildError(f"{model['id']}: {', '.join(missing)} are missing.", "Restore models/webllm.")
        say(f"converting the weights of {model['id']}")
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            convert(gguf, SHAPES[model["id"]], model["system"], scratch)
            for name, path in missing.items():
                _check(scratch / name, wanted[name]["sha256"], model["id"])
                write_atomic(path, scratch / name)
    return {name: found.get(name) or missing[name] for name in wanted}


def licences(model: dict[str, Any]) -> list[Path]:
    """The licence files that go beside a WebLLM model."""
    return sorted([*(FOLDERS / "licences").glob("*.txt"), *(FOLDERS / model["id"]).glob("*.txt")])


def folder_name(model: dict[str, Any]) -> str:
    """
    The folder in dist/, which changes with what is in it. WebLLM takes a URL with "/resolve/…/" as it is and
    appends a hub's "resolve/main/" to any other.
    """
    content = digest(file["sha256"] for file in model["files"])
    return f"models/webllm/{model['id']}/resolve/{content[:10]}/"


def _cached(content: str, name: str) -> Path:
    return cache_dir() / "models" / content / name


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _check(path: Path, wanted: str, model: str) -> None:
    got = sha256(path) if path.is_file() else "no such file"
    if got != wanted:
        raise BuildError(
            f"{path.name} of {model} is not the file of the catalogue.\n"
            f"    expected sha256 {wanted}\n    got sha256      {got}",
            f"Restore models/webllm/{model}, or make both again with `python3 build.py models {model}`.",
        )
