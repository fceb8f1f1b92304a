"""Thinking, from a model to the page, into the transcript, and not back to the model."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from amplifier_core.testing import MockCoordinator
from fakes import TOOL, Client, FakeHost, answer, call, calls, fails, hangs, until

from py_app.hooks import mount

THOUGHT = ("<thi", "nk>\nlet me", " see\n</thi", "nk>\n\nPar", "is.")


def thought(host: FakeHost) -> str:
    return "".join(event["text"] for event in host.of_type("thinking"))


def kept(host: FakeHost) -> list[tuple[str, str]]:
    """The blocks of the last message."""
    return [(block["type"], block.get("thinking") or block["text"]) for block in host.kept[-1]["content"]]


async def test_thinking_is_told_apart_kept_and_not_sent_back():
    host = FakeHost(answer(*THOUGHT), answer("Yes."))
    chat = await Client.open(host)
    said = await chat.send("The capital of France?")
    assert said["ok"]["text"] == host.text == "Paris."
    assert thought(host) == "let me see"
    assert [event["ms"] >= 0 for event in host.of_type("thinking") if "ms" in event] == [True]
    assert kept(host) == [("thinking", "let me see"), ("text", "Paris.")]
    assert host.kept[-1]["content"][0]["ms"] >= 0
    await chat.send("Really?")
    assert [message["content"] for message in host.requests[1]["messages"][-3:]] == [
        "The capital of France?",
        "Paris.",
        "Really?",
    ]


async def test_thinking_that_a_template_opened_takes_back_the_text_that_it_was_shown_as():
    host = FakeHost(answer("let me", " see", "</think>", "\n\nParis."))
    chat = await Client.open(host)
    assert (await chat.send("The capital of France?"))["ok"]["text"] == "Paris."
    (event,) = host.of_type("thinking")
    assert (event["text"], event["instead"]) == ("let me see", True)
    order = [event["type"] for _, event in host.events if event["type"] in ("text", "thinking")]
    assert order.index("thinking") < len(order) - 1
    assert kept(host) == [("thinking", "let me see"), ("text", "Paris.")]


@pytest.mark.parametrize("said", [("<think>so",), ("<think>so", "</think>", "Par")])
async def test_what_was_thought_is_kept_when_it_is_stopped(said):
    host = FakeHost(hangs(*said), answer("Yes."))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("The capital of France?"))
    await until(lambda: thought(host) == "so" and host.text == "".join(said[2:]))
    await chat.call("cancel", True)
    assert (await turn)["ok"] == {"text": "".join(said[2:]), "finishReason": "cancelled"}
    assert kept(host)[0] == ("thinking", "so")
    await chat.send("Go on")
    assert "so" not in json.dumps(host.requests[1]["messages"]).replace("capital", "")


async def test_text_that_turned_out_to_be_thinking_is_not_kept_as_the_answer_of_a_turn_that_fails():
    host = FakeHost(fails("engine-crashed", "let me see", "</think>", "Par"))
    chat = await Client.open(host)
    assert "error" in await chat.send("The capital of France?")
    assert host.kept[-1]["content"] == "Par"


async def test_each_step_thinks_for_itself():
    async def thinks(running: Any) -> str:
        await running.say("<think>one</think>")
        return await calls(call("add", {"a": 1, "b": 2}))(running)

    host = FakeHost(thinks, answer("<think>two</think>Three."))
    chat = await Client.open(host, tools=[TOOL])
    await chat.send("What is 1 + 2?")
    kinds = [event["type"] for _, event in host.events if event["type"] in ("text", "thinking", "tool")]
    assert [kind for i, kind in enumerate(kinds) if kinds[i - 1 : i] != [kind]] == [
        "thinking",
        "tool",
        "thinking",
        "text",
    ]
    assert "one" not in json.dumps(host.requests[1]["messages"])


EVENTS = {
    "blocks, whole at their end": [("content_block:end", {"block": {"type": "thinking", "thinking": "Hm."}})],
    "a dataclass's block": [("content_block:end", {"block": {"type": "thinking", "text": "Hm."}})],
    "thinking:final alone": [("thinking:final", {"text": "Hm."})],
    "thinking:delta and final": [
        ("thinking:delta", {"delta": "H"}),
        ("thinking:delta", {"text": "m."}),
        ("thinking:final", {"thinking": "Hm."}),
        ("content_block:end", {"block_type": "thinking", "block": {"type": "thinking", "thinking": "Hm."}}),
    ],
    "the end says more": [
        ("content_block:delta", {"block_type": "thinking", "delta": {"text": "H"}}),
        ("content_block:end", {"block": {"type": "thinking", "thinking": "Hm."}}),
    ],
    "reasoning": [("content_block:end", {"block": {"type": "reasoning", "summary": [{"text": "Hm."}]}})],
}


@pytest.mark.parametrize("spelling", EVENTS)
async def test_the_events_of_other_modules(spelling: str):
    coordinator = MockCoordinator()
    shown: list[dict[str, Any]] = []

    class Page:
        def emit(self, event: dict[str, Any]) -> None:
            shown.append(event)

    coordinator.register_capability("alcove.page", Page())
    remove = await mount(coordinator)
    for event, data in EVENTS[spelling]:
        await coordinator.hooks.emit(event, data)
    remove()
    await coordinator.hooks.emit(*EVENTS[spelling][-1])
    assert "".join(event["text"] for event in shown) == "Hm."
    assert {event["type"] for event in shown} == {"thinking"}


async def test_an_answer_that_thought_and_broke_off_in_a_word_goes_on_in_it():
    host = FakeHost(hangs("<think>so</think>", "Par"), answer("is."))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("The capital of France?"))
    await until(lambda: host.text == "Par")
    await chat.call("cancel", True)
    await turn
    assert "ok" in json.loads(await chat.app.go_on("s"))
    assert kept(host) == [("thinking", "so"), ("text", "Paris.")]
