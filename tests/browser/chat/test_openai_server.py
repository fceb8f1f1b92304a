"""`provider-openai` in the page, with llama.cpp's own server and the real SmolLM2 behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from conversation import said, turn
from openai_servers import KEY, MODEL, LlamaServer, llama_server
from playwright.sync_api import Page
from waiting import wait_for, wait_until


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaServer]:
    with llama_server() as server:
        yield server


def open_session(page: Page, url: str, *, key: str = KEY, max_tokens: int = 16) -> None:
    config = {"base_url": url, "api_key": key, "max_tokens": max_tokens, "temperature": 0}
    provider = {"module": "provider-openai", "config": config}
    page.evaluate(
        "async (plan) => { window.chat = await alcove.openSession({ plan }); }", {"providers": [provider]}
    )


def test_a_server_answers_in_pieces(shared: Page, llama: LlamaServer) -> None:
    open_session(shared, llama.url)
    result = turn(shared, "What is the capital of France?")
    assert result["error"] is None
    assert "Paris" in said(result)
    assert len([event for event in result["events"] if event["type"] == "text"]) > 1
    (usage,) = [event for event in result["events"] if event["type"] == "usage"]
    assert (usage["provider"], usage["model"]) == ("openai", MODEL)
    assert usage["completionTokens"] > 1
    assert usage["ttftMs"] > 0
    record = shared.evaluate("alcove.conversations.get(chat.id)")
    assert record["provider"] == "openai"
    assert KEY not in json.dumps(record)


def test_a_cancel_stops_the_servers_slot(shared: Page, llama: LlamaServer) -> None:
    open_session(shared, llama.url, max_tokens=900)
    result = turn(shared, "Write a long story about a lighthouse keeper.", stop_after=2)
    assert result["events"][-1]["finishReason"] == "cancelled"
    assert said(result)
    wait_for(shared, lambda: not llama.busy, "the server has stopped", 5_000)


def test_a_wrong_key_is_told(shared: Page, llama: LlamaServer) -> None:
    open_session(shared, llama.url, key="sk-wrong")
    error = turn(shared, "Hi")["error"]
    assert error["code"] == "unsupported"
    assert "did not accept the API key" in error["message"]


def test_a_server_that_cannot_be_reached(shared: Page) -> None:
    open_session(shared, "http://127.0.0.1:9")
    error = turn(shared, "Hi")["error"]
    assert error["code"] == "download-failed"
    assert "127.0.0.1:9" in error["message"]
    assert "OLLAMA_ORIGINS=http://" in error["action"]


def test_a_server_that_dies_in_mid_stream(shared: Page) -> None:
    with llama_server() as mortal:
        open_session(shared, mortal.url, max_tokens=900)
        shared.evaluate(
            """async () => {
                window.outcome = undefined;
                window.heard = "";
                (async () => {
                  for await (const event of chat.send("Write a long story.")) {
                    if (event.type === "text") heard += event.text;
                  }
                })().then(() => { outcome = "ended"; }, (error) => { outcome = error.code; });
            }"""
        )
        wait_until(shared, "heard")
        mortal.kill()
        wait_until(shared, "outcome")
    assert shared.evaluate("outcome") == "download-failed"
    assert shared.evaluate("chat.history()")[-1]["content"] == shared.evaluate("heard")
