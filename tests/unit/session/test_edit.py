"""A message in the place of an earlier one; and what is asked again keeps what it was asked with."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakes import PICTURE, Client, FakeHost, answer, fails, hangs, until

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def said(messages: list[dict[str, Any]]) -> list[Any]:
    return [message["content"] for message in messages]


async def test_a_message_takes_the_place_of_another_and_of_all_that_follows():
    host = FakeHost(answer("One."), answer("Two."), answer("Other."))
    client = await Client.open(host)
    await client.send("first")
    await client.send("second")
    assert (await client.send("changed", instead=0))["ok"]["text"] == "Other."
    assert said(await client.history()) == ["changed", "Other."]
    assert said(host.requests[-1]["messages"]) == ["changed"]
    # Nothing is saved before it stands there: the page sets aside what it takes the place of.
    after = [(delta["from"], said(delta["messages"])) for delta in host.deltas]
    assert after[-2:] == [(0, ["changed"]), (1, ["Other."])]


async def test_it_has_the_pictures_and_the_schema_of_the_one_before():
    host = FakeHost(answer('{"n": 1}'))
    host.sees = True
    client = await Client.open(host)
    await client.send("How many?", PICTURE, schema=SCHEMA)
    replied = await client.send("How many now?", instead=0)
    assert replied["ok"]["object"] == {"n": 1}
    (asked, _) = await client.history()
    assert [block["type"] for block in asked["content"]] == ["image", "text"]
    assert asked["content"][1]["text"] == "How many now?"
    # Pictures alone are a message.
    assert "ok" in await client.send("", instead=0)


@pytest.mark.parametrize("prompt", [{"instead": 1}, {"instead": -1}, {"instead": "0"}, {"instead": True}])
async def test_there_must_be_such_a_message(prompt: dict[str, Any]):
    client = await Client.open(FakeHost())
    await client.send("first")
    assert (await client.send("changed", **prompt))["error"]["code"] == "bad-request"
    assert (await client.send(" ", instead=0))["error"]["code"] == "bad-request"
    assert said(await client.history())[0] == "first"


async def test_a_retry_repeats_the_schema_also_after_the_conversation_was_opened_again():
    host = FakeHost(answer('{"n": 1}'))
    client = await Client.open(host)
    await client.send("How many?", schema=SCHEMA)
    await client.call("close")
    await client.opened(messages=host.kept)
    assert (await client.call("retry"))["ok"]["object"] == {"n": 1}
    assert host.requests[-1]["response_format"]["json_schema"]["schema"] == SCHEMA
    # And is none of the next message's.
    assert "object" not in (await client.send("Thanks."))["ok"]


async def test_what_goes_on_or_is_taken_over_is_held_to_the_schema_too():
    host = FakeHost(hangs('{"n":'), answer('{"n": 2}'))
    client = await Client.open(host)
    running = asyncio.ensure_future(client.send("How many?", schema=SCHEMA))
    await until(lambda: host.running)
    await client.app.cancel("s")
    assert "object" not in (await running)["ok"]
    assert (await client.call("go_on"))["ok"]["object"] == {"n": 2}
    # Half an object is not gone on with: it begins anew, and that is said.
    assert [event["text"] for event in host.of_type("notice")] == [
        "Half an object cannot be gone on with: the answer begins anew."
    ]
    assert said(await client.history()) == ["How many?", '{"n": 2}']

    other = FakeHost(fails("out-of-memory"), answer('{"n": 3}'))
    client = await Client.open(other)
    assert (await client.send("How many?", schema=SCHEMA))["error"]["code"] == "out-of-memory"
    assert (await client.call("go_on"))["ok"]["object"] == {"n": 3}
    assert other.of_type("notice") == []


async def test_a_schema_that_came_with_a_file_and_is_none_is_told():
    asked = {"role": "user", "content": "How many?", "metadata": {"schema": {"type": 7}}}
    client = await Client.open(FakeHost(), messages=[asked])
    assert (await client.call("retry"))["error"]["code"] == "bad-request"
    assert said(await client.history()) == ["How many?"]
