"""The sheet of what happened: every event with its cost, searched, copied, exported; no secrets in it."""

from __future__ import annotations

import json
from pathlib import Path

from conversation import ask
from echo_server import EchoServer, begin_conversation
from playwright.sync_api import Page, expect


def test_what_happened_can_be_seen_searched_and_exported(
    new_page, server: EchoServer, tmp_path: Path
) -> None:
    page: Page = new_page("#vision")
    chat_id = begin_conversation(page, server.url)
    page.goto(page.url.partition("#")[0] + f"#c={chat_id}")
    expect(page.get_by_test_id("message-assistant")).to_have_count(1)  # what is kept is drawn
    ask(page, "What happened?")
    page.get_by_test_id("activity").click()
    sheet = page.get_by_test_id("activity-sheet")
    expect(sheet).to_be_visible()
    entries = sheet.get_by_test_id("activity-entry")
    expect(entries.filter(has_text="llm:response")).to_have_count(1)
    expect(sheet.get_by_test_id("activity-totals")).to_contain_text("with the model")
    asked = sheet.locator("[data-event='prompt:submit']")
    asked.locator("summary").click()
    expect(asked.locator("pre")).to_contain_text('"What happened?"')

    sheet.get_by_test_id("activity-filter").fill("LLM openai")
    expect(entries).to_have_count(2)
    with page.expect_download() as saving:
        sheet.get_by_test_id("activity-export").click()
    file = tmp_path / "activity.jsonl"
    saving.value.save_as(file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["llm:request", "llm:response"]
    assert lines[1]["engine"] == "openai"
    assert lines[1]["seconds"] > 0

    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.get_by_test_id("activity")).to_be_focused()
