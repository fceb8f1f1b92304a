"""Whatever orchestrator a plan names, the page hears the same, and hooks and the person have the same say."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from amplifier_core.models import HookResult
from fakes import TOOL, Client, FakeHost, answer, call, calls, chunk, completion, until

from py_app.message import text_of

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}

LOOPS: dict[str, dict[str, Any]] = {
    "ours": {},
    "as loop-basic": {"orchestrator": {"module": "loop-plain"}, "context": {"module": "context-plain"}},
    "as loop-streaming": {
        "orchestrator": {"module": "loop-plain", "config": {"tells_blocks": True}},
        "context": {"module": "context-plain", "config": {"factory": True}},
    },
    "as loop-events": {
        "orchestrator": {"module": "loop-silent"},
        "context": {"module": "context-plain", "config": {"factory": True}},
    },
    "as loop-events, over our context": {"orchestrator": {"module": "loop-silent"}},
}
every_loop = pytest.mark.parametrize("session", LOOPS.values(), ids=LOOPS)


async def opened(
    host: FakeHost, session: dict[str, Any], option: str = "Allow once", **config: Any
) -> Client:
    chat = await Client.open(host, tools=[TOOL, RISKY], plan={"session": session}, **config)

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "approval":
            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], option))

    host.on_event = respond
    return chat


async def thinks(running: Any) -> str:
    running.on_chunk(chunk("", reasoning_content="Hm."))
    await running.say("Both", " done.")
    answered = json.loads(completion("Both done."))
    answered["choices"][0]["message"]["reasoning_content"] = "Hm."
    return json.dumps(answered)


def heard(host: FakeHost) -> list[Any]:
    """What the page was told, pieces joined, less what is by chance."""
    told: list[Any] = []
    for _, event in host.events:
        kind = event["type"]
        if kind in ("text", "thinking"):
            if told and told[-1][0] == kind:
                told[-1][1] += event["text"]
            else:
                told.append([kind, event["text"]])
        else:
            told.append([kind, {key: value for key, value in event.items() if key not in ("id", "call")}])
    return told


SCRIPTS: dict[str, tuple[tuple[Any, ...], str]] = {
    "tools and thinking": (
        (
            calls(call("send_mail", {"to": "x"}, "m"), text="Sure. "),
            calls(call("add", {"a": 1, "b": 2}, "s")),
            thinks,
            answer("And", " so."),
        ),
        "Allow once",
    ),
    "refused": (
        (calls(call("send_mail", {"to": "x"}), text="Sure. "), answer("As you wish."), answer("Yes.")),
        "Deny",
    ),
    "no such tool": ((calls(call("fly")), answer("No."), answer("Yes.")), "Deny"),
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_the_page_is_told_the_same(script: str):
    told: dict[str, list[Any]] = {}
    for name, session in LOOPS.items():
        scripts, option = SCRIPTS[script]
        host = FakeHost(*scripts)
        chat = await opened(host, session, option, system="Be brief.")
        await chat.send("Go")
        await chat.send("More")
        told[name] = heard(host)
        for event in told[name]:  # the words for a refusal are each orchestrator's own
            if event[0] == "tool" and event[1].get("success") is False:
                event[1].pop("result")
        assert all(request["messages"][0]["content"] == "Be brief." for request in host.requests), name
    assert len(told["ours"]) > 4
    for name, events in told.items():
        assert events == told["ours"], name


@every_loop
async def test_a_prompt_is_what_hooks_have_made_of_it(session: dict[str, Any]):
    host = FakeHost(answer("Noted."))
    chat = await opened(host, session)

    async def redact(event: str, data: dict[str, Any]) -> HookResult:
        return HookResult(
            action="modify", data={**data, "prompt": data["prompt"].replace("hunter2", "[REDACTED]")}
        )

    chat.app._find("s")._coordinator.hooks.register("prompt:submit", redact, 10, "redact")
    await chat.send("My password is hunter2.")
    assert host.requests[0]["messages"][-1]["content"] == "My password is [REDACTED]."
    assert "hunter2" not in json.dumps([host.kept, await chat.history()])


@every_loop
@pytest.mark.parametrize("late", [False, True])
async def test_the_model_is_steered_while_it_works(session: dict[str, Any], late: bool):
    going = asyncio.Event()

    async def waits(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        await going.wait()
        return {"ok": 3}

    async def says_so(running: Any) -> str:
        await going.wait()
        return await answer("Three.")(running)

    scripts = (says_so,) if late else (calls(call("add", {"a": 1, "b": 2})),)
    host = FakeHost(*scripts, answer("Trois."), answer("Trois."))
    chat = await opened(host, session)
    host.tool = waits
    coordinator = chat.app._find("s")._coordinator
    heard: list[str] = []

    async def hear(event: str, data: dict[str, Any]) -> None:
        heard.append(data["content"])

    coordinator.hooks.register("orchestrator:steering_injected", hear, 0, "hear")
    assert (await chat.call("steer", "Too early."))["error"]["code"] == "bad-request"
    turn = asyncio.ensure_future(chat.send("Add."))
    await until(lambda: host.requests and (late or host.tool_calls))
    assert (await chat.call("steer", "  "))["error"]["message"] == "The message is empty."
    assert (await chat.call("steer", "In French, please.")) == {"ok": None}
    going.set()
    assert (await turn)["ok"]["text"] == "Trois."
    assert "In French, please." in [message["content"] for message in host.requests[-1]["messages"]]
    assert [message["role"] for message in await chat.history()].count("user") == 2
    assert host.of_type("steered") == [{"type": "steered", "text": "In French, please."}]
    # What was said meanwhile is a part of the turn that is tried again.
    host.scripts[:] = [answer("Three.")]
    await chat.call("retry")
    assert [text_of(message) for message in await chat.history()] == ["Add.", "Three."]
    if session.get("orchestrator", {}).get("module") != "loop-silent" and not late:
        assert heard == ["In French, please."]


@pytest.mark.parametrize("reached", ["max_iterations", "budget"])
async def test_what_was_said_as_a_turn_reached_its_limit_is_kept(reached: str):
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})))
    config = {"max_iterations": 1} if reached == "max_iterations" else {}
    plan = {"session": {"orchestrator": {"module": "loop-alcove", "config": config}}}
    budget = {"tokens": 1} if reached == "budget" else {}
    chat = await Client.open(host, plan=plan, tools=[TOOL], approvals="allow", budget=budget)
    steer = chat.app._find("s")._coordinator.get_capability("session.steer")

    async def steers(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        steer("In French, please.")
        return {"ok": 3}

    host.tool = steers
    assert (await chat.send("Add."))["ok"]["finishReason"] == reached
    assert "In French, please." in [message["content"] for message in await chat.history()]


@every_loop
async def test_what_a_hook_tells_the_person_is_a_notice(session: dict[str, Any]):
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("Three."))
    chat = await opened(host, session)

    async def warn(event: str, data: dict[str, Any]) -> HookResult:
        return HookResult(
            action="inject_context",
            context_injection="Be brief.",
            user_message="Sums cost\nmoney.",
            user_message_level="warning",
        )

    chat.app._find("s")._coordinator.hooks.register("tool:pre", warn, 10, "warn")
    await chat.send("Go")
    (notice,) = host.of_type("notice")
    assert (notice["level"], notice["text"]) == ("warning", "Sums cost\nmoney.")
