"""A person with several tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browsers import ANSWER_MS, visitor
from playwright.sync_api import Browser, BrowserContext, Page
from waiting import wait_ready

from build_steps.serve import SiteServer


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    context = visitor(browser)
    yield context
    context.close()


@pytest.fixture
def open_tab(person: BrowserContext, site: SiteServer) -> Callable[[], Page]:
    """Another tab of the same person's, with a field to choose files in."""

    def open_one() -> Page:
        page = person.new_page()
        page.set_default_timeout(ANSWER_MS)
        page.goto(site.url)
        wait_ready(page)
        return page

    return open_one
