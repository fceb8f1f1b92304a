"""Calls that a model wrote into its answer, from the engine's chunks to the response and the events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest
from fakes import FakeHost, answer, call, calls, chunk, completion, hangs
from mounted import mounted

ADD = {
    "name": "add",
    "description": "Adds.",
    "parameters": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    },
}
NOW = {"name": "now", "parameters": {"type": "object", "properties": {}}}
WRITTEN = '```json\n{"name": "add", "arguments": {"a": "1", "b": 2, "why": "asked"}}\n```'


def request(**fields: Any) -> ChatRequest:
    messages = [{"role": "user", "content": "1 + 2?"}]
    return ChatRequest.model_validate({"messages": messages, "tools": [ADD, NOW], **fields})


async def asked(host: FakeHost, **fields: Any) -> tuple[str, list[tuple[str, Any]], str, str]:
    """The text, the calls and the end of an answer, and the text that was streamed."""
    here = await mounted("llamacpp", engine=host)
    streamed: list[str] = []

    async def hear(event: str, data: Any):
        streamed.append(data["delta"])

    here.coordinator.hooks.register("content_block:delta", hear, 0, "test")
    response = await here.provider.complete(request(**fields))
    text = "".join(block.text for block in response.content if block.type == "text")
    return (
        text,
        [(c.name, c.arguments) for c in response.tool_calls or []],
        response.finish_reason,
        "".join(streamed),
    )


async def test_a_call_in_the_text_is_one_and_fits_its_tool():
    host = FakeHost(answer("I add. ", *WRITTEN))
    said = await asked(host)
    assert said == ("I add.", [("add", {"a": 1, "b": 2})], "tool_calls", "I add.")


async def test_an_answer_that_comes_whole_is_read_too():
    async def script(running: Any) -> str:
        return completion(f"I add.\n{WRITTEN}")

    assert await asked(FakeHost(script)) == ("I add.", [("add", {"a": 1, "b": 2})], "tool_calls", "I add.")


async def test_what_is_no_call_stays_whole():
    text = '```json\n{"name": "Bob", "arguments": {"a": 1}}\n```\n'
    assert await asked(FakeHost(answer(*text))) == (text, [], "stop", text)


async def test_where_no_tool_may_be_called_nothing_is_read():
    for fields in ({"tool_choice": "none"}, {"tools": None}):
        assert await asked(FakeHost(answer(*WRITTEN)), **fields) == (WRITTEN, [], "stop", WRITTEN)


async def test_a_tool_by_its_name_is_the_only_one():
    choice = {"type": "function", "function": {"name": "now"}}
    assert (await asked(FakeHost(answer(*WRITTEN)), tool_choice=choice))[1] == []
    choice["function"] = {"name": "add"}
    assert (await asked(FakeHost(answer(*WRITTEN)), tool_choice=choice))[1] == [("add", {"a": 1, "b": 2})]


async def test_a_call_that_came_both_ways_runs_once():
    both = ('{"name": "add", "arguments": {"a": 1, "b": 2}}', '{"name": "now"}')
    text = "".join(f"<tool_call>{one}</tool_call>" for one in both)
    host = FakeHost(calls(call("add", {"b": 2, "a": 1}), text=text))
    assert (await asked(host))[1] == [("add", {"a": 1, "b": 2}), ("now", {})]


@pytest.mark.parametrize("reason", ["length", "cancelled"])
async def test_a_call_that_was_cut_off_is_text(reason: str):
    cut = WRITTEN[:-10]

    async def script(running: Any) -> str:
        await running.say(*cut)
        return completion(cut, reason=reason)

    assert await asked(FakeHost(script)) == (cut, [], reason, cut)


async def test_a_cancelled_answer_keeps_all_that_was_written():
    host = FakeHost(hangs("Well, ", WRITTEN[:-10]))
    here = await mounted("llamacpp", engine=host)

    async def stop(event: str, data: Any):
        await here.cancel()

    here.coordinator.hooks.register("content_block:delta", stop, 0, "test")
    response = await here.provider.complete(request())
    assert (response.content[0].text, response.finish_reason) == ("Well, " + WRITTEN[:-10], "cancelled")


async def test_arguments_that_cannot_be_read_are_told():
    broken = '<tool_call>{"name": "add", "arguments": {"a": 1 "b": }}</tool_call>'
    here = await mounted("llamacpp", engine=FakeHost(answer(*broken)))
    (got,) = (await here.provider.complete(request())).tool_calls
    assert (got.name, got.arguments) == ("add", {})
    assert "not valid JSON" in got.model_extra["invalid"]


async def test_numbers_stay_what_they_are():
    large = 9007199254740993
    text = json.dumps({"name": "add", "arguments": {"a": large, "b": 2}})

    async def script(running: Any) -> str:
        running.on_chunk(chunk(text))
        return completion(text)

    assert (await asked(FakeHost(script)))[1] == [("add", {"a": large, "b": 2})]


async def test_a_number_that_no_computer_holds_is_told():
    text = '{"name": "add", "arguments": {"a": 1e400, "b": 2}}'
    for host in (FakeHost(answer(*text)), FakeHost(calls(call("add", '{"a": 1e400, "b": 2}')))):
        here = await mounted("llamacpp", engine=host)
        (got,) = (await here.provider.complete(request())).tool_calls
        assert (got.name, got.arguments) == ("add", {})
        assert got.model_extra["invalid"]
