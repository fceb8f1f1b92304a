"""What is told of a bundle before anything runs: what is mounted, what is refused and why, what it costs."""

from __future__ import annotations

import sys

import pytest
from bundles import MINIMAL, Bench, module, tool_package, zipped

REPO = "git+https://github.com/someone/{name}@main"


async def test_a_small_bundle_is_mounted_and_counted():
    told = await Bench().report(MINIMAL)
    assert (told["name"], told["description"], told["instruction"]) == ("counter", "Counts.", "You count.")
    assert told["mounted"] == ["tool-alcove-calculator"]
    assert told["refused"] == []
    assert [(tool["name"], tool["asks"]) for tool in told["tools"]] == [("calculator", False)]
    assert told["text"] == MINIMAL
    assert 50 < told["tokens"] < 400


async def test_the_count_grows_with_the_prompt():
    bench = Bench()
    small = (await bench.report(MINIMAL))["tokens"]
    large = (await bench.report(MINIMAL + "word " * 400))["tokens"]
    assert large - small == pytest.approx(500, abs=5)


async def test_what_cannot_be_had_is_refused_by_name():
    told = await Bench().report(
        """
bundle: {name: wishes}
session:
  orchestrator: {module: loop-of-others}
  context: {module: context-of-others}
providers: [{module: provider-anthropic}]
tools: [{module: tool-alcove-clock}, {module: tool-bash}]
hooks: [{module: hooks-of-others}]
""",
        "wishes.yaml",
    )
    refused = {each["module"]: each["reason"] for each in told["refused"]}
    others = {"loop-of-others", "context-of-others", "provider-anthropic", "tool-bash", "hooks-of-others"}
    assert refused.keys() == others
    assert all("not installed" in reason for reason in refused.values())
    assert told["mounted"] == ["tool-alcove-clock"]
    assert told["providers"] == []


async def test_the_mcp_servers_of_a_bundle_are_told_and_not_asked_yet():
    servers = "{far: {url: 'https://mcp.example/mcp'}, odd: {}, mine: 3}"
    told = await Bench().report(
        f"bundle: {{name: far}}\ntools: [{{module: tool-alcove-mcp, config: {{servers: {servers}}}}}]",
        "far.yaml",
    )
    assert told["refused"][0]["module"] == "tool-alcove-mcp"
    good = servers.replace(", mine: 3", "")
    told = await Bench().report(
        f"bundle: {{name: far}}\ntools: [{{module: tool-alcove-mcp, config: {{servers: {good}}}}}]",
        "far.yaml",
    )
    assert told["mounted"] == ["tool-alcove-mcp"]
    assert (told["servers"], told["ownServers"]) == (["https://mcp.example/mcp"], ["odd"])
    assert told["tools"] == []


async def test_the_mcp_servers_of_its_agents_are_told_too():
    def servers(host: str) -> str:
        it = f"{{it: {{url: 'https://{host}/mcp'}}, {host[:3]}: {{}}}}"
        return f"[{{module: tool-alcove-mcp, config: {{servers: {it}}}}}, x]"

    told = await Bench().report(
        f"bundle: {{name: far}}\nspawn: {{tools: {servers('all.example')}}}\n"
        f"agents: {{one: {{tools: {servers('one.example')}}}, two: {{tools: 3}}}}",
        "far.yaml",
    )
    assert told["servers"] == ["https://all.example/mcp", "https://one.example/mcp"]
    assert told["ownServers"] == ["all", "one"]


async def test_an_agent_of_an_official_bundle_is_a_bundle():
    told = await Bench().report(
        "---\nmeta:\n  name: scout\n  description: Looks.\n---\nYou look.", "scout.md"
    )
    assert (told["name"], told["instruction"]) == ("scout", "You look.")


async def test_a_text_without_front_matter_is_an_instruction():
    told = await Bench().report("You are brief.", "brief.md")
    assert (told["name"], told["instruction"], told["tools"]) == ("brief", "You are brief.", [])


