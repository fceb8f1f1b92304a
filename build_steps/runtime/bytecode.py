"""Bytecode for the standard library and the wheels: compiling them is half of Pyodide's start otherwise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..base import ROOT, cache_dir, digest, run, say, write_atomic

HERE = Path(__file__).resolve().parent
PYODIDE = ROOT / "node_modules" / "pyodide"

# What no page can use: a terminal's line editor, a test fixture of the frozen-module machinery, (should
# Pyodide ever ship them again) Python's own tests, desktop programs and installers, and what pydantic keeps
# of its first version, which does not run on Python 3.14.
_WITHOUT = ("_pyrepl/", "__phello__", "test/", "idlelib/", "turtle", "ensurepip/", "lib2to3/", "pydantic/v1/")


def compile_archives(archives: Sequence[Path]) -> list[Path]:
    """
    Returns, for each zip or wheel, its compiled twin of the same file name. Results are kept by content in
    the cache; Pyodide is started only for those that are missing. Raises BuildError when a file does not
    compile.
    """
    compiler = digest(
        [HERE / "bytecode_in_pyodide.py", HERE / "bytecode.mjs", PYODIDE / "package.json", *_WITHOUT]
    )
    shelf = cache_dir() / "bytecode"
    compiled = [shelf / digest([compiler, path]) / path.name for path in archives]
    missing = [(path, out) for path, out in zip(archives, compiled, strict=True) if not out.is_file()]
    if not missing:
        return compiled
    say("compiling bytecode inside Pyodide: " + ", ".join(path.name.split("-")[0] for path, _ in missing))
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=shelf) as scratch:
        jobs = [
            {"from": str(path), "to": f"{scratch}/{number}", "without": _WITHOUT}
            for number, (path, _) in enumerate(missing)
        ]
        run(
            ["node", HERE / "bytecode.mjs"],
            stdin=json.dumps({"pyodide": str(PYODIDE), "jobs": jobs}),
            doing="Compiling bytecode",
            action="Correct the file that it names; if it names none, delete node_modules and try again.",
        )
        for number, (_, out) in enumerate(missing):
            write_atomic(out, Path(scratch) / str(number))
    return compiled
