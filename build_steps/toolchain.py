"""Set-up: the machine's Node, node_modules from package-lock.json, .venv from requirements-dev.lock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .base import ROOT, BuildError, base_python, digest, is_stamped, run, say

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NODE_MODULES = ROOT / "node_modules"
_MIN_NODE = 20
_NETWORK = "Connect to the network (or check npm's and pip's own configuration) and run this again."


def set_up() -> None:
    """Everything that building and testing need; nothing to do, and no network, when it is already there."""
    check_node()
    ensure_node_modules()
    ensure_venv()


def check_node() -> None:
    """Raises BuildError unless node >= 20 and npm are on the PATH."""
    action = f"Install Node.js {_MIN_NODE} or newer (with npm) and run this again."
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise BuildError(f"{tool} was not found on the PATH.", action)
    printed = run(["node", "--version"], doing="Asking node for its version", action=action).strip()
    found = re.match(r"v(\d+)\.", printed)
    if not found or int(found.group(1)) < _MIN_NODE:
        raise BuildError(f"Node.js {printed} is too old.", action)


def ensure_node_modules() -> None:
    """Runs `npm ci` when package-lock.json changed since the last time."""
    key = digest([ROOT / "package-lock.json"])
    stamp = NODE_MODULES / ".alcove-stamp"
    if is_stamped(stamp, key):
        return
    say("installing JavaScript packages (npm ci)")
    command = [shutil.which("npm") or "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run(command, doing="npm ci", action=f"npm checks each package against package-lock.json. {_NETWORK}")
    stamp.write_text(key)


def ensure_venv() -> Path:
    """Makes .venv with the hash-checked lock file and Alcove itself (editable). Returns its python."""
    lock = ROOT / "requirements-dev.lock"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = digest([version, lock, ROOT / "pyproject.toml", str(VENV)])
    stamp = VENV / ".alcove-stamp"
    if is_stamped(stamp, key) and VENV_PYTHON.exists():
        return VENV_PYTHON
    say("installing Python packages into .venv")
    if not _runs(VENV_PYTHON, version):
        run(
            [base_python(), "-m", "venv", "--clear", VENV],
            doing="Making .venv",
            action="Install Python's venv module (on Debian and Ubuntu: apt install python3-venv).",
        )
    pip = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=2"]
    run(
        [*pip, "--require-hashes", "--only-binary=:all:", "-r", lock],
        doing="Installing requirements-dev.lock",
        action=f"pip checks each package against the lock file. {_NETWORK}",
    )
    # Editable, so that the entry points of Alcove's own Amplifier modules are found on CPython too.
    run(
        [*pip, "--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT],
        doing="Installing Alcove into .venv",
        action="Check pyproject.toml.",
    )
    stamp.write_text(key)
    return VENV_PYTHON


def _runs(python: Path, version: str) -> bool:
    """Whether the venv's interpreter still works and is of this version."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == version
