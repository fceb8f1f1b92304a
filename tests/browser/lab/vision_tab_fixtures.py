"""Browsers with a camera, and the Vision tab in them: `pytest_plugins = ["vision_tab_fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, Page, Playwright, expect
from scenes import BLUE, RED, camera_flags, square, write_video
from vision_tab import vision
from waiting import wait_ready

from build_steps.serve import SiteServer

MORE_FLAGS = [
    "--auto-select-desktop-capture-source=Entire screen",
    "--auto-accept-this-tab-capture",
]


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A camera that shows a red square, then a blue one, again and again."""
    film = [square(colour, width=320, height=240) for colour in (RED, BLUE) for _ in range(60)]
    path = write_video(tmp_path_factory.mktemp("camera") / "film.y4m", film, rate=20)
    flags = camera_flags(path, *MORE_FLAGS)
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def two_cameras(playwright: Playwright) -> Iterator[Browser]:
    """Two cameras with Chromium's own picture: a film makes one camera only."""
    flags = camera_flags(None, "--use-fake-device-for-media-stream=device-count=2")
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def refusing(playwright: Playwright) -> Iterator[Browser]:
    """There is a camera, but the person (or their system) says no."""
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def kept(camera: Browser, site: SiteServer) -> Iterator[Page]:
    """One page for the tests that leave it as it was: Python starts once."""
    with vision(camera, site) as page:
        wait_ready(page)
        yield page


@pytest.fixture
def seen(kept: Page) -> Page:
    """The Vision tab, opened anew."""
    kept.get_by_test_id("go-chat").click()
    kept.get_by_test_id("go-vision").click()
    kept.evaluate("streams.length = 0")
    expect(kept.get_by_test_id("vision-welcome")).to_be_visible()
    return kept
