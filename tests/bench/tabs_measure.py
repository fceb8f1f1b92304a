"""What three tabs take against one, each after an answer: the memory of their processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hidden import SOON, rest
from lab import Figure, SiteServer, at_most, told
from playwright.sync_api import Browser, CDPSession, Page
from waiting import wait_ready

from browsers import CHROMIUM_FLAGS, chromium_path  # isort: skip


def tabs(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """PSS of the renderers with one tab, with three, and with two of the three hidden for two minutes."""
    own = browser.browser_type.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    try:
        context = own.new_context(service_workers="block")
        system = own.new_browser_cdp_session()
        pages: list[Page] = []

        def open_tab() -> None:
            page = context.new_page()
            page.add_init_script(SOON)
            page.goto(site.url)
            wait_ready(page)
            page.evaluate(
                """async () => {
                    const chat = await alcove.openSession();
                    for await (const event of chat.send("What is the capital of France?"));
                }"""
            )
            pages.append(page)

        open_tab()
        one = _megabytes(system, pages[0])
        open_tab()
        open_tab()
        three = _megabytes(system, pages[-1])
        for page in pages[:2]:
            rest(page)
        resting = _megabytes(system, pages[-1])
        yield at_most("three tabs, two of them hidden: memory, ÷ one tab", resting / one, "ratio", 1.3)
        yield told("three tabs in use: memory, ÷ one tab", three / one, "ratio")
        yield told("one tab: memory after an answer", one, "MB")
    finally:
        own.close()


def _megabytes(system: CDPSession, page: Page) -> float:
    """PSS of the renderers, once it no longer falls: what a worker leaves is swept up a little later."""
    least = _now(system)
    while True:
        page.wait_for_timeout(2000)
        now = _now(system)
        if now > 0.98 * least:
            return now
        least = now


def _now(system: CDPSession) -> float:
    total = 0.0
    for process in system.send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            rollup = Path(f"/proc/{process['id']}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
