"""`build.py check`: lint, formatting, types and the sizes that we promise."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

from .base import DIST, ROOT, say
from .toolchain import NODE_MODULES, VENV_PYTHON, set_up

_MAX_COMMITTED = 8 << 20
# In build.json: scripts that the first paint of our page waits for, and those that a page of somebody else's
# waits for when it imports alcove.js. What each may weigh at most, in bytes; a KB has 1,000.
MAX_FIRST_LOAD = {"firstLoad": 60_000, "firstLoadEmbed": 40_000}
_TIMEOUT_S = 600


def check() -> int:
    """Runs every check, whatever the others say; returns 0 when all passed."""
    set_up()
    failed = [name for name, command in _tools().items() if not _passes(name, command)]
    for name, problem in (
        ("size of committed files", _big_files()),
        ("first-load JavaScript", _first_load("firstLoad")),
        ("first-load JavaScript of a page that imports alcove.js", _first_load("firstLoadEmbed")),
    ):
        if problem:
            print(f"{name}: {problem}", flush=True)
            failed.append(name)
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'passed'}", flush=True)
    return 1 if failed else 0


def first_load_bytes(page: str) -> int | None:
    """Gzipped bytes of the scripts that build.json lists for `page`; None where no build has listed them."""
    about = DIST / "build.json"
    names: list[str] | None = json.loads(about.read_text()).get(page) if about.is_file() else None
    if names is None:
        return None
    return sum(len(gzip.compress((DIST / name).read_bytes(), 9)) for name in names)


def _tools() -> dict[str, list[str | Path]]:
    python: list[str | Path] = [VENV_PYTHON, "-m", "ruff"]
    tool = NODE_MODULES / ".bin"
    return {
        "ruff check": [*python, "check", "--quiet", "."],
        "ruff format": [*python, "format", "--check", "--quiet", "."],
        "pyright": [tool / "pyright", "--pythonpath", VENV_PYTHON],
        "tsc": [tool / "tsc", "-p", "."],
        "biome": [tool / "biome", "check", "."],
    }


def _passes(name: str, command: list[str | Path]) -> bool:
    say(name)
    try:
        return (
            subprocess.run(list(map(str, command)), cwd=ROOT, timeout=_TIMEOUT_S, check=False).returncode == 0
        )
    except subprocess.TimeoutExpired:
        print(f"{name}: no end after {_TIMEOUT_S} s", flush=True)
        return False


def _big_files() -> str:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    big = [path for path in paths if path.is_file() and path.stat().st_size > _MAX_COMMITTED]
    return ", ".join(f"{path.relative_to(ROOT)} is over {_MAX_COMMITTED >> 20} MB" for path in big)


def _first_load(page: str) -> str:
    size, most = first_load_bytes(page), MAX_FIRST_LOAD[page]
    if size is None or size <= most:
        return ""
    return f"{size / 1000:.1f} KB gzipped, at most {most // 1000} KB: import lazily what can wait"
