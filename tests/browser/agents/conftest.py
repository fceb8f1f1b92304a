"""A page without models, whose interpreter is asked as the `python` tool asks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from asking import RUN, Run
from echo_server import EchoServer, echo_server, visitor_without_models
from playwright.sync_api import Browser, BrowserContext, Page
from waiting import wait_until

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def server() -> Iterator[EchoServer]:
    with echo_server() as running:
        yield running


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    with visitor_without_models(browser) as context:
        yield context


@pytest.fixture(scope="module")
def bench(context: BrowserContext, site: SiteServer, server: EchoServer) -> Page:
    """A page with a conversation, `chat`."""
    page = context.new_page()
    page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.goto(site.url)
    wait_until(page, "window.alcove")
    page.evaluate(
        """async (baseUrl) => {
            await alcove.server.set({ baseUrl, model: "talker" });
            window.chat = await alcove.openSession({ provider: "openai" });
        }""",
        server.url,
    )
    return page


@pytest.fixture
def run(bench: Page) -> Run:
    """Runs Python: what came of it, or {"failed": the error's code}."""

    def run(code: str, seconds: float = 20) -> dict[str, Any]:
        return bench.evaluate(RUN, [code, seconds])

    return run
