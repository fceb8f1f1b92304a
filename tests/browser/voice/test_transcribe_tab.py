"""A person has a recording written down, records one, and dictates a message."""

from __future__ import annotations

from pathlib import Path

from browsers import visitor
from playwright.sync_api import Browser, expect
from speakers import CLIP
from waiting import wait_ready

from build_steps.serve import SiteServer

SAID = "best of times"


def test_recordings_become_text(speaker: Browser, site: SiteServer, tmp_path: Path) -> None:
    context = visitor(speaker, chats=False)
    page = context.new_page()
    page.goto(site.url + "#transcribe")
    page.get_by_test_id("transcribe-input").set_input_files(CLIP)
    transcript = page.get_by_test_id("transcript")
    expect(transcript).to_contain_text(SAID)
    expect(transcript.locator("time").first).to_have_text("0:00")
    with page.expect_download() as begun:
        page.get_by_test_id("transcript-srt").click()
    saved = tmp_path / "times.srt"
    begun.value.save_as(saved)
    assert begun.value.suggested_filename == "times.srt"
    assert saved.read_text().startswith("1\n00:00:0")
    nothing = tmp_path / "nothing.txt"
    nothing.write_text("no sound")
    page.get_by_test_id("transcribe-input").set_input_files(nothing)
    expect(page.get_by_test_id("error")).to_contain_text("no audio")
    page.get_by_test_id("transcribe-record").click()
    expect(page.get_by_test_id("transcribe-progress")).to_contain_text(SAID)
    page.get_by_test_id("transcribe-record").click()
    expect(transcript).to_contain_text(SAID)
    context.close()


def test_a_message_is_dictated(speaker: Browser, site: SiteServer) -> None:
    context = visitor(speaker, chats=False)
    page = context.new_page()
    page.goto(site.url)
    wait_ready(page)
    field = page.get_by_test_id("composer")
    field.fill("He wrote:")
    page.get_by_test_id("dictate").click()
    expect(page.get_by_test_id("dictate")).to_have_attribute("aria-label", "Stop dictating")
    # While it is said.
    expect(field).to_have_value("He wrote: It was the best of times, it was the worst of times.")
    page.get_by_test_id("dictate").click()
    expect(page.get_by_test_id("dictate")).to_have_attribute("aria-label", "Dictate")
    expect(page.get_by_test_id("send")).to_be_enabled()
    context.close()
