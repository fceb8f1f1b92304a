"""How several files are one bundle: includes, agents, context and mentions."""

from __future__ import annotations

from bundles import Bench, zipped


async def prompt_of(bench: Bench, content: bytes) -> str:
    chat = await bench.open(content)
    await chat.send("Hello")
    (system,) = [m for m in bench.host.requests[-1]["messages"] if m["role"] == "system"]
    return system["content"]


async def test_includes_are_composed_and_the_bundle_wins():
    files = {
        "bundle.md": """---
bundle: {name: top}
includes:
  - bundle: top:behaviors/base
  - ./other.yaml
tools:
  - {module: tool-alcove-calculator, config: {b: 2}}
---
Top.
""",
        "behaviors/base.yaml": """
bundle: {name: base, description: From below.}
session: {orchestrator: {module: loop-alcove, config: {max_iterations: 3}}}
tools: [{module: tool-alcove-calculator, config: {a: 1}}, {module: tool-alcove-clock}]
""",
        "other.yaml": "bundle: {name: other}\ntools: [{module: tool-alcove-todo}]\n",
    }
    told = await Bench().report(files)
    assert told["name"] == "top"
    assert told["description"] == "From below."
    assert told["mounted"] == [
        "loop-alcove",
        "tool-alcove-calculator",
        "tool-alcove-clock",
        "tool-alcove-todo",
    ]
    assert {tool["name"]: tool["own"] for tool in told["tools"]} == {
        "calculator": True,
        "clock": False,
        "todo": False,
    }


async def test_includes_of_repositories_beside_it():
    files = {
        "mine-main/bundle.md": """---
bundle: {name: mine}
includes: [{bundle: "git+https://github.com/someone/theirs@main#subdirectory=behaviors/b.yaml"}]
---
Mine, with @theirs:context/rules.md and `@not:this`.
""",
        "theirs-main/bundle.md": "---\nbundle: {name: theirs}\n---\nTheirs.",
        "theirs-main/behaviors/b.yaml": """
bundle: {name: theirs-b}
includes: [{bundle: "git+https://github.com/someone/theirs@main"}]
context: {include: ["theirs:context/more.md"]}
""",
        "theirs-main/context/rules.md": "Be kind. See @theirs:context/deep.md",
        "theirs-main/context/deep.md": "Deep.",
        "theirs-main/context/more.md": "More.",
    }
    bench = Bench()
    prompt = await prompt_of(bench, zipped(files))
    assert prompt.startswith("Mine, with @theirs:context/rules.md")
    for told in ("Be kind.", "Deep.", "More."):
        assert prompt.count(told) == 1


async def test_agents_fill_the_plan_in_amplifiers_shape():
    from py_app.agents.reading import read_agent

    files = {
        "bundle.md": """---
bundle: {name: team}
agents:
  include: [team:scout, lost]
  writer: {description: Writes., instruction: You write.}
---
""",
        "agents/scout.md": """---
meta: {name: scout, description: Looks.}
tools: [{module: tool-alcove-clock}]
---
Look.""",
    }
    agent = await read_agent({path: text.encode() for path, text in files.items()})
    assert agent.plan["agents"] == {
        "writer": {"name": "writer", "description": "Writes.", "instruction": "You write."},
        "team:scout": {
            "name": "team:scout",
            "description": "Looks.",
            "tools": [{"module": "tool-alcove-clock"}],
            "instruction": "Look.",
        },
    }
    assert [each["module"] for each in agent.refused] == ["lost"]


async def test_what_is_missing_is_refused_by_name():
    told = await Bench().report(
        """---
bundle: {name: poor}
includes: [./gone.yaml, "git+https://github.com/a/b@main", "unknown:thing"]
context: {include: [context/gone.md]}
agents: {include: [gone]}
---
Poor.
"""
    )
    names = [each["module"] for each in told["refused"]]
    assert sorted(names) == ["./gone.yaml", "a/b", "context/gone.md", "gone", "unknown:thing"]


async def test_the_mention_resolver_is_a_capability():
    from py_app.agents.reading import read_agent

    files = {"bundle.md": b"---\nbundle: {name: m}\n---\nHi.", "notes/a.md": b"A."}
    agent = await read_agent(files)
    resolve = agent.mentions.resolve
    assert resolve("@notes/a.md") == resolve("@m:notes/a") == resolve("@m:notes/a.md")
    assert resolve("@m:notes/a.md").read_text() == "A."
    assert resolve("@../../etc/passwd") is resolve("@other:notes/a.md") is resolve("notes/a.md") is None


async def test_bundles_that_include_each_other():
    files = {
        "bundle.md": "---\nbundle: {name: a}\nincludes: [./b.yaml]\n---\n",
        "b.yaml": "bundle: {name: b}\nincludes: [./c.yaml]\n",
        "c.yaml": "bundle: {name: c}\nincludes: [a:bundle.md]\n",
    }
    said = await Bench().refused(files)
    assert said == "The bundles include each other: bundle.md → b.yaml → c.yaml → bundle.md."
