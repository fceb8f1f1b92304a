"""A person with several tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browsers import ANSWER_MS, visitor
from playwright.sync_api import Browser, BrowserContext, Page
from stored_models import own_models
from waiting import wait_ready

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a module: the site's model is fetched once."""
    context = visitor(browser)
    yield context
    context.close()


@pytest.fixture
def open_tab(person: BrowserContext, site: SiteServer) -> Iterator[Callable[[], Page]]:
    """Another tab of the same person's. What a test added to their models goes with its tabs."""

    def open_one() -> Page:
        page = person.new_page()
        page.set_default_timeout(ANSWER_MS)
        page.goto(site.url)
        wait_ready(page)
        return page

    yield open_one
    for model in own_models(person.pages[-1]):
        person.pages[-1].evaluate("(id) => alcove.models.remove(id)", model)
    for page in person.pages:
        page.close()
