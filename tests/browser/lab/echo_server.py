"""A server that speaks OpenAI's protocol and does what the message asks, so that a test knows what is said.

"slow N": N words, 20 a second · "refuse": status 400 with words of its own · "nothing": an empty answer ·
anything else is said back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from browsers import visitor
from local_server import ChatHandler, serving
from playwright.sync_api import Browser, BrowserContext, Page

REFUSAL = "max_tokens must be smaller than this fine model allows"
WORDS_A_SECOND = 20


@dataclass
class EchoServer:
    """What it was asked."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@contextmanager
def echo_server() -> Iterator[EchoServer]:
    asked = EchoServer()

    class Handler(ChatHandler):
        def on_models(self) -> None:
            self.answer_json({"data": [{"id": "talker"}]})

        def on_chat(self, request: dict[str, Any]) -> None:
            asked.requests.append(request)
            text = last_question(request)
            if text.startswith("refuse"):
                self.answer_json({"error": {"message": REFUSAL}}, 400)
                return
            self.start(200, "text/event-stream")
            try:
                for word in words(text):
                    self.send_delta({"content": word})
                    if text.startswith("slow"):
                        time.sleep(1 / WORDS_A_SECOND)
                self.end_stream()
            except OSError:  # the client went away
                pass

    with serving(Handler) as url:
        asked.url = f"{url}v1"
        yield asked


def words(question: str) -> list[str]:
    """What is answered, word by word."""
    if question.startswith("nothing"):
        return []
    if question.startswith("slow"):
        return [f"w{index} " for index in range(int(question.split()[1]))]
    return ["You ", "said: ", question]


def last_question(request: dict[str, Any]) -> str:
    """The last one: a question that was never answered is joined with the next, by an empty line."""
    said = next(m["content"] for m in reversed(request["messages"]) if m["role"] == "user")
    return said.rpartition("\n\n")[2]


def begin_conversation(page: Page, url: str, text: str = "hello") -> str:
    """A conversation with one turn in it that the server at `url` answers. Returns its id."""
    return page.evaluate(
        """async ([baseUrl, text]) => {
            await alcove.server.set({ baseUrl, model: "talker" });
            const chat = await alcove.openSession({ provider: "openai" });
            for await (const event of chat.send(text));
            await chat.close();
            return chat.id;
        }""",
        [url, text],
    )


@contextmanager
def visitor_without_models(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which only the server answers: no model is fetched."""
    context = visitor(browser)
    context.route("**/models/*", lambda route: route.abort())
    yield context
    context.close()
