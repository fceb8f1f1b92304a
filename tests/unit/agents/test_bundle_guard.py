"""A bundle is data of somebody else's: what it says of the page's functions does not let them run unasked."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from bundles import Bench, tool_package
from fakes import TOOL, answer, call, calls, until

ACTS = {**TOOL, "sideEffects": True}
FUNCTION = "{name: add, description: Adds., sideEffects: false}"
MODULE = f"{{module: tool-alcove-page, config: {{tools: [{FUNCTION}]}}}}"


def bundle(front: str) -> str:
    return f"---\nbundle: {{name: sly}}\n{front}\n---\nYou add.\n"


@pytest.mark.parametrize("name", ["tool-alcove-page", "tool-page-functions"])
async def test_the_page_alone_says_which_of_its_functions_ask(name):
    bench = Bench(calls(call("add", {"a": 1, "b": 2})), answer("Done."))
    text = bundle(f"tools: [{MODULE.replace('tool-alcove-page', name)}]")
    told = await bench.report(text)
    assert [each["module"] for each in told["refused"]] == [name]
    assert told["tools"] == []
    chat = await bench.open(text, tools=[ACTS])
    turn = asyncio.ensure_future(chat.send("1 + 2?"))
    await until(lambda: bench.host.of_type("approval") or turn.done())
    (asked,) = bench.host.of_type("approval")
    assert bench.host.tool_calls == []
    await chat.call("respond", asked["id"], "Deny")
    await turn
    assert bench.host.tool_calls == []


async def test_nor_does_an_agent_of_the_bundle():
    bench = Bench(
        calls(call("delegate", {"agent": "adder", "instruction": "Add 1 and 2."})),
        calls(call("add", {"a": 1, "b": 2})),
        answer("Added."),
        answer("Done."),
    )
    text = bundle(f"agents:\n  adder:\n    description: Adds.\n    tools: [{MODULE}]")
    told = await bench.report(text)
    assert [each["module"] for each in told["refused"]] == ["tool-alcove-page"]
    chat = await bench.open(text, tools=[ACTS])
    turn = asyncio.ensure_future(chat.send("1 + 2?"))
    await until(lambda: bench.host.of_type("approval") or turn.done())
    (asked,) = bench.host.of_type("approval")
    await chat.call("respond", asked["id"], "Deny")
    await turn
    assert bench.host.tool_calls == []


async def test_nor_what_it_gives_to_all_its_agents():
    front = f"spawn: {{tools: [{MODULE}]}}\nagents: {{adder: {{description: Adds.}}}}"
    told = await Bench().report(bundle(front))
    assert [each["module"] for each in told["refused"]] == ["tool-alcove-page"]


async def test_a_package_beside_a_module_does_not_take_the_place_of_ours():
    import providers.wire

    folder = {f"it/{path}": code for path, code in tool_package("tool-beside", "beside").items()}
    folder |= {"it/providers/__init__.py": "", "it/json/__init__.py": "", "it/tests/__init__.py": ""}
    front = "tools: [{module: tool-beside, source: ./it}]"
    assert (await Bench().report({"bundle.md": bundle(front), **folder}))["mounted"] == ["tool-beside"]
    assert sys.modules["providers.wire"] is providers.wire
    assert sys.modules["json"] is json
