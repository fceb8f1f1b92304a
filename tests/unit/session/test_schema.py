"""An answer under a JSON Schema: valid, or an error that says why."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fakes import (
    TOOL,
    Client,
    FakeHost,
    Running,
    answer,
    call,
    calls,
    completion,
    fails,
    hangs,
    until,
)

CITY = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "size": {"enum": ["small", "large"]},
        "mayors": {"type": "array", "items": {"$ref": "#/$defs/person"}, "maxItems": 2},
        "area": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
        "founded": {"type": "string", "format": "date"},
    },
    "required": ["name", "size"],
    "additionalProperties": False,
    "$defs": {"person": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
}
ROME = {
    "name": "Rome",
    "size": "large",
    "mayors": [{"name": "Ada"}],
    "area": 1285.5,
    "founded": "2026-11-27",
}


async def ask(host: FakeHost, schema: object = CITY, **config: Any) -> dict[str, Any]:
    chat = await Client.open(host, **config)
    return await chat.send("Which city?", schema=schema)


async def test_the_object_is_in_the_end_and_partial_ones_come_before():
    async def by_and_by(running: Running) -> str:
        for piece in ('{"name": "Ro', 'me", "size": "large"', ', "mayors": [{', '"name": "Ada"}]}'):
            before = len(host.of_type("object"))
            await running.say(piece)
            await until(lambda before=before: len(host.of_type("object")) > before)
        return completion("".join(running.said))

    host = FakeHost(by_and_by)
    replied = await ask(host)
    whole = {"name": "Rome", "size": "large", "mayors": [{"name": "Ada"}]}
    assert replied == {"ok": {"text": json.dumps(whole), "finishReason": "stop", "object": whole}}
    assert host.events[-1][1] == {"type": "end", **replied["ok"]}
    assert [event["partial"] for event in host.of_type("object")] == [
        {"name": "Ro"},
        {"name": "Rome", "size": "large"},
        {"name": "Rome", "size": "large", "mayors": [{}]},
        whole,
    ]
    assert host.of_type("text") == []


async def test_the_engine_holds_the_answer_to_the_schema_and_the_model_is_told():
    host = FakeHost(answer(json.dumps(ROME)))
    await ask(host)
    (request,) = host.requests
    assert request["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": CITY},
    }
    assert json.dumps(CITY) in request["messages"][-1]["content"]
    # What the person said is kept as they said it, with what the answer has to fit.
    asked = {"role": "user", "content": "Which city?", "metadata": {"schema": CITY}}
    assert host.records[-1]["messages"][0] == asked


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{json.dumps(ROME)}\n```",
        f"Sure! Here it is:\n\n{json.dumps(ROME)}\n\nAnything else?",
        f"\n {json.dumps(ROME)} ",
        f"In [brackets] and {{braces}}: {json.dumps(ROME)}",
    ],
)
async def test_what_models_put_round_json_is_taken_off(text: str):
    assert (await ask(FakeHost(answer(text))))["ok"]["object"] == ROME


async def test_any_json_value_can_be_asked_for():
    assert (await ask(FakeHost(answer("42")), {"type": "integer"}))["ok"]["object"] == 42
    assert (await ask(FakeHost(answer('"a"')), {"enum": ["a", "b"]}))["ok"]["object"] == "a"
    assert (await ask(FakeHost(answer("null")), {}))["ok"]["object"] is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({**ROME, "size": "middling"}, "size"),
        ({"name": "Rome"}, "size"),
        ({**ROME, "mayors": [{"name": "a"}] * 3}, "mayors"),
        ({**ROME, "area": -1}, "area"),
        ({**ROME, "founded": "yesterday"}, "founded"),
        ({**ROME, "extra": 1}, "extra"),
    ],
)
async def test_a_wrong_answer_is_told_to_the_model_and_not_kept(wrong: object, why: str):
    host = FakeHost(answer(json.dumps(wrong)), answer(json.dumps(ROME)))
    assert (await ask(host))["ok"]["object"] == ROME
    told = host.requests[1]["messages"][-1]["content"]
    assert json.dumps(wrong) in told
    assert why in told
    assert [message["role"] for message in host.records[-1]["messages"]] == ["user", "assistant"]


async def test_a_model_that_does_not_manage_it_is_an_error_that_says_why():
    host = FakeHost(answer("Rome is a city."))
    error = (await ask(host))["error"]
    assert error["code"] == "unsupported"
    assert "not JSON" in error["message"]
    assert len(host.requests) == 3
    assert host.records[-1]["messages"][-1]["content"] == "Rome is a city."


async def test_an_answer_at_its_limit_says_so():
    async def cut(running: Running) -> str:
        await running.say('{"name": "Ro')
        return completion('{"name": "Ro', reason="length")

    assert "cut off" in (await ask(FakeHost(cut)))["error"]["message"]


async def test_an_engine_that_refuses_the_schema_is_asked_without():
    host = FakeHost(fails("bad-request"), answer(json.dumps(ROME)))
    assert (await ask(host))["ok"]["object"] == ROME
    assert "response_format" not in host.requests[1]
    assert json.dumps(CITY) in host.requests[1]["messages"][-1]["content"]


async def test_tools_come_first_and_the_object_last():
    rome = json.dumps(ROME)
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("It is Rome."), answer(rome))
    assert (await ask(host, tools=[TOOL]))["ok"]["object"] == ROME
    with_tools, after_result, held = host.requests
    assert with_tools["tools"]
    assert "response_format" not in with_tools
    assert after_result["tools"]
    assert "tools" not in held
    assert held["response_format"]
    assert "It is Rome." in held["messages"][-1]["content"]
    assert [m["role"] for m in host.records[-1]["messages"]] == ["user", "assistant", "tool", "assistant"]


async def test_a_stopped_turn_has_no_object():
    host = FakeHost(hangs('{"name": "Ro'))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Which?", schema=CITY))
    await until(lambda: host.of_type("object"))
    await chat.call("cancel", True)
    assert "object" not in (await turn)["ok"]
    assert (await turn)["ok"]["finishReason"] == "cancelled"


async def test_the_next_turn_is_free_again():
    host = FakeHost(answer(json.dumps(ROME)), answer("Hello."))
    chat = await Client.open(host)
    await chat.send("Which?", schema=CITY)
    assert (await chat.send("Hi"))["ok"] == {"text": "Hello.", "finishReason": "stop"}
    assert host.text == "Hello."
    assert "response_format" not in host.requests[1]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "banana"},
        {"$ref": "#/$defs/nobody"},
        {"$ref": "https://example.com/schema.json"},
        {"type": "string", "pattern": "["},
        [],
        "text",
    ],
)
async def test_what_is_no_schema_is_refused_and_nothing_is_sent(schema: object):
    host = FakeHost()
    assert (await ask(host, schema))["error"]["code"] == "bad-request"
    assert host.requests == []


async def test_a_schema_may_refer_to_itself():
    tree = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "left": {"$ref": "#"}, "right": {"$ref": "#"}},
        "required": ["value"],
    }
    deep = {"value": 1, "left": {"value": 2, "right": {"value": 3}}}
    assert (await ask(FakeHost(answer(json.dumps(deep))), tree))["ok"]["object"] == deep
    wrong = {"value": 1, "left": {"value": "two"}}
    assert (await ask(FakeHost(answer(json.dumps(wrong))), tree))["error"]["code"] == "unsupported"


async def test_a_string_in_a_schema_is_no_code():
    trap = '"); raise SystemExit(1)  # '
    schema = {"type": "object", "properties": {trap: {"const": trap}}, "required": [trap]}
    assert await ask(FakeHost(answer(json.dumps({trap: trap}))), schema) == {
        "ok": {"text": json.dumps({trap: trap}), "finishReason": "stop", "object": {trap: trap}}
    }
