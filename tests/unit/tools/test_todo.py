"""The list of steps: its actions, and that a conversation which goes on has it again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes import Client, FakeHost, answer, call, calls
from mounted_tool import mounted


async def act(tool: Any, action: str, *items: str) -> list[str]:
    output = (await tool.execute({"action": action, "items": list(items)})).output
    return [("x " if step["done"] else "  ") + step["text"] for step in output["todo"]]


async def test_steps_are_set_done_and_removed() -> None:
    tool, _ = await mounted("todo")
    tool._run.__self__._steps = []
    assert await act(tool, "set", "buy", "cook", "eat") == ["  buy", "  cook", "  eat"]
    assert await act(tool, "done", "1", "Cook") == ["x buy", "x cook", "  eat"]
    assert await act(tool, "undone", "#1") == ["  buy", "x cook", "  eat"]
    assert await act(tool, "add", "rest") == ["  buy", "x cook", "  eat", "  rest"]
    assert await act(tool, "remove", "cook", "rest") == ["  buy", "  eat"]
    assert await act(tool, "list") == ["  buy", "  eat"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"action": "done", "items": ["9"]}, "no step"),
        ({"action": "done"}, "Name the steps"),
        ({"action": "fly", "items": ["a"]}, "must be one of"),
        ({"action": "set", "items": ["x"] * 101}, "at most 100"),
    ],
)
async def test_what_cannot_be_is_told(given: dict[str, Any], said: str) -> None:
    tool, _ = await mounted("todo")
    tool._run.__self__._steps = [{"text": "a", "done": False}]
    result = await tool.execute(given)
    assert said in result.output
    assert (await tool.execute({"action": "list"})).output["left"] == 1


async def test_a_conversation_that_goes_on_has_its_list_again() -> None:
    add = calls(call("todo", {"action": "set", "items": ["buy"]}))
    host = FakeHost(add, answer("Done."))
    chat = await Client.open(host, tools=["todo"])
    await chat.send("Go")
    look = FakeHost(calls(call("todo", {"action": "done", "items": ["buy"]})), answer("Done."))
    again = await Client.open(look, tools=["todo"], messages=host.kept)
    await again.send("Go")
    told = json.loads(look.requests[1]["messages"][-1]["content"])
    assert told == {"todo": [{"number": 1, "text": "buy", "done": True}], "left": 0}
