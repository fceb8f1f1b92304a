"""
pytest-pyodide on the real dist/ with the machine's own Chromium: `pytest tests/pyodide` needs no options.
Tests take the fixtures `selenium` (one page a module) or `selenium_standalone` (a page of its own).
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType

ROOT = Path(__file__).resolve().parents[2]
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Options of pytest-pyodide that the command line does not give; it reads them in its own configure."""
    given = " ".join(config.invocation_params.args)
    if "--dist-dir" not in given:
        config.option.dist_dir = runtime_folder()
    if "--rt" not in given and "--runtime" not in given:
        config.option.runtime = "chrome"
    if "--runner" not in given:
        config.option.runner = "playwright"
    _launch_with_own_chromium()


def runtime_folder() -> Path:
    """dist/pyodide-HASH of the last build."""
    about = ROOT / "dist" / "build.json"
    if about.is_file():
        return ROOT / "dist" / json.loads(about.read_text())["pyodide"]
    found = sorted((ROOT / "dist").glob("pyodide-*"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise pytest.UsageError("There is no dist/ yet: run `python3 build.py build` first.")
    return found[-1]


def _launch_with_own_chromium() -> None:
    """pytest-pyodide has no option for the browser's path, so Playwright's launch gets it here."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    launch = BrowserType.launch

    def launch_it(self: BrowserType, **options: Any) -> Any:
        if chromium and self.name == "chromium":
            options.setdefault("executable_path", chromium)
            options["args"] = [*(options.get("args") or []), *_FLAGS]
        return launch(self, **options)

    BrowserType.launch = launch_it


@pytest.fixture(scope="session")
def runtime_dir() -> Path:
    """The folder of dist/ that holds Pyodide, its lock file and the wheels."""
    return runtime_folder()
