"""Chromium with a microphone that plays a recording."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import chromium_path, open_own_page, visitor
from capture import empty_page
from playwright.sync_api import Browser, Page, Playwright
from speakers import microphone_flags, write_speech

from build_steps.serve import SiteServer


@pytest.fixture(scope="session")
def speaker(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Somebody who speaks once, after a second."""
    path = tmp_path_factory.mktemp("sound") / "speaker.wav"
    write_speech(path)
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=microphone_flags(path))
    yield browser
    browser.close()


@pytest.fixture
def page(speaker: Browser, site: SiteServer) -> Iterator[Page]:
    with empty_page(speaker, site) as page:
        yield page


@pytest.fixture
def own_page(speaker: Browser, site: SiteServer) -> Iterator[Page]:
    """A page of a developer's, whose scripts may come from blobs."""
    context = visitor(speaker)
    page = context.new_page()
    open_own_page(page, site)
    yield page
    context.close()
