"""The built site, served as `build.py serve` serves it, and a real Chromium with the real model."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from build_steps.serve import SiteServer

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A graphics card played by the processor, about 1 GFLOP/s.
GPU_FLAGS = ["--enable-unsafe-webgpu"]
# A first visit downloads 98 MB and tunes the engine, on two busy cores.
READY_MS = 120_000
ANSWER_MS = 120_000
expect.set_options(timeout=ANSWER_MS)


def chromium_path() -> str | None:
    """The browser that `build.py test` found or installed; None takes Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def site() -> Iterator[SiteServer]:
    server = SiteServer(ROOT / "dist", port=0)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def gpu_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser with WebGPU."""
    flags = [*CHROMIUM_FLAGS, *GPU_FLAGS]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(playwright: Playwright) -> Iterator[BrowserContext]:
    """One person's browser for the whole run: what it stored at the first visit, later visits find."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium_path(),
            args=CHROMIUM_FLAGS,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(ANSWER_MS)
        yield context
        context.close()


@pytest.fixture
def new_page(profile: BrowserContext, site: SiteServer) -> Iterator[Callable[..., Page]]:
    """Opens pages of the app in the profile; `script` runs before the page's own."""
    opened: list[Page] = []

    def open_page(path: str = "", *, script: str | None = None, wait: bool = True) -> Page:
        opened.append(_open(profile, site.url + path, script))
        if wait:
            wait_ready(opened[-1])
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """The app with a fresh conversation, ready to chat."""
    return new_page()


@pytest.fixture(scope="module")
def shared(profile: BrowserContext, site: SiteServer) -> Iterator[Page]:
    """One page for the tests of a module that work through `window.alcove` only; its model stays loaded."""
    page = _open(profile, site.url)
    wait_ready(page)
    yield page
    page.close()


def _open(profile: BrowserContext, url: str, script: str | None = None) -> Page:
    page = profile.new_page()
    page.on("console", _show)
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    if script:
        page.add_init_script(script)
    page.goto(url)
    return page


def _show(message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        print(f"console {message.type}: {message.text}")


def copy_site(folder: Path) -> Path:
    """A copy of the site to change: replace its files, which are links to the real ones."""
    copy = folder / "site"
    shutil.copytree(ROOT / "dist", copy, copy_function=os.link)
    return copy


@pytest.fixture
def copied_site(tmp_path: Path) -> Path:
    return copy_site(tmp_path)


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of somebody who was never here."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


def wait_until(page: Page, expression: str, timeout: float = READY_MS) -> None:
    """Waits until a JavaScript expression holds. Playwright's own waiting needs eval; our CSP forbids it."""
    deadline = time.monotonic() + timeout / 1000
    while not _holds(page, expression):
        assert time.monotonic() < deadline, f"not true in {timeout / 1000:.0f} s: {expression}"
        page.wait_for_timeout(50)


def _holds(page: Page, expression: str) -> bool:
    try:
        return page.evaluate(f"Boolean({expression})")
    except PlaywrightError as error:  # the page is just being replaced
        if "context was destroyed" in str(error):
            return False
        raise


def wait_ready(page: Page) -> None:
    """Waits until a conversation is open."""
    wait_until(page, "document.documentElement.dataset.state === 'ready'")
