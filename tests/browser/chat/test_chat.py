"""A person chats: an answer that a real model computed in the tab, kept, stopped and tried again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conversation import ask, cut_short, drawn, open_session, said, start_answer, stop, turn, wait_answered
from playwright.sync_api import Page, expect
from waiting import wait_ready

CAPITAL = "What is the capital of France?"
LONG = "Write a long story about a lighthouse keeper, with many details."


def test_first_answer_names_paris(page: Page) -> None:
    answer = ask(page, CAPITAL)
    expect(answer).to_contain_text("Paris")


def test_answer_streams_in_pieces(page: Page) -> None:
    open_session(page, max_tokens=64)
    assert "Paris" in said(turn(page, CAPITAL))
    # That answer can be too short for its time: an engine sends no more than a piece in 80 ms.
    result = turn(page, LONG)
    pieces = [event for event in result["events"] if event["type"] == "text"]
    assert len(pieces) > 3
    assert "".join(piece["text"] for piece in pieces) == said(result)
    spread = result["times"][-1] - result["times"][0]
    assert spread > 50, "the pieces came all at once"


def test_events_come_in_the_agreed_order(page: Page) -> None:
    open_session(page, max_tokens=128)
    events = turn(page, CAPITAL)["events"]
    kinds = [event["type"] for event in events]
    assert kinds[-1] == "end"
    assert kinds.count("end") == 1
    assert kinds.index("usage") > kinds.index("text")
    usage = next(event for event in events if event["type"] == "usage")
    assert usage["provider"] == "llamacpp"
    assert usage["promptTokens"] > 0
    assert usage["completionTokens"] > 0
    assert usage["ttftMs"] > 0
    assert usage["tokensPerSecond"] > 0
    assert events[-1]["finishReason"] == "stop"
    assert events[-1]["text"] == "".join(event["text"] for event in events if event["type"] == "text")


def test_stop_button_keeps_what_was_said(page: Page) -> None:
    start_answer(page, LONG)
    stop(page)
    answer = page.get_by_test_id("message-assistant").first.locator(".prose")
    kept = drawn(page, answer)
    # The engine answers one after the other: when it speaks again, it would have ended the story.
    start_answer(page, CAPITAL)
    assert answer.inner_text() == kept, "the engine went on after the stop"


def test_retry_answers_the_same_message_again(page: Page) -> None:
    ask(page, CAPITAL)
    page.get_by_test_id("retry").last.click()
    expect(page.get_by_test_id("stop")).to_be_visible()
    wait_answered(page)
    expect(page.get_by_test_id("message-user")).to_have_count(1)
    expect(page.get_by_test_id("message-assistant")).to_have_count(1)
    history = page.evaluate("alcove.conversations.list()")[0]
    assert history["count"] == 2


@pytest.mark.journey
def test_reload_keeps_the_conversation_and_goes_on(page: Page) -> None:
    ask(page, CAPITAL)
    page.reload()
    wait_ready(page)
    expect(page.get_by_test_id("message-user")).to_have_text(CAPITAL)
    expect(page.get_by_test_id("message-assistant")).to_contain_text("Paris")
    start_answer(page, "And which river flows through that city?")
    cut_short(page)
    expect(page.get_by_test_id("message-user")).to_have_count(2)


def test_conversations_are_listed_opened_renamed_and_removed(page: Page) -> None:
    start_answer(page, "Say hello to my blue parrot.")
    cut_short(page)
    page.get_by_test_id("new-chat").click()
    expect(page.get_by_test_id("message-user")).to_have_count(0)
    start_answer(page, "Say hello to my green cat.")
    cut_short(page)
    items = page.get_by_test_id("conversation-item")
    expect(items.filter(has_text="green cat")).to_have_count(1)
    items.filter(has_text="blue parrot").first.click()
    expect(page.get_by_test_id("message-user")).to_contain_text("blue parrot")
    listed = page.evaluate("alcove.conversations.list()")
    parrot = next(entry for entry in listed if "blue parrot" in entry["title"])
    page.evaluate("([id, title]) => alcove.conversations.rename(id, title)", [parrot["id"], "Polly"])
    expect(items.filter(has_text="Polly")).to_have_count(1)
    page.evaluate("id => alcove.conversations.remove(id)", parrot["id"])
    expect(items.filter(has_text="Polly")).to_have_count(0)


def test_typing_works_before_anything_is_ready(new_page: Callable[..., Page]) -> None:
    page = new_page(wait=False)
    page.get_by_test_id("composer").fill(CAPITAL)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-user")).to_have_text(CAPITAL)
    expect(page.get_by_test_id("message-assistant")).to_contain_text("Paris")
