"""The Python runtime's folder: Pyodide, standard library and wheels as bytecode, our own lock file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ..base import ROOT, cache_dir, digest, place, run, say, write_atomic
from ..fetch import PYODIDE_TAGS, fetch, read_lock
from ..toolchain import VENV_PYTHON
from . import wheels
from .bytecode import PYODIDE, compile_archives
from .snapshot import snapshot

# For wheels that a person adds: the worker loads micropip when the first one comes, the others on request.
_ON_DEMAND = {"click", "micropip", "tomli"}
_PLAIN = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_HERE = Path(__file__).resolve().parent


def build_runtime() -> Path:
    """Returns a folder in the cache with every file of dist/pyodide-HASH/; nothing is done twice."""
    pins = read_lock(ROOT / "requirements-pyodide.lock")
    key = digest([*map(repr, pins), *input_files()])
    folder = cache_dir() / "runtime" / key
    if folder.is_dir():
        return folder
    say("building the Python runtime")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder.parent) as name:
        scratch = Path(name)
        source_wheels = _source_wheels(scratch / "source", fetch(pins, VENV_PYTHON, PYODIDE_TAGS))
        stdlib, *compiled = compile_archives([PYODIDE / "python_stdlib.zip", *source_wheels])
        done = scratch / "done"
        for path in (*(PYODIDE / plain for plain in _PLAIN), stdlib, *compiled):
            place(done / path.name, path)
        request = {
            "stock": str(PYODIDE / "pyodide-lock.json"),
            "out": str(done / "pyodide-lock.json"),
            "wheels": dict(zip(map(str, source_wheels), map(str, compiled), strict=True)),
        }
        run(
            [VENV_PYTHON, _HERE / "lockfile.py"],
            stdin=json.dumps(request),
            doing="Writing pyodide-lock.json",
            action="Add what is missing to requirements-pyodide.lock.",
        )
        started = [done / wheel.name for wheel in compiled if wheel.name.split("-")[0] not in _ON_DEMAND]
        for name, content in snapshot(done, started, int(key[:8], 16)).items():
            write_atomic(done / name, content)
        if not folder.is_dir():
            done.rename(folder)
    return folder


def input_files() -> list[Path]:
    """The files of the project that decide what the runtime folder holds, besides the lock of the wheels."""
    return [
        ROOT / "pyproject.toml",
        PYODIDE / "package.json",
        *wheels.python_sources(),
        *sorted(path for path in _HERE.iterdir() if path.suffix in {".py", ".mjs"}),
    ]


def folder_name(folder: Path) -> str:
    """The name below dist/, which changes with the content."""
    return f"pyodide-{digest(sorted(folder.iterdir()))[:10]}"


def packages(folder: Path) -> list[str]:
    """The names of those that are there from the start."""
    locked = json.loads((folder / "pyodide-lock.json").read_text())["packages"]
    return sorted(set(locked) - _ON_DEMAND)


def snapshots(folder: Path) -> list[str]:
    """The names of the files that hold Python's memory, in their order."""
    return sorted(path.name for path in folder.glob("snapshot.*.mem"))


def _source_wheels(folder: Path, fetched: dict[str, Path]) -> list[Path]:
    """The wheels with their .py files: ours are packed into `folder`, the others lie in the cache."""
    ours = [wheels.pack_alcove(), *(wheels.repack(fetched.pop(name), name) for name in wheels.NATIVE)]
    for name, content in ours:
        write_atomic(folder / name, content)
    return [*fetched.values(), *(folder / name for name, _ in ours)]
