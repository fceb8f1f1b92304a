"""The built site, served as `build.py serve` serves it, and a real Chromium with the real model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsers import ANSWER_MS, CHROMIUM_FLAGS, GPU_FLAGS, ROOT, chromium_path, copy_site, visitor
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from scenes import RED, camera_browser, square, write_video
from waiting import wait_ready

from build_steps.serve import SiteServer

expect.set_options(timeout=ANSWER_MS)
# A function of WebAssembly runs longer here before V8 compiles it again, better: of what starts Python most
# is not worth it, and pages start by the hundred. For tests only: figures are those of a browser as it is.
CHROMIUM_FLAGS.append("--js-flags=--wasm-tiering-budget=100000000")


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
def red_camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a camera that shows a red square on grey, and with a fake screen."""
    video = write_video(tmp_path_factory.mktemp("camera") / "red.y4m", [square(RED)] * 2)
    with camera_browser(playwright, video) as browser:
        yield browser


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


@pytest.fixture(scope="module")
def _kept(profile: BrowserContext, site: SiteServer) -> Iterator[Callable[[], Page]]:
    """Opens the module's page; another one after a test that failed, whatever it has left."""
    opened: list[Page] = []

    def open_page() -> Page:
        if not opened or opened[-1].is_closed():
            opened.append(_open(profile, site.url))
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture
def page(_kept: Callable[[], Page], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The app with a fresh conversation, ready to chat: one page for all tests of a module."""
    page = _kept()
    failed = request.session.testsfailed
    wait_ready(page)
    for _ in range(2):  # a search field, a dialog, an answer
        page.keyboard.press("Escape")
    page.get_by_test_id("new-chat").click()
    expect(page.get_by_test_id("message-user")).to_have_count(0)
    yield page
    if request.session.testsfailed > failed:
        page.close()


@pytest.fixture(scope="session")
def _shared(profile: BrowserContext, site: SiteServer) -> Callable[[], Page]:
    """Opens the page that is shared; another one where that was closed."""
    opened: list[Page] = []

    def open_page() -> Page:
        if not opened or opened[-1].is_closed():
            opened.append(_open(profile, site.url))
        wait_ready(opened[-1])
        return opened[-1]

    return open_page


@pytest.fixture
def shared(_shared: Callable[[], Page], request: pytest.FixtureRequest) -> Iterator[Page]:
    """
    One page for all tests that work through `window.alcove` only; another one after a test that failed.

    Its Python runs and its model stays loaded, which the other pages of the profile then need not load.
    """
    page = _shared()
    failed = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed:
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


@pytest.fixture
def copied_site(tmp_path: Path) -> Path:
    return copy_site(tmp_path)


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of somebody who was never here."""
    context = visitor(browser)
    yield context
    context.close()


@pytest.fixture
def onlooker(browser: Browser) -> Iterator[BrowserContext]:
    """That of somebody who was never here, and does not chat."""
    context = visitor(browser, chats=False)
    yield context
    context.close()
