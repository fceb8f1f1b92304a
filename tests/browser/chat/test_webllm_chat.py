"""The chat on WebLLM with a software GPU: who answers and why, switching, and a graphics card that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browsers import ANSWER_MS, visitor
from conversation import said, turn
from playwright.sync_api import Browser, BrowserContext, Page
from waiting import wait_ready
from webllm import TINY

from build_steps.serve import SiteServer

SMOLLM2 = "smollm2-135m-instruct"
LONG = "Tell me everything that you know."
# So hot that the tiny model finds no end: an answer of some hundred tokens, always the same.
HOT = {"model": TINY, "temperature": 2, "top_p": 1, "seed": 4, "max_tokens": 400}
ENDLESS = f"{{ plan: {{ providers: [{{ module: 'provider-webllm', config: {json.dumps(HOT)} }}] }} }}"

# Runs in the engine's worker before its own script.
_NO_CARD = "navigator.gpu.requestAdapter = async () => null;"
_LOSABLE = """
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...options) {
  const device = await request.apply(this, options);
  new BroadcastChannel("lose").onmessage = () => device.destroy();
  return device;
};
"""


@pytest.fixture(scope="module")
def gpu(gpu_browser: Browser) -> Iterator[BrowserContext]:
    context = gpu_browser.new_context(service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared_gpu(gpu: BrowserContext, site: SiteServer) -> Iterator[Page]:
    page = gpu.new_page()
    page.goto(site.url)
    wait_ready(page)
    yield page
    page.close()


def open_chat(page: Page, options: str) -> dict[str, str]:
    """Opens `window.chat`; returns its choice."""
    return page.evaluate(
        f"async () => {{ window.chat = await alcove.openSession({options}); return chat.choice; }}"
    )


def tokens(result: dict[str, Any]) -> int:
    """How many the answer took."""
    return next(event for event in result["events"] if event["type"] == "usage")["completionTokens"]


def faulty_page(browser: Browser, site: SiteServer, fault: str) -> Page:
    """A page whose WebLLM worker runs `fault` first; a person's other tabs would share theirs with it."""
    page = visitor(browser).new_page()

    def with_fault(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        route.fulfill(response=response, body=fault + response.text())  # type: ignore[attr-defined]

    page.route("**/webllm.worker-*.js", with_fault)
    page.goto(site.url)
    wait_ready(page)
    return page


def test_webllm_answers_through_the_session(shared_gpu: Page) -> None:
    choice = open_chat(shared_gpu, f"{{ model: '{TINY}' }}")
    assert (choice["provider"], choice["model"]) == ("webllm", TINY)
    assert choice["device"]
    result = turn(shared_gpu, "What is your name?")
    assert result["error"] is None
    assert said(result)
    usage = next(event for event in result["events"] if event["type"] == "usage")
    assert usage["provider"] == "webllm"
    assert usage["completionTokens"] > 1
    assert result["events"][-1]["type"] == "end"


def test_an_answer_under_a_schema(shared_gpu: Page) -> None:
    open_chat(shared_gpu, f"{{ model: '{TINY}' }}")
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "old": {"type": "boolean"}},
        "required": ["colour", "old"],
        "additionalProperties": False,
    }
    end = shared_gpu.evaluate(
        """async (schema) => {
            for await (const event of chat.send("What is it?", { schema })) {
              if (event.type === "end") return event;
            }
        }""",
        schema,
    )
    assert end["object"]["colour"] in {"red", "green"}
    assert isinstance(end["object"]["old"], bool)
    assert len(end["object"]) == 2


def test_a_processor_that_plays_graphics_card_is_not_chosen_by_itself(shared_gpu: Page) -> None:
    choice = open_chat(shared_gpu, "{}")
    assert choice["provider"] == "llamacpp"
    assert "graphics card" in choice["why"]
    webgpu = shared_gpu.evaluate("alcove.capabilities.webgpu")
    assert webgpu["supported"]
    assert webgpu["software"]


