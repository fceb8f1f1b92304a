"""`build.py models`: compiles the WebLLM libraries, trains the tiny models, writes what is committed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..base import ROOT, BuildError, base_python, cache_dir, digest, is_stamped, run, say, sha256
from ..models import CATALOGUE, original
from .models import FOLDERS
from .shape import ENCODERS, SHAPES
from .weights import convert

_LOCK = ROOT / "requirements-webllm.lock"
_PYTHON = (3, 11)
_EMSCRIPTEN = "3.1.6"
_INSTALL = "Install it (on Debian 12: apt-get install --no-install-recommends emscripten) and run this again."
_TRAINED = {
    "tiny-chat-webllm": "models.webllm.tiny_chat.train",
    "tiny-embed-webllm": "models.webllm.tiny_embed.train",
}


def make_models(only: str | None, *, train: bool) -> None:
    """
    Compiles the libraries of all our WebLLM models, or of one, into models/webllm, and brings their catalogue
    entries up to date. `train` trains the tiny ones anew too. Raises BuildError without the toolchain.
    """
    _check_emscripten()
    python = _ensure_venv()
    for model in [only] if only else sorted({**SHAPES, **ENCODERS}):
        folder = FOLDERS / model
        folder.mkdir(parents=True, exist_ok=True)
        if train and model in _TRAINED:
            say(f"training {model}")
            _module(python, _TRAINED[model], folder)
        say(f"compiling {model}.wasm")
        _module(python, "models.webllm.compiler", model, folder / f"{model}.wasm", _scratch())
        describe(model)


def describe(model: str) -> None:
    """Writes names, sizes and hashes of a model's files into its catalogue entry."""
    path = CATALOGUE / f"{model}.json"
    entry: dict[str, Any] = json.loads(path.read_text())
    gguf = original(entry)
    with tempfile.TemporaryDirectory() as converted:
        if gguf:
            convert(gguf, SHAPES[model], entry["system"], Path(converted))
        found = [*(FOLDERS / model).iterdir(), *Path(converted).iterdir()]
        files: list[dict[str, Any]] = [
            {"url": entry["weights"] + file.name, "bytes": file.stat().st_size, "sha256": sha256(file)}
            for file in sorted(found, key=lambda file: file.name)
            if file.suffix in {".bin", ".json", ".wasm"}
        ]
    entry["files"], entry["bytes"] = files, sum(file["bytes"] for file in files)
    weights = sum(file["bytes"] for file in files if file["url"].endswith(".bin"))
    entry["vram"] = weights + {**SHAPES, **ENCODERS}[model].state_bytes
    path.write_text(json.dumps(entry, indent=2) + "\n")
    say(f"{path.relative_to(ROOT)}: {len(files)} files, {entry['bytes'] / 1e6:.1f} MB")


def _scratch() -> Path:
    return cache_dir() / "webllm" / digest([_LOCK, _EMSCRIPTEN])[:16]


def _module(python: Path, name: str, *arguments: str | Path) -> None:
    run(
        [python, "-m", name, *arguments],
        doing=name,
        action="See models/webllm/README.md.",
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},  # one order of sums
        timeout=3600,
    )


def _check_emscripten() -> None:
    if shutil.which("emcc") is None:
        raise BuildError("emcc (Emscripten) was not found on the PATH.", _INSTALL)
    printed = run(["emcc", "--version"], doing="Asking emcc for its version", action=_INSTALL)
    found = re.search(r"\b(\d+\.\d+\.\d+)\b", printed)
    version = found.group(1) if found else "of an unknown version"
    if version != _EMSCRIPTEN:
        say(f"emcc is {version}; the committed libraries came from {_EMSCRIPTEN}")


def _ensure_venv() -> Path:
    """TVM in an environment of its own, in the cache. Returns its python."""
    if sys.version_info[:2] != _PYTHON:
        raise BuildError(
            f"TVM is pinned for Python {_PYTHON[0]}.{_PYTHON[1]}; this is {sys.version.split()[0]}.",
            f"Run build.py models with python{_PYTHON[0]}.{_PYTHON[1]}.",
        )
    folder = cache_dir() / "webllm" / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, key = folder / ".alcove-stamp", digest([_LOCK])
    if is_stamped(stamp, key) and python.exists():
        return python
    say("installing TVM (100 MB) into the cache")
    action = (
        "pip checks each package against requirements-webllm.lock. Connect to the network and run this again."
    )
    run([base_python(), "-m", "venv", "--clear", folder], doing="Making a venv", action=action)
    install: Sequence[str | Path] = [
        python,
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=2"),
        *("--require-hashes", "--only-binary=:all:", "--no-deps", "-r", _LOCK),
    ]
    run(install, doing="Installing requirements-webllm.lock", action=action)
    stamp.write_text(key)
    return python
