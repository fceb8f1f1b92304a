"""A server that says what it is asked to, and a browser without models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from echo_server import EchoServer, echo_server, visitor_without_models
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="module")
def server() -> Iterator[EchoServer]:
    with echo_server() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with visitor_without_models(browser) as context:
        yield context
