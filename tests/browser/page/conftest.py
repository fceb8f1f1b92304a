"""The page as a whole, in a browser without models: a server that says what it is asked to answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import ANSWER_MS
from echo_server import EchoServer, echo_server, visitor_without_models
from playwright.sync_api import Browser, Page, expect
from waiting import wait_ready

from build_steps.serve import SiteServer

# No model is waited for here.
SOON_MS = 30_000


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    expect.set_options(timeout=SOON_MS)
    yield
    expect.set_options(timeout=ANSWER_MS)


@pytest.fixture(scope="module")
def server() -> Iterator[EchoServer]:
    with echo_server() as running:
        yield running


@pytest.fixture
def fresh(browser: Browser, site: SiteServer, server: EchoServer) -> Iterator[Page]:
    """The page of somebody who was never here; the server answers what they ask."""
    with visitor_without_models(browser) as context:
        context.set_default_timeout(SOON_MS)
        page = context.new_page()
        page.goto(site.url)
        wait_ready(page)
        page.evaluate("(baseUrl) => alcove.server.set({ baseUrl, model: 'talker' })", server.url)
        yield page


@pytest.fixture
def talking(fresh: Page) -> Page:
    """The same with an open conversation that the server answers."""
    fresh.evaluate(
        """async () => {
            const chat = await alcove.openSession({ provider: "openai" });
            for await (const event of chat.send("hello"));
            await chat.close();
            location.hash = `c=${chat.id}`;
        }"""
    )
    fresh.get_by_test_id("message-assistant").wait_for()
    return fresh
