"""A model that thinks before it answers, on the page."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from conversation import ask
from local_server import ChatHandler, serving
from page_checks import shoot
from playwright.sync_api import Locator, Page, expect
from talking_server import Json, TalkingServer, talking

THOUGHT = "The person asks for a capital.\nIt is the one on the Seine."


def use(page: Page, server: TalkingServer) -> None:
    page.evaluate(
        "(access) => alcove.server.set(access)", {"baseUrl": server.url, "apiKey": "", "model": "m"}
    )
    page.get_by_test_id("model-button").click()
    page.get_by_test_id("tab-server").click()
    page.get_by_test_id("server-use").click()
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)


@pytest.mark.journey
def test_thinking_is_folded_timed_kept_and_never_sent_back(new_page: Callable[..., Page]) -> None:
    asked: list[list[Json]] = []

    def reply(messages: list[Json]) -> str:
        asked.append(messages)
        opened = "<think>\n" if len(asked) == 1 else ""  # a template has opened it then
        return f"{opened}{THOUGHT}\n</think>\n\nParis is the capital."

    with talking(TalkingServer(reply)) as server:
        page = new_page()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        use(page, server)
        for question in ("The capital of France?", "Sure?"):
            holds(page, ask(page, question))
            shoot(page, "open")
        assert "Seine" not in str(asked[-1])
        said = [message["content"] for message in asked[-1] if message["role"] == "assistant"]
        assert said == ["Paris is the capital."]
        page.reload()
        answers = page.get_by_test_id("message-assistant")
        expect(answers).to_have_count(2)
        for answer in answers.all():
            holds(page, answer)
        page.evaluate("alcove.server.forget()")


def test_thinking_is_seen_as_it_comes(new_page: Callable[..., Page]) -> None:
    seen = threading.Event()

    class Handler(ChatHandler):
        def on_models(self) -> None:
            self.answer_json([{"id": "m"}])

        def on_chat(self, request: Json) -> None:
            self.start(200, "text/event-stream")
            self.send_delta({"reasoning_content": THOUGHT})
            seen.wait(60)
            self.send_delta({"content": "Paris."})
            self.end_stream()

    with serving(Handler) as url:
        page = new_page()
        page.get_by_test_id("new-chat").click()  # not the conversation of the test before
        expect(page.get_by_test_id("message-assistant")).to_have_count(0)
        use(page, TalkingServer(lambda _: "", url=f"{url}v1"))
        page.get_by_test_id("composer").fill("The capital of France?")
        page.get_by_test_id("send").click()
        answer = page.get_by_test_id("message-assistant")
        expect(answer.get_by_test_id("thought-time")).to_have_text("Thinking…")
        answer.get_by_test_id("thought").locator("summary").click()
        expect(answer.get_by_text("on the Seine")).to_be_visible()
        expect(page.get_by_test_id("queued")).to_have_count(0)
        shoot(page, "thinking")
        seen.set()
        expect(answer.locator(".prose")).to_have_text("Paris.")
        expect(answer.get_by_test_id("thought-time")).to_have_text(re.compile("^Thought for"))
        page.evaluate("alcove.server.forget()")


def holds(page: Page, answer: Locator) -> None:
    """Its thinking is folded and can be opened, and is no part of its text."""
    thought = answer.get_by_test_id("thought")
    expect(answer.locator(".prose")).to_have_text("Paris is the capital.")
    expect(thought).to_have_count(1)
    expect(thought.get_by_test_id("thought-time")).to_have_text(
        re.compile(r"^Thought for (a moment|[\d.]+ s)$")
    )
    expect(thought.get_by_text("on the Seine")).to_be_hidden()
    shoot(page, "folded")
    thought.locator("summary").click()
    expect(thought.get_by_text("on the Seine")).to_be_visible()
    answer.get_by_test_id("copy").click()
    expect(page.get_by_test_id("announcer")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "Paris is the capital."
