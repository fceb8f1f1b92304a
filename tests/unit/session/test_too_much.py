"""Results that are too large or no results at all, budgets, and models that go round in circles."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from amplifier_core.models import ToolResult
from fakes import TOOL, Client, FakeHost, answer, call, calls

GO = calls(call("add", {"a": 1, "b": 2}))
DONE = answer("Done.")


def told(host: FakeHost, request: int = 1) -> str:
    """What the model read of its last tool call."""
    return host.requests[request]["messages"][-1]["content"]


async def returning(host: FakeHost, output: Any, **config: Any) -> Client:
    """A chat whose function of the page returns `output`."""

    async def tool(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": output}

    host.tool = tool
    return await Client.open(host, tools=[TOOL], **config)


@pytest.mark.parametrize("output", ["x" * 1_000_000, ["y" * 1000] * 1000], ids=["text", "list"])
@pytest.mark.parametrize("context", [2048, 131_072])
async def test_a_result_that_is_too_large_is_shortened_for_model_and_person(output: Any, context: int):
    host = FakeHost(GO, DONE, answer("Fine."), context=context)
    chat = await returning(host, output)
    assert (await chat.send("Go"))["ok"] == {"text": "Done.", "finishReason": "stop"}
    assert "left out here: this result was too long" in told(host)
    assert len(told(host)) < (41_000 if context > 100_000 else 8_000)
    shown = host.of_type("tool")[1]
    assert "too long" in shown["result"]
    assert shown["success"] is True
    assert (await chat.send("Hi"))["ok"]["text"] == "Fine."
    kept = next(message for message in await chat.history() if message["role"] == "tool")
    assert 39_000 < len(kept["content"]) < 41_000  # what is kept does not depend on the model


async def test_several_large_results_fit_together():
    several = [call("add", {"a": n, "b": n}, f"c{n}") for n in range(4)]
    host = FakeHost(calls(*several), DONE, context=2048)
    chat = await returning(host, "word " * 4000)
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    results = [m["content"] for m in host.requests[1]["messages"] if m["role"] == "tool"]
    assert len(results) == 4
    assert all("too long" in result for result in results)


class Odd:
    name = "odd"
    description = "Returns odd things."
    input_schema: dict[str, Any] = {}  # noqa: RUF012
    side_effects = False

    def __init__(self, returned: Any) -> None:
        self.returned = returned

    async def execute(self, input: Any) -> Any:  # noqa: A002
        if isinstance(self.returned, BaseException):
            raise self.returned
        return self.returned


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (b"\x00" * 5000, "5,000 bytes of binary data"),
        (ToolResult(output=b"abc"), "3 bytes of binary data"),
        (ToolResult(output={"x": float("nan"), "y": [float("inf")]}), '"nan"'),
        (float("nan"), "nan"),
        (nested(3000), "nested too deeply"),
        (ToolResult(output=nested(3000)), "nested too deeply"),
        (object(), "object object"),
        (None, "Success"),
        (RuntimeError("z" * 1_000_000), "too long"),
    ],
    ids=["bytes", "result-bytes", "nan", "bare-nan", "deep", "result-deep", "object", "none", "raises"],
)
async def test_a_result_that_is_none_is_told_and_the_turn_ends_well(returned: Any, said: str):
    host = FakeHost(calls(call("odd")), DONE, answer("Fine."))
    chat = await Client.open(host)
    await chat.app._find("s")._coordinator.mount("tools", Odd(returned), name="odd")
    async with asyncio.timeout(10):
        assert (await chat.send("Go"))["ok"]["text"] == "Done."
        assert said in told(host)
        assert len(told(host)) < 5000
        json.dumps(await chat.history(), allow_nan=False)
        assert (await chat.send("Hi"))["ok"]["text"] == "Fine."


async def test_a_deep_result_of_the_page():
    host = FakeHost(GO, DONE)
    chat = await Client.open(host, tools=[TOOL])

    async def call_tool(*about: str) -> str:
        return f'{{"ok": {"[" * 3000}{"]" * 3000}}}'

    host.call_tool = call_tool  # pyright: ignore[reportAttributeAccessIssue]
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert "nested too deeply" in told(host)


# --- budgets and circles ---------------------------------------------------------------------------------


async def test_the_same_call_three_times_in_a_row_ends_the_turn_with_a_word():
    host = FakeHost(GO)
    chat = await Client.open(host, tools=[TOOL])
    outcome = (await chat.send("Go"))["ok"]
    assert outcome["finishReason"] == "budget"
    assert "same call" in outcome["text"]
    assert len(host.tool_calls) == 2
    assert len(host.requests) == 3
    assert (await chat.history())[-1]["content"] == outcome["text"]
    assert (await chat.send("Again"))["ok"]["finishReason"] == "budget"  # each turn anew
    assert len(host.tool_calls) == 4


async def test_calls_that_differ_are_no_circle():
    steps = [calls(call("add", {"a": n % 2, "b": 0})) for n in range(6)]
    host = FakeHost(*steps, DONE)
    chat = await Client.open(host, tools=[TOOL])
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert len(host.tool_calls) == 6


@pytest.mark.parametrize(
    ("budget", "word", "most"),
    [
        ({"toolCalls": 2}, "2 tool calls", 2),
        ({"tokens": 20}, "20 tokens", 2),
        ({"seconds": 0.1}, "0.1 seconds", 1),
    ],
)
async def test_a_budget_ends_the_turn_with_a_word(budget: dict[str, float], word: str, most: int):
    steps = [calls(call("add", {"a": n, "b": 0})) for n in range(9)]
    host = FakeHost(*steps)

    async def slow(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.11)
        return {"ok": 1}

    host.tool = slow
    chat = await Client.open(host, tools=[TOOL], budget=budget)
    outcome = (await chat.send("Go"))["ok"]
    assert outcome["finishReason"] == "budget"
    assert word in outcome["text"]
    assert len(host.tool_calls) <= most


async def test_the_model_may_say_what_came_of_its_last_call():
    host = FakeHost(GO, DONE)
    chat = await Client.open(host, tools=[TOOL], budget={"toolCalls": 1})
    assert (await chat.send("Go"))["ok"] == {"text": "Done.", "finishReason": "stop"}
    assert len(host.tool_calls) == 1


async def test_the_time_in_which_the_person_thinks_is_not_the_turns():
    risky = {**TOOL, "sideEffects": True}
    host = FakeHost(GO, DONE)
    chat = await Client.open(host, tools=[risky], budget={"seconds": 0.3})

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "approval":
            answering = chat.call("respond", event["id"], "Allow once")
            asyncio.get_running_loop().call_later(0.5, asyncio.ensure_future, answering)

    host.on_event = respond
    assert (await chat.send("Go"))["ok"]["text"] == "Done."


@pytest.mark.parametrize("budget", [{"money": 1}, {"tokens": 0}, {"tokens": "x"}, {"seconds": True}, 3])
async def test_a_budget_that_is_none(budget: Any):
    chat = await Client.open(FakeHost(), id="good")
    assert (await chat.opened(budget=budget))["error"]["code"] == "bad-request"
