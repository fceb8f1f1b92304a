"""Chromium with a microphone that plays a file."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import CHROMIUM_FLAGS, ROOT, chromium_path
from capture import empty_page
from playwright.sync_api import Browser, Page, Playwright

from build_steps.serve import SiteServer

RATE = 16_000
# "It was the best of times, it was the worst of times."
CLIP = ROOT / "tests" / "unit" / "ts" / "activity" / "times.wav"


def microphone_flags(path: Path) -> list[str]:
    """Of a microphone that plays the file once, and then is silent."""
    return [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}%noloop",
        # A test's page has no click of a person.
        "--autoplay-policy=no-user-gesture-required",
    ]


@pytest.fixture(scope="session")
def speaker(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Somebody who says nothing for a second, then the clip, then nothing more."""
    path = tmp_path_factory.mktemp("sound") / "speaker.wav"
    with wave.open(str(CLIP)) as clip:
        speech = clip.readframes(clip.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(2 * RATE) + speech + bytes(2 * RATE * 30))
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=microphone_flags(path))
    yield browser
    browser.close()


@pytest.fixture
def page(speaker: Browser, site: SiteServer) -> Iterator[Page]:
    with empty_page(speaker, site) as page:
        yield page
