"""One conversation in several tabs: one writer at a time, the others follow, a deletion is final."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsers import kill
from conversation import ask, wait_answered
from echo_server import REFUSAL, EchoServer, begin_conversation
from playwright.sync_api import Page, expect
from waiting import wait_for

NewPage = Callable[..., Page]


@pytest.fixture
def conversation(shared: Page, server: EchoServer) -> str:
    """Its first turn was had in a tab that shows another one."""
    return begin_conversation(shared, server.url)


def kept(page: Page, chat_id: str) -> list[str]:
    """What is in the store."""
    record = page.evaluate("id => alcove.conversations.get(id)", chat_id)
    return [message["content"] for message in record["messages"]] if record else []


def shown(page: Page) -> list[str]:
    return page.locator(
        "[data-testid=message-user], [data-testid=message-assistant] .prose"
    ).all_inner_texts()


def start(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def test_turns_of_two_tabs_follow_each_other(new_page: NewPage, conversation: str) -> None:
    one, two = new_page(f"#c={conversation}"), new_page(f"#c={conversation}")
    expect(two.get_by_test_id("message-assistant")).to_have_count(1)
    ask(one, "first")
    expect(two.get_by_test_id("message-assistant")).to_have_count(2)
    expect(two.get_by_test_id("message-assistant").last).to_contain_text("You said: first")
    ask(two, "second")
    expect(one.get_by_test_id("message-assistant").last).to_contain_text("You said: second")
    ask(one, "third")
    texts = [text for word in ("hello", "first", "second", "third") for text in (word, f"You said: {word}")]
    assert kept(one, conversation) == texts
    for page in (one, two):
        wait_for(page, lambda page=page: shown(page) == texts, "both show what is kept", 10_000)


def test_an_answer_is_seen_in_the_other_tab_as_it_grows(
    new_page: NewPage, server: EchoServer, conversation: str
) -> None:
    one, two = new_page(f"#c={conversation}"), new_page(f"#c={conversation}")
    before = two.get_by_test_id("message-user").first
    before.evaluate("(element) => { element.dataset.mark = 'here'; }")
    start(one, "slow 400")
    answer = two.get_by_test_id("message-assistant").last
    expect(answer).to_have_attribute("aria-busy", "true")
    expect(answer).to_contain_text("w5 ")
    asked = len(server.requests)
    start(two, "me too")
    expect(two.get_by_test_id("error")).to_contain_text("being answered in another tab")
    assert two.get_by_test_id("composer").input_value() == "me too"
    expect(two.get_by_test_id("message-user").last).to_have_text("slow 400")
    assert len(server.requests) == asked
    one.get_by_test_id("stop").click()
    wait_answered(one)
    expect(answer).to_have_attribute("aria-busy", "false")
    # Drawn where it was, not anew.
    expect(before).to_have_attribute("data-mark", "here")
    two.get_by_test_id("error-action").click()
    expect(two.get_by_test_id("message-assistant").last).to_contain_text("You said: me too")
    expect(one.get_by_test_id("message-assistant").last).to_contain_text("You said: me too")


def test_a_conversation_deleted_elsewhere_is_gone_for_good(new_page: NewPage, conversation: str) -> None:
    one, two = new_page(f"#c={conversation}"), new_page("#vision")
    start(one, "slow 400")
    expect(one.get_by_test_id("message-assistant").last).to_contain_text("w3 ")
    two.evaluate("id => alcove.conversations.remove(id)", conversation)
    expect(one.get_by_test_id("notice")).to_contain_text("was deleted")
    expect(one.get_by_test_id("message-assistant")).to_have_count(0)
    wait_answered(one)
    for page in (one, two):
        assert kept(page, conversation) == []
        ids = page.evaluate("alcove.conversations.list().then((all) => all.map(({ id }) => id))")
        assert conversation not in ids
    code = one.evaluate(
        "id => alcove.openSession({ resume: id }).then(() => null, (error) => error.code)", conversation
    )
    assert code == "bad-request"


def test_a_killed_tab_leaves_what_it_had_said(new_page: NewPage, conversation: str) -> None:
    one, two = new_page(f"#c={conversation}"), new_page(f"#c={conversation}")
    start(one, "slow 400")
    expect(two.get_by_test_id("message-assistant").last).to_contain_text("w20 ")
    heard = one.get_by_test_id("message-assistant").last.inner_text()
    kill(one)
    go_on = two.get_by_test_id("go-on")
    expect(go_on).to_be_visible()
    expect(two.get_by_test_id("message-assistant").last).to_contain_text("Broken off")
    left = kept(two, conversation)[-1]
    assert left.count(" ") >= heard.count("w") - 20, "more than a second of it is lost"
    go_on.click()
    expect(two.get_by_test_id("message-assistant").last).to_contain_text("You said:")
    wait_answered(two)
    texts = kept(two, conversation)
    assert len(texts) == 4
    assert texts[-1].startswith(left), "it goes on from the text"


def test_a_refused_message_is_taken_back(new_page: NewPage, server: EchoServer, conversation: str) -> None:
    page = new_page(f"#c={conversation}")
    start(page, "refuse this")
    card = page.get_by_test_id("error")
    card.locator("summary").click()
    expect(card).to_contain_text(REFUSAL)
    card.get_by_text("Dismiss").click()
    expect(page.get_by_test_id("message-user")).to_have_count(1)
    assert page.get_by_test_id("composer").input_value() == "refuse this"
    ask(page, "and now")
    assert [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "user"] == [
        "hello",
        "and now",
    ]
    assert kept(page, conversation) == ["hello", "You said: hello", "and now", "You said: and now"]


def test_an_empty_answer_has_words(new_page: NewPage, conversation: str) -> None:
    page = new_page(f"#c={conversation}")
    start(page, "nothing")
    expect(page.get_by_test_id("message-assistant").last).to_contain_text("No answer came.")
    page.reload()
    page.get_by_test_id("answer").click()
    wait_answered(page)
    expect(page.get_by_test_id("message-assistant").last).to_contain_text("No answer came.")
