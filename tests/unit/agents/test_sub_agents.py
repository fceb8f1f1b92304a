"""An agent works for a conversation: what it is given, what comes of it, what page and transcript hear."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from crew import Crew, delegate, opened, results
from fakes import TOOL, answer, call, calls, fails, hangs, until

ADDS = calls(call("add", {"a": 1, "b": 2}, "c1"))


async def test_an_agent_works_in_a_session_of_its_own():
    host = Crew(own=[calls(delegate("adder")), answer("It is 3.")], adder=[ADDS, answer("3")])
    chat = await opened(host)
    assert (await chat.send("Please add."))["ok"] == {"text": "It is 3.", "finishReason": "stop"}
    first, second = host.requests_of("adder")
    assert [m["role"] for m in first["messages"]] == ["system", "user"]
    assert first["messages"][0]["content"] == "You are ADDER."
    assert first["messages"][1]["content"] == "Add 1 and 2."
    assert [tool["function"]["name"] for tool in first["tools"]] == ["add"]
    assert json.loads(results(second)[0])["called"] == "add"
    told = json.loads(results(host.requests_of("own")[1])[0])
    assert (told["response"], told["status"]) == ("3", "success")
    assert told["session_id"].startswith("s-")
    assert told["session_id"].endswith("_adder")


async def test_the_model_reads_which_agents_there_are():
    host = Crew(own=[answer("Hi")])
    await (await opened(host)).send("Hi")
    (tool,) = [
        t["function"] for t in host.requests_of("own")[0]["tools"] if t["function"]["name"] == "delegate"
    ]
    assert "- adder: Adds numbers." in tool["description"]
    assert tool["parameters"]["properties"]["agent"]["enum"] == ["adder", "poet"]


async def test_events_of_an_agent_say_whose_they_are():
    host = Crew(own=[calls(delegate("adder")), answer("It is 3.")], adder=[ADDS, answer("Th", "ree")])
    await (await opened(host)).send("Go")
    begun, ended = host.of_type("agent")
    agent = begun["agent"]
    assert (agent["name"], agent["parent"]) == ("adder", "s")
    assert (begun["phase"], begun["call"], begun["instruction"]) == ("start", "d1", "Add 1 and 2.")
    assert (ended["phase"], ended["status"], ended["text"], ended["agent"]) == (
        "end",
        "success",
        "Three",
        agent,
    )
    assert [e["phase"] for e in host.told("tool", "adder")] == ["start", "end"]
    assert "".join(e["text"] for e in host.told("text", "adder")) == "Three"
    assert len(host.told("usage", "adder")) == 2
    assert [e["id"] for e in host.told("tool")] == ["d1", "d1"]
    assert "".join(e["text"] for e in host.told("text")) == "It is 3."
    kinds = [
        (e["type"], e.get("phase"), bool(e.get("agent"))) for _, e in host.events if e["type"] != "usage"
    ]
    assert kinds[0] == ("tool", "start", False)
    assert kinds[1] == ("agent", "start", True)
    assert kinds.index(("agent", "end", True)) < kinds.index(("tool", "end", False))


async def test_activity_tells_of_an_agent_with_its_name():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[ADDS, answer("3")])
    chat = await opened(host)
    await chat.send("Go")
    entries = (await chat.call("activity"))["ok"]
    theirs = [entry for entry in entries if entry.get("agent")]
    assert {entry["agent"]["name"] for entry in theirs} == {"adder"}
    names = [entry["event"] for entry in theirs]
    assert {"session:fork", "session:start", "tool:pre", "tool:post", "session:end"} <= set(names)
    fork = next(entry for entry in theirs if entry["event"] == "session:fork")
    assert fork["data"]["parent"] == "s"
    assert fork["session"] == fork["agent"]["id"]
    assert next(e for e in theirs if e["event"] == "tool:post")["seconds"] >= 0


async def test_what_an_agent_said_is_kept_and_it_goes_on_after_a_restart():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[ADDS, answer("3")])
    await (await opened(host)).send("Go")
    kept = host.kept
    (record,) = kept[2]["metadata"]["agents"]
    assert (record["name"], record["status"], record["from"]) == ("adder", "success", 0)
    assert [m["role"] for m in record["messages"]] == ["user", "assistant", "tool", "assistant"]

    again = {"session_id": record["id"], "instruction": "And 5?"}
    host = Crew(own=[calls(call("delegate", again, "d2")), answer("8")], adder=[answer("8")])
    chat = await opened(host, messages=kept)
    await chat.send("More")
    (request,) = host.requests_of("adder")
    assert [m["content"] for m in request["messages"] if m["role"] == "user"] == ["Add 1 and 2.", "And 5?"]
    assert json.loads(results(host.requests_of("own")[1])[-1])["session_id"] == record["id"]
    (more,) = host.records[-1]["messages"][-2]["metadata"]["agents"]
    assert (more["id"], more["from"]) == (record["id"], 4)
    assert [m["role"] for m in more["messages"]] == ["user", "assistant"]


async def test_what_an_agent_does_is_kept_while_it_does_it():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[ADDS, hangs("Th")])
    chat = await opened(host)
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.told("text", "adder"))
    last = host.kept[-1]
    assert (last["role"], last["tool_call_id"]) == ("tool", "d1")
    (record,) = last["metadata"]["agents"]
    assert last["content"].endswith(f'The session_id of "adder" is {record["id"]}.')
    assert record["status"] == "interrupted"
    assert [m["role"] for m in record["messages"]] == ["user", "assistant", "tool"]
    await chat.call("cancel", True)
    await turn


async def test_an_agent_that_there_is_not_is_answered_with_those_that_there_are():
    host = Crew(own=[calls(delegate("pilot")), answer("ok")])
    chat = await opened(host)
    await chat.send("Go")
    assert "adder" in results(host.requests_of("own")[1])[0]
    spawn = chat.app._find("s")._coordinator.get_capability("session.spawn")
    with pytest.raises(ValueError, match=r'no agent called "pilot". The agents are: adder, poet'):
        await spawn(agent_name="pilot", instruction="Fly.", parent_session=None, agent_configs={})


async def test_a_failure_is_news_for_who_asked():
    host = Crew(own=[calls(delegate("adder")), answer("Sorry.")], adder=[fails("out-of-memory", "Th")])
    assert (await (await opened(host)).send("Go"))["ok"]["text"] == "Sorry."
    assert "out-of-memory" in results(host.requests_of("own")[1])[0]
    end = host.of_type("agent")[1]
    assert (end["status"], end["error"]) == ("error", "It was out-of-memory.")
    assert host.told("tool")[1]["success"] is False
    (record,) = host.kept[2]["metadata"]["agents"]
    assert (record["status"], record["error"]) == ("error", "It was out-of-memory.")


async def test_cancel_ends_an_agent_too():
    host = Crew(own=[calls(delegate("adder")), answer("3")], adder=[hangs("Th")])
    chat = await opened(host)
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.told("text", "adder"))
    async with asyncio.timeout(2):
        await chat.call("cancel", True)
        assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert not host.running
    assert host.of_type("agent")[-1]["status"] == "cancelled"
    (record,) = host.kept[-1]["metadata"]["agents"]
    assert record["messages"][-1]["content"] == "Th"
    assert (await chat.send("Again"))["ok"]["finishReason"] == "stop"


async def test_agents_share_the_budget_of_the_turn():
    many = [calls(call("add", {"a": n, "b": 1}, f"c{n}")) for n in range(20)]
    host = Crew(own=[calls(delegate("adder")), answer("never")], adder=many)
    chat = await opened(host, budget={"toolCalls": 4})
    outcome = (await chat.send("Go"))["ok"]
    assert outcome["finishReason"] == "budget"
    assert len(host.tool_calls) == 3


DEEP = {"poet": {"instruction": "You are POET.", "tools": ["delegate"]}}


async def test_agents_that_let_agents_work_for_ever_are_stopped():
    again = calls(delegate("poet"))
    host = Crew(own=[again, answer("Done.")], poet=[again, again, again, answer("No.")])
    chat = await opened(host, DEEP)
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert len([e for e in host.of_type("agent") if e["phase"] == "start"]) == 3
    assert any("3 deep" in result for request in host.requests_of("poet") for result in results(request))
    ids = [e["agent"]["id"] for e in host.of_type("agent") if e["phase"] == "start"]
    parents = [e["agent"]["parent"] for e in host.of_type("agent") if e["phase"] == "start"]
    assert parents == ["s", *ids[:2]]
    record = host.kept[2]["metadata"]["agents"][0]
    assert record["messages"][2]["metadata"]["agents"][0]["name"] == "poet"


async def test_one_more_than_may_is_refused_with_a_word():
    turns = [calls(delegate("adder", f"Add {n}.", f"d{n}")) for n in range(31)]
    host = Crew(own=[*turns, answer("Done.")], adder=[answer("ok")])
    loop = {"orchestrator": {"module": "loop-alcove", "config": {"max_iterations": 50}}}
    await (await opened(host, plan={"session": loop})).send("Go")
    assert len(host.requests_of("adder")) == 30
    assert "30 agents" in results(host.requests_of("own")[-1])[-1]


async def test_the_person_is_asked_with_the_agents_name():
    risky = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}
    mail = calls(call("send_mail", {"to": "x"}, "m"))
    host = Crew(own=[calls(delegate("poet")), mail, answer("ok")], poet=[mail, answer("sent")])
    chat = await opened(host, tools=[risky])

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "approval":
            option = "Allow once" if event.get("agent") else "Deny"
            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], option))

    host.on_event = respond
    await chat.send("Go")
    theirs, own = host.of_type("approval")
    assert theirs["agent"]["name"] == "poet"
    assert "agent" not in own
    assert len(host.tool_calls) == 1
    record = host.kept[2]["metadata"]["agents"][0]
    assert record["messages"][2]["metadata"] == {"approval": "Allow once"}
    assert host.kept[2]["metadata"].keys() == {"agents"}
    assert host.kept[4]["metadata"] == {"approval": "Deny"}


async def test_what_an_agent_is_told_of_the_conversation_is_kept_with_it():
    host = Crew(own=[answer("ok")], adder=[answer("3")])
    chat = await opened(host)
    spawn = chat.app._find("s")._coordinator.get_capability("session.spawn")
    known = [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]

    async def let_work(*_: Any) -> dict[str, Any]:
        return {"ok": (await spawn("adder", "Add.", parent_messages=known))["output"]}

    host.tool = let_work
    host.crew["own"] = [ADDS, answer("ok")]
    await chat.send("Go")
    assert [m["content"] for m in host.requests_of("adder")[0]["messages"][1:]] == ["Hi.", "Hello.", "Add."]
    (record,) = host.kept[2]["metadata"]["agents"]
    assert [m["content"] for m in record["messages"]] == ["Hi.", "Hello.", "Add.", "3"]
