"""A person lets a server of their own answer: it is set up, chosen, told apart, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from bare_host import elsewhere
from conversation import ask, turn
from local_server import ChatHandler, serving
from playwright.sync_api import Page, expect
from talking_server import TalkingServer, talking

KEY = "sk-a-key-of-mine"
WORDS = ["The ", "server ", "answers."]


@dataclass
class OwnServer:
    """What a small server that speaks OpenAI's protocol was asked."""

    url: str = ""
    keys: list[str | None] = field(default_factory=list[str | None])
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    asked = OwnServer()

    class Handler(ChatHandler):
        def on_models(self) -> None:
            asked.keys.append(self.headers["Authorization"])
            self.answer_json({"data": [{"id": "large"}, {"id": "small"}]})

        def on_chat(self, request: dict[str, Any]) -> None:
            asked.keys.append(self.headers["Authorization"])
            asked.requests.append(request)
            self.start(200, "text/event-stream")
            for word in WORDS:
                self.send_delta({"content": word})
            self.end_stream()

    with serving(Handler) as url:
        asked.url = f"{url}v1"
        yield asked


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose server does not outlive the test."""
    yield page
    page.evaluate("alcove.server.forget()")


def open_server(page: Page) -> None:
    page.get_by_test_id("model-button").click()
    page.get_by_test_id("tab-server").click()
    expect(page.get_by_test_id("server-url")).to_be_visible()


def test_a_server_answers_only_where_it_was_chosen(page: Page, own_server: OwnServer) -> None:
    open_server(page)
    expect(page.get_by_test_id("models-dialog")).to_contain_text("leaves this device")
    page.get_by_test_id("server-url").fill(own_server.url)
    page.get_by_test_id("server-key").fill(KEY)
    page.get_by_test_id("server-save").click()
    expect(page.get_by_test_id("server-word")).to_contain_text("still needs a model")
    page.get_by_test_id("server-check").click()
    expect(page.get_by_test_id("server-word")).to_have_text("It has: large and small")
    page.get_by_test_id("server-model").fill("large")
    page.get_by_test_id("server-save").click()
    expect(page.get_by_test_id("server-word")).to_contain_text("Saved.")
    expect(page.get_by_test_id("server-key")).to_have_value("")
    assert KEY not in page.content()
    assert own_server.requests == [], "the server was asked before anybody chose it"

    page.get_by_test_id("server-use").click()
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(page.get_by_test_id("model-name")).to_have_text("large")
    expect(page.get_by_test_id("engine-line")).to_contain_text("what you write leaves this device")
    host = own_server.url.removeprefix("http://").removesuffix("/v1")
    expect(page.get_by_test_id("privacy")).to_contain_text(f"what you write goes to {host}")
    expect(page.get_by_test_id("privacy-line")).to_have_text(f"This conversation goes to {host}.")
    expect(ask(page, "Who are you?")).to_contain_text("The server answers.")
    assert own_server.requests[-1]["model"] == "large"
    assert own_server.requests[-1]["messages"][-1]["content"] == "Who are you?"
    assert set(own_server.keys) == {f"Bearer {KEY}"}

    page.get_by_test_id("new-chat").click()
    expect(page.get_by_test_id("model-name")).to_have_text("SmolLM2 135M Instruct")
    expect(page.get_by_test_id("privacy-line")).to_have_text("Nothing leaves this device.")


def test_a_server_is_forgotten_with_its_key(page: Page, own_server: OwnServer) -> None:
    page.evaluate(
        "access => alcove.server.set(access)", {"baseUrl": own_server.url, "apiKey": KEY, "model": "large"}
    )
    open_server(page)
    expect(page.get_by_test_id("server-url")).to_have_value(own_server.url)
    expect(page.get_by_test_id("server-key")).to_have_attribute(
        "placeholder", "Kept; leave empty to go on with it"
    )
    page.get_by_test_id("server-forget").click()
    expect(page.get_by_test_id("server-use")).to_have_count(0)
    expect(page.get_by_test_id("server-url")).to_have_value("")
    assert page.evaluate("alcove.server.get()") is None


def test_a_key_does_not_follow_to_another_server(page: Page, own_server: OwnServer) -> None:
    page.evaluate(
        "access => alcove.server.set(access)",
        {"baseUrl": "https://elsewhere.example/v1", "apiKey": KEY, "model": "large"},
    )
    open_server(page)
    expect(page.get_by_test_id("server-url")).to_have_value("https://elsewhere.example/v1")
    page.get_by_test_id("server-url").fill(own_server.url)
    page.get_by_test_id("server-save").click()
    expect(page.get_by_test_id("server-word")).to_contain_text("Saved.")
    page.get_by_test_id("server-check").click()
    expect(page.get_by_test_id("server-word")).to_contain_text("large")
    assert own_server.keys == [None]


def test_a_key_is_not_taken_to_where_a_server_sends_us(page: Page) -> None:
    with (
        elsewhere() as (foreign, asked),
        talking(TalkingServer(lambda _: "", sends_to=f"{foreign}v1/models")) as server,
    ):
        access = {"baseUrl": server.url, "apiKey": KEY, "model": "large"}
        page.evaluate("(access) => alcove.server.set(access)", access)
        listed = "alcove.server.models().catch(({ code, message }) => ({ code, message }))"
        told = page.evaluate(listed)
        assert told["code"] == "unsupported"
        assert "sends us to another address" in told["message"]
        page.evaluate("async () => { window.chat = await alcove.openSession({ provider: 'openai' }); }")
        error = turn(page, "Hi")["error"]
        assert error["code"] == "unsupported"
        assert "sends us to another address" in error["message"]
        assert asked == []


def test_a_wrong_address_says_what_to_do(page: Page) -> None:
    open_server(page)
    page.get_by_test_id("server-url").fill("http://models.example/v1")
    page.get_by_test_id("server-save").click()
    expect(page.get_by_test_id("server-failure")).to_contain_text("Use https")
    assert page.evaluate("alcove.server.get()") is None


_NO_MEMORY = """() => {
  const open = alcove.openSession.bind(alcove);
  alcove.openSession = async (options) => {
    alcove.openSession = open;
    const chat = await open(options);
    chat.send = async function* () {
      throw { code: "out-of-memory", message: "There is not enough memory.", action: "" };
    };
    return chat;
  };
}"""


def test_a_question_that_failed_is_answered_by_what_is_chosen_instead(
    page: Page, own_server: OwnServer
) -> None:
    access = {"baseUrl": own_server.url, "apiKey": "", "model": "large"}
    page.evaluate("access => alcove.server.set(access)", access)
    page.evaluate(_NO_MEMORY)
    page.get_by_test_id("example").first.click()  # makes the empty conversation one that can be left
    expect(page.get_by_test_id("message-assistant")).to_have_count(1)
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("composer").fill("Who are you?")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("error")).to_contain_text("There is not enough memory.")
    page.get_by_test_id("error-action").click()
    page.get_by_test_id("tab-server").click()
    page.get_by_test_id("server-use").click()
    expect(page.get_by_test_id("message-assistant")).to_contain_text("The server answers.")
    expect(page.get_by_test_id("message-user")).to_have_count(1)
    expect(page.get_by_test_id("error")).to_have_count(0)
