"""Agents that fail, hang, are stopped in the middle, or go on when they should not."""

from __future__ import annotations

import asyncio
from typing import Any

import amplifier_module_tool_stuck as stuck
import pytest
from crew import Crew, delegate, opened, results
from fakes import TOOL, Client, answer, call, calls, hangs, until

from py_app.agents import work

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}
MAIL = calls(call("send_mail", {"to": "x"}, "m"))
PLAIN = {"session": {"orchestrator": {"module": "loop-plain"}, "context": {"module": "context-plain"}}}


def agents(chat: Client) -> Any:
    return chat.app._find("s")._coordinator.get_capability("alcove.agents")


async def never(*_: Any) -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


def with_tool(**config: Any) -> dict[str, Any]:
    tool = {"module": "tool-stuck", "config": config}
    return {"adder": {"instruction": "You are ADDER.", "tools": [tool]}}


@pytest.mark.parametrize("tool", ["tool-of-nobody", {"module": "tool-stuck", "config": {"raises": True}}])
async def test_an_agent_that_cannot_be_mounted_is_told_by_its_module(tool: Any):
    host = Crew(own=[calls(delegate("adder")), answer("Sorry.")], adder=[answer("3")])
    chat = await opened(host, {"adder": {"tools": [tool]}})
    assert (await chat.send("Go"))["ok"]["text"] == "Sorry."
    told = results(host.requests_of("own")[1])[0]
    assert "cannot be mounted" in told
    assert "tool-of-nobody" in told or "no such disk" in told
    assert host.of_type("agent")[1]["status"] == "error"
    assert "cannot be mounted" in host.kept[2]["metadata"]["agents"][0]["error"]


async def test_one_that_is_never_mounted_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(work, "_OPEN_TIMEOUT", 0.1)
    host = Crew(own=[calls(delegate("adder")), answer("Sorry.")], adder=[answer("3")])
    assert (await (await opened(host, with_tool())).send("Go"))["ok"]["text"] == "Sorry."
    assert "was not ready in 0.1 seconds" in results(host.requests_of("own")[1])[0]


async def stopped(chat: Client, host: Crew, phase: Any) -> None:
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(phase)
    async with asyncio.timeout(3):
        await chat.call("cancel", True)
        assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert host.of_type("agent")[-1]["status"] == "cancelled"
    assert not host.running
    assert not agents(chat)._works


async def test_cancel_while_it_is_mounted():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[answer("3")])
    stuck.MOUNTING.clear()
    await stopped(await opened(host, with_tool()), host, lambda: stuck.MOUNTING)


async def test_cancel_while_it_is_freed():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[answer("3")])
    stuck.CLEANING.clear()
    chat = await opened(host, with_tool(lingers=True))
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: stuck.CLEANING)
    await chat.call("cancel", True)
    await turn
    assert [event["status"] for event in host.of_type("agent")[1:]] == ["success"]


@pytest.mark.parametrize("plan", [{}, PLAIN])
async def test_cancel_while_its_tool_runs(plan: dict[str, Any]):
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[calls(call("add", {"a": 1, "b": 2}))])
    host.tool = never
    await stopped(await opened(host, plan=plan), host, lambda: host.tool_calls)


async def test_cancel_while_the_person_is_asked():
    host = Crew(own=[calls(delegate("poet")), answer("3")], poet=[MAIL, answer("ok")])
    await stopped(await opened(host, tools=[RISKY]), host, lambda: host.of_type("approval"))
    assert not host.tool_calls


async def test_cancel_reaches_an_agent_of_an_agent():
    deep = {
        "poet": {"instruction": "You are POET.", "tools": ["delegate"]},
        "adder": {"instruction": "You are ADDER."},
    }
    host = Crew(
        own=[calls(delegate("poet")), answer("3")],
        poet=[calls(delegate("adder")), answer("3")],
        adder=[hangs("T")],
    )
    await stopped(await opened(host, deep), host, lambda: host.told("text", "adder"))
    assert [e["status"] for e in host.of_type("agent") if e["phase"] == "end"] == ["cancelled", "cancelled"]


