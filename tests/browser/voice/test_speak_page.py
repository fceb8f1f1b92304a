"""The Speak tab, and the loudspeaker on an answer, for somebody who has no voice yet."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import visitor
from page_checks import accessibility_problems, shoot
from playwright.sync_api import Browser, Page, ViewportSize, expect
from waiting import wait_until

from build_steps.serve import SiteServer

SAID = {
    "id": "said",
    "title": "An alcove",
    "created": "2026-01-02T03:04:05Z",
    "updated": "2026-01-02T03:04:06Z",
    "provider": "llamacpp",
    "model": "smollm2-135m-instruct",
    "system": "",
    "messages": [
        {"role": "user", "content": "What is an alcove?"},
        {"role": "assistant", "content": "A niche in a wall. " * 20},
    ],
}


DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    context = visitor(browser, chats=False)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.goto(site.url)
    yield page
    context.close()


def test_an_answer_is_read_aloud_once_the_voice_was_fetched(page: Page) -> None:
    file = json.dumps({"format": "alcove-conversations", "version": 1, "conversations": [SAID]})
    wait_until(page, "window.alcove")
    page.evaluate("(file) => alcove.conversations.import(new Blob([file]))", file)
    page.get_by_test_id("conversation-item").get_by_text("An alcove").click()
    page.get_by_test_id("aloud").click()
    expect(page.get_by_test_id("aloud-fetch")).to_be_visible()
    shoot(page, "aloud-asks")
    page.set_viewport_size(DESKTOP)
    page.get_by_test_id("aloud-fetch").click()
    expect(page.get_by_test_id("aloud-status")).to_contain_text("Joe")
    stop = page.get_by_test_id("aloud-stop")
    expect(page.get_by_test_id("aloud-status")).to_have_count(0)
    stop.click()
    expect(page.get_by_test_id("aloud")).to_be_visible()


def test_a_text_is_spoken_with_the_sentence_that_is_heard_marked_and_saved(
    page: Page, tmp_path: Path
) -> None:
    page.get_by_test_id("go-speak").click()
    text = page.get_by_test_id("speak-text")
    expect(page.get_by_test_id("speak-start")).to_be_disabled()
    text.fill("First this one is spoken. 🙂 Then there is a second, which takes a little longer.")
    assert accessibility_problems(page) == []
    shoot(page, "speak")
    page.set_viewport_size(DESKTOP)
    page.get_by_test_id("speak-start").click()
    heard = page.get_by_test_id("speak-heard")
    expect(heard).to_have_text("First this one is spoken.")
    expect(heard).to_have_text("🙂 Then there is a second, which takes a little longer.")
    expect(text).to_be_visible()
    expect(page.get_by_test_id("speak-skipped")).to_have_text("Left out: an emoji.")

    text.fill("Short.")
    with page.expect_download() as saved:
        page.get_by_test_id("speak-save").click()
    saved.value.save_as(tmp_path / "speech.wav")
    content = (tmp_path / "speech.wav").read_bytes()
    assert content[:4] == b"RIFF"
    assert struct.unpack("<I", content[24:28]) == (22050,)
    assert 0.3 < (len(content) - 44) / 2 / 22050 < 4

    text.fill("This goes on. " * 200)
    page.get_by_test_id("speak-start").click()
    expect(heard).to_have_text("This goes on.")
    shoot(page, "speak-heard")
    page.keyboard.press("Escape")
    expect(text).to_be_visible()
