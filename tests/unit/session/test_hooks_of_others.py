"""What hooks of others may do with a turn: deny, change, ask, inject, replace."""

from __future__ import annotations

import asyncio

from amplifier_core.models import HookResult
from fakes import TOOL, Client, FakeHost, answer, call, calls, result_of, until

DONE = answer("Done.")


async def with_hook(host: FakeHost, event: str, result: HookResult):
    chat = await Client.open(host, tools=[TOOL])

    async def hook(name, data):
        return result

    chat.app._find("s")._coordinator.hooks.register(event, hook, 10, "test-hook")
    return chat


async def test_a_hook_denies_a_tool():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)
    chat = await with_hook(host, "tool:pre", HookResult(action="deny", reason="not today"))
    await chat.send("Go")
    assert "not today" in result_of(host)
    assert not host.tool_calls


async def test_a_hook_changes_the_input_and_it_is_checked_again():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)
    changed = {"tool_name": "add", "tool_call_id": "call_1", "tool_input": {"a": 10, "b": 20}}
    chat = await with_hook(host, "tool:pre", HookResult(action="modify", data=changed))
    await chat.send("Go")
    assert host.tool_calls == [("call_1", "add", {"a": 10, "b": 20})]
    assert host.of_type("tool")[0]["input"] == {"a": 10, "b": 20}

    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)
    chat = await with_hook(host, "tool:pre", HookResult(action="modify", data={**changed, "tool_input": {}}))
    await chat.send("Go")
    assert not host.tool_calls


async def test_a_hook_asks_the_person():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)
    ask = HookResult(action="ask_user", approval_prompt="Really?", approval_options=["Allow", "Deny"])
    chat = await with_hook(host, "tool:pre", ask)
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    asked = host.of_type("approval")[0]
    assert (asked["prompt"], asked["options"]) == ("Really?", ["Allow", "Deny"])
    await chat.call("respond", asked["id"], "Deny")
    await turn
    assert not host.tool_calls


async def test_a_hook_injects_for_one_request():
    host = FakeHost(answer("One."), answer("Two."))
    injection = HookResult(action="inject_context", context_injection="It is raining.", ephemeral=True)
    chat = await with_hook(host, "provider:request", injection)
    await chat.send("Weather?")
    assert host.requests[0]["messages"][-1] == {"role": "system", "content": "It is raining."}
    assert [m["content"] for m in await chat.history()] == ["Weather?", "One."]


async def test_a_hook_denies_the_prompt():
    host = FakeHost()
    chat = await with_hook(host, "prompt:submit", HookResult(action="deny", reason="no secrets"))
    outcome = (await chat.send("Go"))["ok"]
    assert outcome["finishReason"] == "denied"
    assert "no secrets" in outcome["text"]
    assert not host.requests


async def test_a_hook_replaces_a_result():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)
    chat = await with_hook(host, "tool:post", HookResult(action="modify", data={"result": "censored"}))
    await chat.send("Go")
    assert result_of(host) == "censored"
