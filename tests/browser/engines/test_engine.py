"""The llama.cpp worker of the built site, called directly, with the real model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from llamacpp import (
    SYSTEM,
    catalogue_model,
    complete,
    load,
    odd_tools,
    open_engine,
    unload_while_answering,
    user,
)
from playwright.sync_api import BrowserContext, Page

from build_steps.serve import SiteServer

LONG = "The quick brown fox jumps over the lazy dog. " * 200
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


@pytest.fixture(scope="module")
def engine(profile: BrowserContext, site: SiteServer) -> Iterator[Page]:
    """A page with the default model loaded in a worker of its own."""
    page = open_engine(profile, site)
    result = load(page, catalogue_model())
    assert result["error"] is None
    assert result["loaded"]["context"] == catalogue_model()["context"]
    assert result["loaded"]["weights"] == "Q4_1"
    assert result["loaded"]["threads"] >= 1
    yield page
    page.close()


def test_the_answer_streams_and_is_right(engine: Page) -> None:
    question = user("What is the capital of France?")
    answer = complete(engine, [SYSTEM, question], repeat_penalty=1.1, max_tokens=128)
    assert "Paris" in answer["text"]
    assert answer["pieces"] > 2
    assert answer["finish"] == "stop"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["ttft_ms"] > 0
    assert usage["decode_tokens_per_second"] > 0


def test_the_next_turn_prefills_only_what_is_new(engine: Page) -> None:
    messages = [SYSTEM, user("Name a fruit. " + "Please be brief. " * 20)]
    first = complete(engine, messages, max_tokens=8)
    messages += [{"role": "assistant", "content": first["text"]}, user("And another one?")]
    usage = complete(engine, messages, max_tokens=8)["usage"]
    before = first["usage"]["prompt_tokens"]
    assert usage["prompt_tokens_details"]["cached_tokens"] >= before - 1
    assert usage["prompt_tokens"] - usage["prompt_tokens_details"]["cached_tokens"] < 40


def test_a_stopped_answer_stays_in_the_cache(engine: Page) -> None:
    messages = [SYSTEM, user("Write a long story about a lighthouse.")]
    stopped = complete(engine, messages, stop_after=6, max_tokens=200)
    assert stopped["finish"] == "cancelled"
    assert stopped["text"]
    assert stopped["usage"]["completion_tokens"] > 0
    assert stopped["stopMs"] < 1000
    messages += [{"role": "assistant", "content": stopped["text"]}, user("Go on.")]
    usage = complete(engine, messages, max_tokens=4)["usage"]
    assert usage["prompt_tokens_details"]["cached_tokens"] >= stopped["usage"]["prompt_tokens"]


@pytest.mark.parametrize("stop_ms", [0, 300])
def test_a_stop_during_prefill_is_answered_at_once(engine: Page, stop_ms: float) -> None:
    stopped = complete(engine, [SYSTEM, user(LONG)], stop_ms=stop_ms)
    assert stopped["finish"] == "cancelled"
    assert stopped["text"] == ""
    assert stopped["stopMs"] < 1000
    assert "Paris" in complete(engine, [SYSTEM, user("What is the capital of France?")])["text"]


def test_requests_are_answered_one_after_the_other(engine: Page) -> None:
    order = engine.evaluate(
        """async ([a, b]) => {
          const seen = [];
          const run = (name, messages) => engine.call(
            "complete", { request: { messages, temperature: 0, max_tokens: 6 } },
            (chunk) => chunk.choices[0].delta.content && seen.push(name)).done;
          const busy = [run("a", a), run("b", b)];
          const began = performance.now();
          const { busy: isBusy } = await engine.call("describe", {}).done;
          const describeMs = performance.now() - began;
          await Promise.all(busy);
          return { seen: seen.join(""), isBusy, describeMs };
        }""",
        [[SYSTEM, user("Say one.")], [SYSTEM, user("Say two.")]],
    )
    assert order["isBusy"]
    assert order["describeMs"] < 1000
    assert re.fullmatch("a+b+", order["seen"]), order["seen"]


@pytest.mark.parametrize(
    "text",
    ["lorem ipsum " * 8400, "a" * 100_000, "1234567890" * 10_000, "日本語" * 33_000, "x" * 3_000_000],
    ids=["words", "letters", "digits", "kanji", "huge"],
)
def test_too_long_a_prompt_is_an_error_with_counts(engine: Page, text: str) -> None:
    error = complete(engine, [SYSTEM, user(text)])["error"]
    assert error["code"] == "context-overflow"
    assert "4,096" in error["message"]
    assert error["action"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"max_tokens": 0}, "bad-request"),
        ({"temperature": -1}, "bad-request"),
        ({"logit_bias": {"1": 2}}, "bad-request"),
        ({"model": "another"}, "model-not-found"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "banana"}}}},
            "bad-request",
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}
                ]
            },
            "unsupported",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(engine: Page, fields: dict[str, Any], code: str) -> None:
    messages = fields.pop("messages", [SYSTEM, user("Hello")])
    assert complete(engine, messages, **fields)["error"]["code"] == code
    assert complete(engine, [SYSTEM, user("Hello")], max_tokens=2)["error"] is None


def test_a_schema_is_kept_to(engine: Page) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 20}, "large": {"type": "boolean"}},
        "required": ["city", "large"],
        "additionalProperties": False,
    }
    answer = complete(
        engine,
        [SYSTEM, user("Describe Paris.")],
        max_tokens=60,
        response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": schema}},
    )
    assert set(json.loads(answer["text"])) == {"city", "large"}


def test_a_required_tool_is_called(engine: Page) -> None:
    answer = complete(
        engine,
        [SYSTEM, user("What is the weather in Rome?")],
        max_tokens=60,
        tools=[WEATHER],
        tool_choice="required",
    )
    assert answer["finish"] == "tool_calls"
    (call,) = answer["calls"]
    assert call["id"]
    assert call["function"]["name"] == "get_weather"
    assert "city" in json.loads(call["function"]["arguments"])


def test_no_schema_of_a_tool_is_fatal(engine: Page) -> None:
    tools = odd_tools()
    assert complete(engine, [SYSTEM, user("Hi")], tools=tools, max_tokens=12)["error"] is None
    for tool in tools:
        answer = complete(engine, [SYSTEM, user("Hi")], tools=[tool], tool_choice="required", max_tokens=4)
        assert answer["error"] is None, tool


def test_unloading_ends_a_running_answer(engine: Page) -> None:
    result = unload_while_answering(engine, [SYSTEM, user("Write a long story.")], catalogue_model())
    expected = {"finish": "cancelled", "held": None, "late": "model-not-found", "id": "smollm2-135m-instruct"}
    assert result == expected


def test_files_that_are_no_model_are_refused(engine: Page) -> None:
    codes = engine.evaluate(
        """async () => {
          const bytesOf = (text) => new TextEncoder().encode(text);
          const bad = {
            zero: new Uint8Array(100000),
            text: bytesOf("not a model ".repeat(9)),
            short: bytesOf("GGUF\\x03\\0\\0\\0"),
          };
          const codes = {};
          for (const [name, bytes] of Object.entries(bad)) {
            const file = new File([bytes], name + ".gguf");
            codes[name] = await engine.call("import", { files: [file] }).done.catch((error) => error.code);
          }
          return codes;
        }"""
    )
    assert codes == {"zero": "model-invalid", "text": "model-invalid", "short": "model-invalid"}


def test_a_wrong_file_on_the_server_is_not_kept(engine: Page) -> None:
    model = catalogue_model()
    size = model["files"][0]["bytes"]
    wrong = {
        **model,
        "id": "wrong",
        "files": [{"bytes": size, "url": "build.json", "sha256": "0" * 64}],
    }
    missing = {
        **model,
        "id": "missing",
        "files": [{"bytes": size, "url": "nothing.gguf", "sha256": "1" * 64}],
    }
    download = (
        "(model) => engine.call('download', { model, base }).done.then(() => null, (error) => error.code)"
    )
    assert engine.evaluate(download, wrong) in {"integrity", "download-failed"}
    assert engine.evaluate(download, missing) == "download-failed"
    cached = "(models) => engine.call('cached', { models, base }).done"
    assert engine.evaluate(cached, [model, wrong, missing]) == [model["id"]]
