"""Somebody outside uses the tools of a conversation: the person is asked, as for the model."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fakes import PNG, TOOL, Client, FakeHost, answer, hangs, until

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}


async def use(chat: Client, name: str, **arguments: Any) -> Any:
    return await chat.call("use_tool", name, json.dumps(arguments))


def text(used: Any) -> str:
    return used["ok"]["content"][0]["text"]


async def test_what_there_is() -> None:
    chat = await Client.open(FakeHost(), tools=[TOOL, "calculator"])
    tools = (await chat.call("tools"))["ok"]
    assert sorted(tool["name"] for tool in tools) == ["add", "calculator"]
    assert next(tool for tool in tools if tool["name"] == "add")["inputSchema"] == TOOL["inputSchema"]


async def test_a_tool_runs_and_is_told_and_stands_in_no_transcript() -> None:
    host = FakeHost()
    chat = await Client.open(host, tools=[TOOL])
    assert json.loads(text(await use(chat, "add", a=1, b=2))) == {"called": "add", "a": 1, "b": 2}
    assert [event["phase"] for event in host.of_type("tool")] == ["start", "end"]
    assert await chat.history() == []


async def test_the_person_is_asked_and_may_refuse() -> None:
    host = FakeHost()
    chat = await Client.open(host, tools=[RISKY])
    for option, says in (("Deny", "the person refused it"), ("Allow once", '"called": "send_mail"')):
        call = asyncio.ensure_future(use(chat, "send_mail", to="x"))
        await until(lambda: host.of_type("approval"))
        question = host.of_type("approval")[-1]
        assert not host.tool_calls
        await chat.call("respond", question["id"], option)
        assert says in text(await call)
        host.events.clear()
    assert len(host.tool_calls) == 1


async def test_what_does_not_fit_or_is_not_there() -> None:
    host = FakeHost()
    chat = await Client.open(host, tools=[TOOL])
    assert "Error" in text(await use(chat, "add", a="x"))
    assert host.of_type("tool")[-1]["success"] is False
    assert (await use(chat, "rocket"))["error"]["code"] == "bad-request"


async def test_a_picture_comes_with_it() -> None:
    host = FakeHost()
    ran = {"output": "", "value": None, "error": None, "exhausted": False, "lost": False}
    figure = {"media_type": "image/png", "data": PNG}

    async def page(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": {**ran, "figures": [figure]}}

    host.tool = page
    chat = await Client.open(host, tools=["python"])
    content = (await use(chat, "python", code="1"))["ok"]["content"]
    assert [block["type"] for block in content] == ["text", "image"]


async def test_one_at_a_time_and_none_in_a_turn() -> None:
    host = FakeHost(hangs("…"), answer("Done."))
    chat = await Client.open(host, tools=[TOOL])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.running)
    assert (await use(chat, "add", a=1, b=2))["error"]["code"] == "busy"
    await chat.call("cancel", True)
    await turn


async def test_a_stop_ends_it() -> None:
    host = FakeHost()
    forever = asyncio.Event()

    async def page(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        await forever.wait()
        return {"ok": None}

    host.tool = page
    chat = await Client.open(host, tools=[TOOL])
    call = asyncio.ensure_future(use(chat, "add", a=1, b=2))
    await until(lambda: host.tool_calls)
    await chat.call("cancel", True)
    assert (await call)["error"]["code"] == "cancelled"


async def test_many_calls_are_no_circle_and_no_budget_is_spent() -> None:
    chat = await Client.open(FakeHost(), tools=[TOOL], budget={"toolCalls": 2})
    for _ in range(5):
        assert "called" in text(await use(chat, "add", a=1, b=2))
