"""A browser whose processes may be stopped and ended without harm to anybody else's test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, Playwright


@pytest.fixture
def own_browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    yield browser
    browser.close()