async def test_a_conversation_that_is_closed_ends_its_agents():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[hangs("Th")])
    chat = await opened(host)
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.told("text", "adder"))
    async with asyncio.timeout(3):
        await chat.call("close")
        await turn
    assert not host.running


async def test_a_session_that_is_cleaned_up_ends_its_agents():
    host = Crew(own=[answer("3")], adder=[hangs("Th")])
    chat = await opened(host)
    session = chat.app._find("s")._session
    working = asyncio.ensure_future(session.coordinator.get_capability("session.spawn")("adder", "Go"))
    await until(lambda: host.told("text", "adder"))
    async with asyncio.timeout(3):
        await session.cleanup()
        assert (await working)["status"] == "cancelled"


async def test_an_agent_does_not_outlive_the_turn():
    host = Crew(own=[calls(call("add", {"a": 1, "b": 2})), answer("3")], adder=[hangs("Th")])
    chat = await opened(host)
    spawn = chat.app._find("s")._coordinator.get_capability("session.spawn")
    left: list[asyncio.Future[Any]] = []

    async def leaves(*_: Any) -> dict[str, Any]:
        left.append(asyncio.ensure_future(spawn("adder", "Go")))
        await until(lambda: host.told("text", "adder"))
        return {"ok": 3}

    host.tool = leaves
    async with asyncio.timeout(3):
        assert (await chat.send("Go"))["ok"]["text"] == "3"
        assert (await left[0])["status"] == "cancelled"
    assert not host.running


async def test_one_that_goes_round_in_circles_is_stopped_and_the_turn_goes_on():
    again = calls(call("add", {"a": 1, "b": 2}))
    host = Crew(own=[calls(delegate("adder")), answer("Enough.")], adder=[again])
    assert (await (await opened(host)).send("Go"))["ok"] == {"text": "Enough.", "finishReason": "stop"}
    assert "3 times in a row" in results(host.requests_of("own")[1])[0]
    assert len(host.tool_calls) == 2


async def test_one_that_is_stopped_alone_does_not_stop_the_turn():
    host = Crew(own=[calls(delegate("adder")), answer("Well.")], adder=[answer("3")])
    stuck.MOUNTING.clear()
    chat = await opened(host, with_tool())
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: stuck.MOUNTING)
    await agents(chat).stop()
    async with asyncio.timeout(3):
        assert (await turn)["ok"]["text"] == "Well."
    assert "was stopped" in results(host.requests_of("own")[1])[0]


@pytest.mark.parametrize("plan", [{}, PLAIN])
async def test_agents_side_by_side_keep_apart(plan: dict[str, Any]):
    both = calls(delegate("adder", "Add.", "a"), delegate("poet", "Rhyme.", "p"))
    host = Crew(own=[both, answer("Done.")], adder=[answer("3")], poet=[answer("Roses")])
    await (await opened(host, plan=plan)).send("Go")
    phases = [(e["phase"], e["agent"]["name"]) for e in host.of_type("agent")]
    assert {phase for phase, _ in phases[:2]} == {"start"}
    assert {(e["call"], e["agent"]["name"]) for e in host.of_type("agent")} == {("a", "adder"), ("p", "poet")}
    kept = {m["tool_call_id"]: m["metadata"]["agents"] for m in host.kept if m["role"] == "tool"}
    assert {call_id: [a["name"] for a in said] for call_id, said in kept.items()} == {
        "a": ["adder"],
        "p": ["poet"],
    }
    assert "Roses" in str(kept["p"][0]["messages"][-1]["content"])
    assert [m["tool_call_id"] for m in host.kept if m["role"] == "tool"] == ["a", "p"]


