"""`build.py test`: check, then each suite in a process of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence

from . import checks, site
from .base import ROOT, say
from .browser import ensure_chromium
from .toolchain import NODE_MODULES, VENV_PYTHON

SUITES = ("unit", "conformance", "pyodide", "browser")
_NEED_CHROMIUM = {"pyodide", "browser"}
_TIMEOUT_S = 3000
_NOTHING_COLLECTED = 5  # pytest's exit status


def test(only: str | None, arguments: Sequence[str]) -> int:
    """Runs one suite, or check and all of them; returns 0 when all passed. `arguments` go to pytest."""
    site.build()
    results: dict[str, bool] = {}
    if only is None:
        results["check"] = checks.check() == 0
    for suite in (only,) if only else SUITES:
        started = time.monotonic()
        results[suite] = _run(suite, arguments)
        verdict = "passed" if results[suite] else "FAILED"
        print(f"suite {suite}: {verdict} in {time.monotonic() - started:.0f} s", flush=True)
    failed = [name for name, passed in results.items() if not passed]
    print(f"test: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


def _run(suite: str, arguments: Sequence[str]) -> bool:
    env = dict(os.environ)
    if suite in _NEED_CHROMIUM:
        env["CHROMIUM"] = ensure_chromium()
    passed = True
    if suite == "unit":
        scripts = [str(path) for path in sorted((ROOT / "tests" / "unit" / "ts").rglob("*.test.ts"))]
        if scripts:
            say("unit tests of the TypeScript side")
            passed = _status([str(NODE_MODULES / ".bin" / "tsx"), "--test", *scripts], env) == 0
    say(f"pytest tests/{suite}")
    # Files that are named stand for the whole suite.
    named = any(argument.startswith("tests/") for argument in arguments)
    where = [] if named else [f"tests/{suite}"]
    status = _status([str(VENV_PYTHON), "-m", "pytest", *where, *arguments], env)
    if status == _NOTHING_COLLECTED and not arguments:
        print(f"suite {suite} holds no tests", flush=True)
    return passed and status == 0


def _status(command: Sequence[str], env: dict[str, str]) -> int:
    try:
        return subprocess.run(command, cwd=ROOT, env=env, timeout=_TIMEOUT_S, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"no end after {_TIMEOUT_S} s: {' '.join(command[:4])} …", flush=True)
        return 1
