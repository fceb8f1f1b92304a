"""Conversations with an agent, and what a person changes in one."""

from __future__ import annotations

import sys

from bundles import MINIMAL, Bench, module, tool_package, zipped
from fakes import TOOL, answer, call, calls, result_of

ECHO = {
    "bundle.md": "---\nbundle: {name: echo}\ntools: [{module: tool-parrot, source: ./it}]\n---\nYou echo.",
    **{f"it/{path}": code for path, code in tool_package("tool-parrot", "parrot", "parrot:").items()},
}


async def test_its_prompt_and_tools_are_used():
    bench = Bench(calls(call("calculator", {"expression": "6*7"})), answer("42"))
    chat = await bench.open(MINIMAL, system="The model's own.")
    await chat.send("What is 6*7?")
    messages = bench.host.requests[0]["messages"]
    assert messages[0]["content"] == "You count."
    assert "42" in result_of(bench.host)
    assert bench.host.records[-1]["agent"] == {"name": "an agent"}


async def test_what_is_asked_for_wins():
    bench = Bench()
    agent = MINIMAL.replace(
        "tools:", "providers: [{module: provider-webllm, config: {model: other}}]\ntools:"
    )
    await bench.report(agent)
    told = {"archive": str(bench.archive), "name": "a", "system": True, "model": True}
    from fakes import Client

    chat = Client(bench.app, bench.host)
    opened = await chat.opened(agent=told, system="Asked for.", tools=["calculator", TOOL])
    assert (opened["ok"]["provider"], opened["ok"]["model"]) == ("llamacpp", "tiny")
    await chat.send("Hello")
    request = bench.host.requests[0]
    assert request["messages"][0]["content"] == "Asked for."
    assert bench.host.records[-1]["agent"] == {"name": "a", "system": True}
    assert [tool["function"]["name"] for tool in request["tools"]] == ["calculator", "add"]


async def test_a_tool_of_a_bundle_asks_first():
    bench = Bench(calls(call("parrot", {"text": "hi"})), answer("done"))
    asked = []
    chat = await bench.open(ECHO)

    def allow(event):
        if event["type"] == "approval":
            asked.append(event["tool"])
            import asyncio

            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], event["options"][0]))

    bench.host.on_event = allow
    await chat.send("Say hi")
    assert asked == ["parrot"]
    assert result_of(bench.host) == "parrot: hi"


async def test_what_is_lost_since_it_was_added_is_told_once():
    bench = Bench()
    bundle = MINIMAL.replace("tool-alcove-calculator", "tool-of-nobody")
    chat = await bench.open(bundle)
    await chat.send("Hello")
    await chat.send("And now?")
    (notice,) = bench.host.of_type("notice")
    assert notice["text"].startswith("This agent goes on without tool-of-nobody: it is not installed")


async def test_what_was_told_when_it_was_added_is_not_told_again():
    bench = Bench()
    chat = await bench.open(
        MINIMAL.replace("tool-alcove-calculator", "tool-of-nobody"), known=["tool-of-nobody"]
    )
    await chat.send("Hello")
    assert bench.host.of_type("notice") == []


async def test_a_bundle_is_changed_where_the_person_changed_it():
    bench = Bench()
    text = MINIMAL.replace("tools:", "hooks: [{module: hooks-alcove-page}]\nx-note: kept\ntools:")
    await bench.report(text)
    model = {"provider": "llamacpp", "model": "smollm2-135m-instruct"}
    told = await bench.change(
        name=" tally ", instruction="Count well.", tools=["clock", "calculator"], model=model
    )
    assert (told["name"], told["instruction"], told["description"]) == ("tally", "Count well.", "Counts.")
    assert [tool["name"] for tool in told["tools"]] == ["clock", "calculator"]
    assert told["providers"] == [{"module": "provider-llamacpp", "config": {"model": model["model"]}}]
    assert "x-note: kept" in told["text"]
    assert "hooks-alcove-page" in told["text"]
    told = await bench.change(tools=[], model=None)
    assert (told["tools"], told["providers"]) == ([], [])
    assert (await bench.change(text=MINIMAL))["text"] == MINIMAL


async def test_instructions_make_markdown_of_yaml():
    bench = Bench()
    await bench.report("bundle: {name: y}\ntools: [{module: tool-alcove-clock}]\n", "y.yaml")
    told = await bench.change(instruction="Now I say something.")
    assert told["entry"] == "y.md"
    assert told["instruction"] == "Now I say something."
    assert told["mounted"] == ["tool-alcove-clock"]


async def test_a_bad_change_is_refused():
    import json

    bench = Bench()
    for changes in ({"name": ""}, {"text": "---\n["}, {"tools": ["nothing"]}, {"instruction": 3}):
        await bench.report(MINIMAL)
        answer = json.loads(await bench.app.change_bundle(str(bench.archive), json.dumps(changes)))
        assert answer["error"]["code"] == "bad-request", changes


async def test_an_agent_of_a_folder_brings_code_of_its_own():
    bench = Bench(
        calls(call("delegate", {"agent": "scout", "instruction": "Say it."})),
        answer("It was said."),
        answer("Done."),
    )
    tools = "[{module: tool-scouts, source: ./it}, {module: tool-lost, source: ./lost}]"
    scout = f"---\nmeta: {{name: scout, description: Looks.}}\ntools: {tools}\n---\nLook.\n"
    files = {
        "mine/bundle.md": "---\nbundle: {name: mine}\nagents: {include: [scout]}\n---\nYou lead.\n",
        "mine/agents/scout.md": scout,
        **{f"mine/it/{path}": code for path, code in tool_package("tool-scouts", "say").items()},
    }
    chat = await bench.open(zipped(files))
    await chat.send("Go")
    (told,) = [request for request in bench.host.requests if "Look." in request["messages"][0]["content"]]
    assert "say" in [tool["function"]["name"] for tool in told["tools"]]
    (lost,) = [event["text"] for event in bench.host.of_type("notice")]
    assert lost.startswith('The agent "scout" works without tool-lost: it is not installed')


async def test_what_cannot_be_mounted_is_not_tried_again_for_each_sub_agent(monkeypatch):
    tried: list[str] = []
    monkeypatch.setattr(sys, "tried_to_mount", tried, raising=False)
    bench = Bench(
        calls(call("delegate", {"agent": "scout", "instruction": "Look."})), answer("Seen."), answer("Done.")
    )
    tools = "[{module: tool-failing, source: ./it}]"
    bundle = f"---\nbundle: {{name: mine}}\ntools: {tools}\nagents: {{scout: {{}}}}\n---\nYou lead.\n"
    code = module("tool", "import sys\nsys.tried_to_mount.append('it')\nraise RuntimeError('no')")
    files = {"bundle.md": bundle, "it/amplifier_module_tool_failing/__init__.py": code}
    chat = await bench.open(zipped(files))
    before = len(tried)
    assert before
    await chat.send("Go")
    assert [event["status"] for event in bench.host.of_type("agent") if event["phase"] == "end"] == [
        "success"
    ]
    assert len(tried) == before