@pytest.mark.parametrize("plan", [{}, PLAIN])
async def test_each_of_two_who_ask_the_same_gets_its_own_answer(plan: dict[str, Any]):
    both = calls(delegate("poet", "One.", "a"), delegate("poet", "Two.", "b"))
    host = Crew(own=[both, answer("Done.")], poet=[MAIL, MAIL, answer("ok")])
    chat = await opened(host, plan=plan, tools=[RISKY])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: len(host.of_type("approval")) == 2)
    for asked, option in zip(host.of_type("approval"), ("Deny", "Allow once"), strict=True):
        await chat.call("respond", asked["id"], option)
    await turn
    refused, allowed = (asked["agent"]["id"] for asked in host.of_type("approval"))
    ends = {e["agent"]["id"]: e for e in host.told("tool", "poet") if e["phase"] == "end"}
    assert (ends[refused]["approval"], ends[refused]["success"]) == ("Deny", False)
    assert (ends[allowed]["approval"], ends[allowed]["success"]) == ("Allow once", True)
    assert len(host.tool_calls) == 1


@pytest.mark.parametrize("plan", [{}, PLAIN])
async def test_cancel_ends_all_who_work_side_by_side(plan: dict[str, Any]):
    both = calls(delegate("adder", "Add.", "a"), delegate("poet", "Rhyme.", "p"))
    host = Crew(own=[both, answer("Done.")], adder=[hangs("Th")], poet=[hangs("Ro")])
    await stopped(await opened(host, plan=plan), host, lambda: len(host.of_type("text")) == 2)
    assert [e["status"] for e in host.of_type("agent") if e["phase"] == "end"] == ["cancelled"] * 2
    tools = [m for m in host.kept if m["role"] == "tool"]
    assert [m["metadata"]["agents"][0]["name"] for m in tools] == ["adder", "poet"]


async def test_a_call_that_waits_for_an_agent_has_the_time_that_this_needs():
    async def slow(running: Any) -> str:
        await asyncio.sleep(0.3)
        return await answer("3")(running)

    host = Crew(own=[calls(delegate("adder")), answer("Done.")], adder=[slow])
    loop = {"orchestrator": {"module": "loop-alcove", "config": {"tool_timeout": 0.1}}}
    await (await opened(host, plan={"session": loop})).send("Go")
    assert host.of_type("agent")[1]["status"] == "success"
    assert host.told("tool")[1]["success"] is True


async def test_who_cannot_go_on():
    host = Crew(own=[calls(delegate("adder")), answer("ok")], adder=[hangs("Th")])
    chat = await opened(host)
    with pytest.raises(FileNotFoundError, match="nobody"):
        await agents(chat).resume("nobody", "Go on.")
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.told("text", "adder"))
    agent = host.of_type("agent")[0]["agent"]
    with pytest.raises(ValueError, match="at work already"):
        await agents(chat).resume(agent["id"], "Go on.")
    await chat.call("cancel", True)
    await turn
    chat = await opened(host, {"poet": {}}, messages=host.kept)
    with pytest.raises(ValueError, match=r'no agent called "adder"\. The agents are: poet'):
        await agents(chat).resume(agent["id"], "Go on.")


async def test_one_agent_that_is_asked_twice_at_a_time_works_once():
    host = Crew(own=[calls(delegate("adder")), answer("ok")], adder=[answer("3")])
    chat = await opened(host)
    await chat.send("Go")
    agent = host.of_type("agent")[0]["agent"]
    context = chat.app._find("s")._coordinator.get("context")
    messages = context.get_messages

    async def later() -> list[Any]:
        await asyncio.sleep(0)
        return await messages()

    context.get_messages = later
    asked = [agents(chat).resume(agent["id"], f"Go on, {name}.") for name in ("one", "two")]
    first, second = await asyncio.gather(*asked, return_exceptions=True)
    assert first["output"] == "3"
    assert "at work already" in str(second)


async def test_what_is_tried_again_is_kept_once():
    host = Crew(
        own=[calls(delegate("adder")), answer("3"), calls(delegate("adder")), answer("4")],
        adder=[answer("3")],
    )
    chat = await opened(host)
    await chat.send("Go")
    first = host.kept[2]["metadata"]["agents"]
    await chat.call("retry")
    second = host.kept[2]["metadata"]["agents"]
    assert len(first) == len(second) == 1
    assert first[0]["id"] != second[0]["id"]
    with pytest.raises(FileNotFoundError):
        await agents(chat).resume(first[0]["id"], "Go on.")
