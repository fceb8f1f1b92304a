"""Where amplifier-foundation is installed it reads the bundle: what we give it, what we make of its answer.

Its wheel is on no registry, so a stand-in with the names that we use takes its place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bundles import Bench, tool_package, zipped

_STAND_IN = """
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlparse
import yaml
from . import mentions


@dataclass
class Bundle:
    name: str
    version: str = "1.0.0"
    description: str = ""
    instruction: str = ""
    base_path: Path | None = None
    plan: dict = field(default_factory=dict)
    context: dict = field(default_factory=dict)
    source_base_paths: dict = field(default_factory=dict)
    names: list = field(default_factory=list)

    def to_mount_plan(self):
        return self.plan

    def resolve_pending_context(self): ...

    def load_agent_metadata(self):
        self.plan["agents"] = {name: {"name": name, "description": "Looks."} for name in self.names}


class BundleRegistry:
    def __init__(self, home, include_source_resolver):
        assert home.is_dir()
        self.resolve = include_source_resolver


async def load_bundle(source, registry):
    address, _, sub = source.partition("#subdirectory=")
    path = Path(unquote(urlparse(address).path))
    path = path / sub if sub else path
    path = path / "bundle.md" if path.is_dir() else path
    if not path.exists():
        raise LookupError(f"{path.name} missing")
    _, front, body = path.read_text().split("---\\n", 2)
    table = yaml.safe_load(front)
    bundle = Bundle(table["bundle"]["name"], instruction=body.strip(), base_path=path.parent)
    bundle.plan = {"tools": table.get("tools", [])}
    bundle.names = table.get("agents", ["scout"])
    bundle.context = {each: path.parent / each for each in table.get("context", [])}
    for include in table.get("includes", []):
        try:
            found = await load_bundle(registry.resolve(include), registry)
        except LookupError:
            continue
        bundle.plan["tools"] = found.plan["tools"] + bundle.plan["tools"]
        bundle.source_base_paths |= {found.name: found.base_path, **found.source_base_paths}
    return bundle


class ContentDeduplicator:
    def __init__(self):
        self.files = {}

    def add_file(self, path, content):
        self.files[path] = content


class BaseMentionResolver:
    def __init__(self, bundles, base_path):
        self.bundles = bundles
        self.base_path = base_path

    def resolve(self, mention):
        name, _, path = mention[1:].rpartition(":")
        return (self.bundles[name].base_path if name else self.base_path) / path


async def load_mentions(text, resolver, deduplicator):
    found = [word for word in text.split() if word.startswith("@")]
    results = []
    for mention in found:
        path = resolver.resolve(mention)
        if path:
            deduplicator.add_file(path, path.read_text())
        results.append(type("Result", (), {"mention": mention, "resolved_path": path}))
    return results
"""
_MENTIONS = """
def format_context_block(deduplicator, paths):
    return "".join(f"<context_file>{content}</context_file>" for content in deduplicator.files.values())
"""

FILES = {
    "bundle.md": """---
bundle: {name: mine}
includes:
  - git+https://github.com/someone/theirs@main
  - git+https://github.com/someone/lost@main#subdirectory=behaviors/x.yaml
  - git+https://github.com/someone/lost@main
tools: [{module: tool-far-away, source: "git+https://github.com/someone/nowhere@main"}]
---
Mine, and @theirs:rules.md and @theirs:../../../etc/passwd
""",
    "theirs-main/bundle.md": """---
bundle: {name: theirs}
tools: [{module: tool-founded, source: "git+https://github.com/someone/theirs@main#subdirectory=modules/it"}]
---
Theirs.
""",
    "theirs-main/rules.md": "Be kind.",
    "theirs-main/pyproject.toml": "[project]\nname = 'theirs'\n",
    "theirs-main/src/theirs_package/__init__.py": "GREETING = 'hi'\n",
    **{
        f"theirs-main/modules/it/{path}": f"from theirs_package import GREETING\n{code}"
        for path, code in tool_package("tool-founded", "founded").items()
    },
}


@pytest.fixture(autouse=True)
def foundation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = tmp_path / "amplifier_foundation"
    package.mkdir()
    (package / "__init__.py").write_text(_STAND_IN)
    (package / "mentions.py").write_text(_MENTIONS)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.startswith("amplifier_foundation")]:
        del sys.modules[name]


async def test_sources_are_looked_up_in_the_zip() -> None:
    bench = Bench()
    told = await bench.report(zipped(FILES), "mine.zip")
    assert told["mounted"] == ["tool-founded"]
    assert told["agents"] == ["scout"]
    assert [each["module"] for each in told["refused"]] == ["someone/lost", "tool-far-away"]
    assert [tool["name"] for tool in told["tools"]] == ["founded", "delegate"]


async def test_what_it_says_of_mentions_is_held_to_the_zip() -> None:
    bench = Bench()
    chat = await bench.open(zipped(FILES))
    await chat.send("Hello")
    prompt = bench.host.requests[0]["messages"][0]["content"]
    assert prompt.startswith("Mine, and @theirs:rules.md")
    assert prompt.endswith("<context_file>Be kind.</context_file>")


@pytest.mark.parametrize(
    "names", ["context: [../../passwords]", "agents: [../../../passwords]", "agents: ['mine:/etc/passwd']"]
)
async def test_what_leads_out_of_the_zip_is_refused(names: str) -> None:
    text = f"---\nbundle: {{name: mine}}\n{names}\n---\nMine.\n"
    assert "leads out" in await Bench().refused(text)


async def test_what_is_no_bundle_is_told_as_ever() -> None:
    assert "line 2" in await Bench().refused("---\nbundle: {\n---\n")