async def test_modules_come_with_the_zip():
    files = {
        "agent/bundle.md": f"""---
bundle: {{name: agent}}
tools:
  - module: tool-echo-zip
    source: {REPO.format(name="amplifier-module-tool-echo")}
  - module: tool-near
    source: ./modules/tool-near
  - module: tool-far
    source: {REPO.format(name="amplifier-module-tool-far")}
---
You echo.
""",
        **{
            f"amplifier-module-tool-echo-main/{p}": c
            for p, c in tool_package("tool-echo-zip", "echo").items()
        },
        **{f"agent/modules/tool-near/{p}": c for p, c in tool_package("tool-near", "near").items()},
    }
    told = await Bench().report(zipped(files), "agent.zip")
    assert told["mounted"] == ["tool-echo-zip", "tool-near"]
    assert [tool["name"] for tool in told["tools"]] == ["echo", "near"]
    assert all(tool["asks"] for tool in told["tools"])
    assert [each["module"] for each in told["refused"]] == ["tool-far"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('on import')", "on import"),
        ("import a_package_of_nobody", "the Python package a_package_of_nobody"),
        (module("tool", "raise RuntimeError('at mount')"), "at mount"),
        (module("tool", "import asyncio\nawait asyncio.Event().wait()"), "begin within"),
        ("import sys\nsys.exit(3)", "ends the program"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def mount(", "module_importable: Error loading module: '(' was never closed"),
        ("mount = 3", ""),
        ("", ""),
    ],
)
async def test_a_module_that_fails_is_refused_and_the_rest_is_mounted(monkeypatch, code, reason):
    monkeypatch.setattr("py_app.agents.patience._MOUNT_SECONDS", 0.5)
    bundle = "---\ntools: [{module: tool-bad, source: ./bad}, {module: tool-alcove-clock}]\n---\n"
    bench = Bench()
    told = await bench.report({"bundle.md": bundle, "bad/amplifier_module_tool_bad/__init__.py": code})
    (refusal,) = told["refused"]
    assert refusal["module"] == "tool-bad"
    assert reason in refusal["reason"]
    assert told["mounted"] == ["tool-alcove-clock"]
    sys.modules.pop("amplifier_module_tool_bad", None)


@pytest.mark.parametrize(
    "body", ["raise RuntimeError('in cleanup')", "import asyncio\nawait asyncio.Event().wait()"]
)
async def test_a_module_that_fails_in_cleanup_keeps_nothing_from_ending(monkeypatch, tmp_path, body):
    monkeypatch.setattr("py_app.agents.patience._CLEANUP_SECONDS", 0.2)
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    ((path, code),) = tool_package("tool-clinging", "clinging").items()
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(f"{code}\n    async def cleanup():\n{lines}\n\n    return cleanup\n")
    monkeypatch.syspath_prepend(tmp_path)
    told = await Bench().report("---\ntools: [{module: tool-clinging}]\n---\n")
    assert told["mounted"] == ["tool-clinging"]
    sys.modules.pop("amplifier_module_tool_clinging", None)


async def test_two_modules_of_one_name():
    bundle = """---
bundle: {name: b}
tools: [{module: tool-twice, source: ./one}, {module: tool-twice, source: ./two}]
---
"""
    files = {
        "bundle.md": bundle,
        **{f"one/{path}": code for path, code in tool_package("tool-twice", "first").items()},
        **{f"two/{path}": code for path, code in tool_package("tool-twice", "second").items()},
    }
    told = await Bench().report(files)
    assert told["refused"] == [
        {"module": "tool-twice", "reason": "there are two of this name; the first is used"}
    ]
    assert [tool["name"] for tool in told["tools"]] == ["first"]


async def test_code_of_a_bundle_takes_no_name_of_ours():
    bundle = "---\nbundle: {name: b}\nhooks: [{module: hooks-alcove-page, source: ./it}]\n---\n"
    files = {"bundle.md": bundle, "it/amplifier_module_hooks_alcove_page/__init__.py": module("hook", "pass")}
    (refusal,) = (await Bench().report(files))["refused"]
    assert refusal["module"] == "hooks-alcove-page"
    assert "Alcove's own" in refusal["reason"]


async def test_a_changed_module_takes_the_place_of_the_last_one():
    bench = Bench()
    bundle = "---\nbundle: {name: b}\ntools: [{module: tool-again, source: ./it}]\n---\n"
    for name in ("one", "two", "one"):
        code = {f"it/{path}": code for path, code in tool_package("tool-again", name).items()}
        told = await bench.report({"bundle.md": bundle, **code})
        assert [tool["name"] for tool in told["tools"]] == [name]