def test_a_conversation_goes_on_with_another_engine(shared_gpu: Page) -> None:
    open_chat(shared_gpu, f"{{ model: '{TINY}' }}")
    first = turn(shared_gpu, "What is the capital of Italy?")
    assert first["error"] is None
    choice = open_chat(shared_gpu, f"{{ resume: chat.id, model: '{SMOLLM2}' }}")
    assert choice["provider"] == "llamacpp"
    second = turn(shared_gpu, "Say hello.", stop_after=4)
    assert second["error"] is None
    history = shared_gpu.evaluate("chat.history()")
    assert [message["role"] for message in history if message["role"] != "system"] == [
        "user",
        "assistant",
        "user",
        "assistant",
    ]
    assert said(first) in str(history[1]["content"]) + str(history[2]["content"])


def test_stop_ends_an_answer_of_webllm(shared_gpu: Page) -> None:
    open_chat(shared_gpu, ENDLESS)
    whole = turn(shared_gpu, LONG)
    assert whole["events"][-1]["finishReason"] in {"stop", "length"}
    open_chat(shared_gpu, ENDLESS)
    result = turn(shared_gpu, LONG, stop_after=1)
    assert result["error"] is None
    assert result["events"][-1]["finishReason"] == "cancelled"
    assert 0 < tokens(result) < tokens(whole)
    assert said(whole).startswith(said(result))
    assert turn(shared_gpu, "What is your name?")["error"] is None


def test_the_processor_takes_over_when_the_card_is_gone(gpu_browser: Browser, site: SiteServer) -> None:
    page = faulty_page(gpu_browser, site, _NO_CARD)
    page.evaluate(f"alcove.preference.set('{TINY}')")
    assert open_chat(page, "{}")["provider"] == "webllm"
    result = turn(page, "What is the capital of France?", stop_after=8)
    assert result["error"] is None
    assert said(result)
    choice = page.evaluate("chat.choice")
    assert choice["provider"] == "llamacpp"
    assert "graphics card" in choice["why"]
    roles = [message["role"] for message in page.evaluate("chat.history()")]
    assert roles.count("user") == 1
    page.context.close()


def test_a_lost_card_is_told_and_the_conversation_goes_on(gpu_browser: Browser, site: SiteServer) -> None:
    page = faulty_page(gpu_browser, site, _LOSABLE)
    open_chat(page, ENDLESS)
    page.evaluate(
        """() => {
          const lose = new BroadcastChannel("lose");
          window.lost = false;
          alcove.addEventListener("status", ({ detail }) => {
            if (detail.phase !== "answering" || lost) return;
            window.lost = true;
            lose.postMessage(1);
          });
        }"""
    )
    result = turn(page, LONG)
    assert page.evaluate("window.lost")
    assert result["error"]["code"] in {"device-lost", "engine-crashed"}
    assert result["error"]["action"]
    after = turn(page, "What is your name?")
    assert after["error"] is None
    assert said(after)
    page.context.close()


def test_a_killed_worker_is_replaced_and_the_conversation_goes_on(shared_gpu: Page) -> None:
    open_chat(shared_gpu, f"{{ provider: 'webllm', model: '{TINY}' }}")
    assert turn(shared_gpu, "What is your name?")["error"] is None
    worker = next(worker for worker in shared_gpu.workers if "webllm.worker" in worker.url)
    worker.evaluate("setTimeout(() => self.close(), 0)")
    after = turn(shared_gpu, "What is the capital of Italy?")
    if after["error"] is not None:
        assert after["error"]["code"] == "engine-crashed"
        after = turn(shared_gpu, None)
    assert after["error"] is None
    assert said(after)
    assert worker not in shared_gpu.workers
    assert [other.url for other in shared_gpu.workers].count(worker.url) == 1


def test_a_model_that_needs_a_card_is_refused_without_one(shared: Page) -> None:
    refused = "alcove.openSession({ model }).then(() => null, ({ code, action }) => ({ code, action }))"
    error = shared.evaluate(f"(model) => {refused}", TINY)
    assert error["code"] == "unsupported"
    assert error["action"]
