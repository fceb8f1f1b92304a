"""Orchestrators, contexts and providers of others: the person is asked, the page hears, and stop stops."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakes import TOOL, Client, FakeHost, answer, call, calls, hangs, until

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}
MAIL = calls(call("send_mail", {"to": "x"}))
DONE = answer("Done.")


def plan(**loop: Any) -> dict[str, Any]:
    return {
        "session": {
            "orchestrator": {"module": "loop-plain", "config": loop},
            "context": {"module": "context-plain"},
        }
    }


async def answering(host: FakeHost, option: str, **config: Any) -> Client:
    chat = await Client.open(host, **{"tools": [TOOL, RISKY], "plan": plan(), **config})

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "approval":
            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], option))

    host.on_event = respond
    return chat


def phases(host: FakeHost) -> list[tuple[str, str, bool | None]]:
    return [(event["id"], event["phase"], event.get("success")) for event in host.of_type("tool")]


async def test_a_tool_with_side_effects_asks_and_its_answer_is_kept():
    host = FakeHost(MAIL, DONE)
    chat = await answering(host, "Allow once")
    assert (await chat.send("Go"))["ok"] == {"text": "Done.", "finishReason": "stop"}
    assert [arguments for _, _, arguments in host.tool_calls] == [{"to": "x"}]
    assert len(host.of_type("approval")) == 1
    assert phases(host) == [("call_1", "start", None), ("call_1", "end", True)]
    assert host.of_type("tool")[1]["approval"] == "Allow once"
    assert host.kept[2]["metadata"] == {"approval": "Allow once"}
    assert (await chat.history())[2]["metadata"] == {"approval": "Allow once"}


async def test_what_is_denied_does_not_run_and_ends_on_the_page():
    host = FakeHost(MAIL, DONE)
    chat = await answering(host, "Deny")
    await chat.send("Go")
    assert not host.tool_calls
    assert phases(host) == [("call_1", "start", None), ("call_1", "end", False)]
    assert host.kept[2]["metadata"] == {"approval": "Deny"}
    assert "User denied" in host.kept[2]["content"]


@pytest.mark.parametrize("loop", [{"heeds": False}, {"asks_hooks": False}])
async def test_a_loop_that_does_not_ask_reaches_no_function_of_the_page_unasked(loop: dict[str, Any]):
    host = FakeHost(MAIL, DONE)
    chat = await answering(host, "Deny", plan=plan(**loop))
    await chat.send("Go")
    assert not host.tool_calls
    assert len(host.of_type("approval")) == 1

    host = FakeHost(MAIL, DONE)
    chat = await answering(host, "Allow once", plan=plan(**loop))
    await chat.send("Go")
    assert len(host.tool_calls) == 1


async def test_usage_and_tools_that_run_side_by_side_are_told():
    both = calls(call("add", {"a": 1, "b": 1}, "x"), call("add", {"a": 2, "b": 2}, "y"), text="Two. ")
    host = FakeHost(both, DONE)
    chat = await answering(host, "Deny")
    await chat.send("Go")
    assert sorted(phases(host)) == [
        ("x", "end", True),
        ("x", "start", None),
        ("y", "end", True),
        ("y", "start", None),
    ]
    inputs = {event["id"]: event["input"]["a"] for event in host.of_type("tool") if event["phase"] == "end"}
    assert inputs == {"x": 1, "y": 2}
    told = host.of_type("usage")[0]
    assert (told["promptTokens"], told["completionTokens"], told["cachedTokens"]) == (12, 3, 5)
    assert told["tokensPerSecond"] == 25.0
    assert host.text == "Two. Done."


async def test_an_error_in_the_official_shape_is_told():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)

    async def broken(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("no such page")

    host.tool = broken
    chat = await answering(host, "Deny")
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    end = host.of_type("tool")[1]
    assert (end["result"], end["success"]) == ("no such page", False)


async def test_a_call_of_no_tool_asks_nobody():
    host = FakeHost(calls(call("fly")), DONE)
    chat = await answering(host, "Allow once")
    await chat.send("Go")
    assert not host.of_type("approval")
    assert 'no tool called "fly"' in host.kept[2]["content"]


async def test_cancel_ends_a_turn_that_looks_for_none():
    host = FakeHost(calls(call("add", {"a": 1, "b": 1}), text="Wait. "), DONE)

    async def stuck(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    host.tool = stuck
    chat = await answering(host, "Deny")
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.tool_calls)
    await chat.call("cancel", True)
    async with asyncio.timeout(5):
        assert (await turn)["ok"]["finishReason"] == "cancelled"
    history = await chat.history()
    assert [m.get("tool_call_id") for m in history[:3]] == [None, None, "call_1"]
    assert history[-1]["metadata"] == {"finish_reason": "cancelled"}
    host.tool = host._echo
    assert (await chat.send("And now?"))["ok"]["text"] == "Done."


async def test_cancel_keeps_what_was_said():
    host = FakeHost(hangs("Once", " upon"))
    chat = await answering(host, "Deny")
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.text)
    await chat.call("cancel", True)
    async with asyncio.timeout(5):
        assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert "Once" in str((await chat.history())[-1]["content"])


@pytest.mark.parametrize("factory", [True, False])
async def test_the_system_prompt_reaches_a_context_that_is_not_ours(factory: bool):
    host = FakeHost(DONE)
    given = plan()
    given["session"]["context"]["config"] = {"factory": factory}
    await (await Client.open(host, plan=given, system="Be brief.")).send("Hi")
    assert host.requests[0]["messages"][0] == {"role": "system", "content": "Be brief."}


async def test_our_context_named_by_a_plan_has_the_system_prompt():
    host = FakeHost(DONE)
    given = {"session": {"context": {"module": "context-alcove"}}}
    await (await Client.open(host, plan=given, system="Be brief.")).send("Hi")
    assert host.requests[0]["messages"][0] == {"role": "system", "content": "Be brief."}


@pytest.mark.parametrize("session", [{}, plan()["session"]])
async def test_a_provider_that_says_nothing_of_itself(session: dict[str, Any]):
    host = FakeHost()
    chat = await Client.open(host, plan={"session": session, "providers": [{"module": "provider-bare"}]})
    assert (await chat.send("Hi"))["ok"]["text"] == "Bare words."
    assert host.text == "Bare words."
    assert (await chat.history())[-1]["role"] == "assistant"


async def test_a_loop_that_was_told_to_stop_says_so_in_the_transcript():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})))
    chat = await answering(host, "Deny", budget={"toolCalls": 1})
    outcome = (await chat.send("Go"))["ok"]
    assert "I stopped after 1 tool calls" in outcome["text"]
    assert host.text == outcome["text"]
    assert (await chat.history())[-1]["content"] == outcome["text"]
