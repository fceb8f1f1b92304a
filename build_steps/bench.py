"""`build.py bench`: builds, then runs tests/bench/run.py in .venv with the Chromium of the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import site
from .base import ROOT, BuildError
from .browser import ensure_chromium
from .toolchain import VENV_PYTHON

# Agents alone take an hour or more.
_TIMEOUT_S = 4 * 3600


def bench(json_file: Path | None, names: Sequence[str] = (), *, every: int = 1) -> int:
    """Measures all, or `names`; returns the exit status, which is not 0 when a figure is out of its bound.

    `every`: agents are asked one in so many of their prompts.
    """
    script = ROOT / "tests" / "bench" / "run.py"
    if not script.is_file():
        raise BuildError(f"{script.relative_to(ROOT)} is missing.", "Restore the file.")
    site.build()
    command = [str(VENV_PYTHON), str(script), *names, f"--every={every}"]
    if json_file:
        command += ["--json", str(json_file.absolute())]
    env = {**os.environ, "CHROMIUM": ensure_chromium()}
    try:
        return subprocess.run(command, cwd=ROOT, env=env, timeout=_TIMEOUT_S, check=False).returncode
    except subprocess.TimeoutExpired as error:
        raise BuildError(
            f"The bench did not end in {_TIMEOUT_S} s.", "Run it on a less busy machine."
        ) from error
