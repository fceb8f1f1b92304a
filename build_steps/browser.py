"""A Chromium for the tests: the machine's own, or one that is fetched."""

from __future__ import annotations

import os
import shutil

from .base import BuildError, run, say
from .toolchain import VENV_PYTHON

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_chromium() -> str:
    """The path of a Chromium: env CHROMIUM, one on the PATH, Debian's, or Playwright's. Raises BuildError."""
    given = os.environ.get("CHROMIUM")
    if given:
        if shutil.which(given) is None:
            raise BuildError(f"CHROMIUM names {given}, which cannot be run.", "Correct or unset it.")
        return given
    found = _on_path() or _from_debian() or _playwrights()
    if found:
        return found
    say("fetching a Chromium with Playwright")
    run(
        [VENV_PYTHON, "-m", "playwright", "install", "chromium"],
        doing="Fetching a Chromium",
        action="Install Chromium or Chrome yourself, or set CHROMIUM to the path of one.",
    )
    fetched = _playwrights()
    if fetched is None:
        raise BuildError(
            "Playwright fetched no Chromium.", "Set CHROMIUM to the path of a Chromium or Chrome."
        )
    return fetched


def _on_path() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _from_debian() -> str | None:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    say("installing Chromium (apt-get)")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-q"], doing="apt-get update", action="", env=quiet)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        run(command, doing="Installing chromium", action="", env=quiet)
    except BuildError as error:
        say(f"that did not work: {error.problem.splitlines()[-1].strip()}")
    return _on_path()


def _playwrights() -> str | None:
    code = "from playwright.sync_api import sync_playwright as s\n"
    code += "with s() as p: print(p.chromium.executable_path)"
    path = run(
        [VENV_PYTHON, "-c", code], doing="Asking Playwright", action="Delete .venv and try again."
    ).strip()
    return path if os.access(path, os.X_OK) else None
