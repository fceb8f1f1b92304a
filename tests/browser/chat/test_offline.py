"""After one visit the app needs nobody: the server is stopped, the network cut, and it chats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import ANSWER_MS, CHROMIUM_FLAGS, ROOT, chromium_path
from conversation import ask, cut_short, start_answer
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

DESCRIPTION = "document.querySelector('meta[name=description]').content"
OURS = "A private AI workbench"
THEIRS = "B private AI workbench"
CAPITAL = "What is the capital of France?"


@pytest.fixture
def visitor(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_path(), args=CHROMIUM_FLAGS
    )
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


def wait_saved(page: Page) -> None:
    """Waits until the page says that it works offline."""
    expect(page.get_by_test_id("offline-status")).to_have_text("Works offline")


def test_it_chats_with_the_server_stopped_and_the_network_cut(visitor: BrowserContext) -> None:
    server = SiteServer(ROOT / "dist", port=0)
    server.start()
    page = visitor.new_page()
    page.goto(server.url)
    wait_ready(page)
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
    wait_saved(page)
    server.stop()
    visitor.set_offline(True)
    page.reload()
    wait_until(page, "document.documentElement.dataset.state === 'offline'")
    assert page.evaluate("crossOriginIsolated") is True
    expect(page.get_by_test_id("message-user")).to_have_text(CAPITAL)
    start_answer(page, "And what is it known for?")
    cut_short(page)
    page.get_by_test_id("new-chat").click()
    expect(ask(page, CAPITAL)).to_contain_text("Paris")


def test_a_new_build_is_offered_and_never_mixed_in(visitor: BrowserContext, copied_site: Path) -> None:
    server = SiteServer(copied_site, port=0)
    server.start()
    try:
        page = visitor.new_page()
        page.goto(server.url)
        wait_ready(page)
        wait_saved(page)
        _publish_another_build(copied_site)
        page.reload()
        wait_ready(page)
        assert page.evaluate(DESCRIPTION).startswith(OURS)
        expect(page.get_by_test_id("update-offer")).to_be_visible()
        page.get_by_test_id("update-reload").click()
        wait_until(page, f"{DESCRIPTION}.startsWith('{THEIRS}')")
        wait_ready(page)
    finally:
        server.stop()


def _publish_another_build(site: Path) -> None:
    """The next build of the site: another page, of the same size, and a service worker that lists it."""
    build = json.loads((site / "build.json").read_text())["id"]
    for name, ours, theirs in (("index.html", OURS, THEIRS), ("sw.js", build, "f" * len(build))):
        path = site / name
        text = path.read_text()
        assert ours in text
        for old in site.glob(f"{name}*"):
            old.unlink()
        path.write_text(text.replace(ours, theirs))
