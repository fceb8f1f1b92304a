"""Modules that a person installed: where a plan says they come from, and why one is not there."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from fakes import Client, FakeHost

LOOP = {"module": "loop-plain", "source": "git+https://example.org/them/amplifier-module-loop-plain@main"}
CONTEXT = {"module": "context-plain"}


def with_loop(loop: dict[str, Any]) -> dict[str, Any]:
    return {"session": {"orchestrator": loop, "context": CONTEXT}}


async def refusal(plan: dict[str, Any]) -> str:
    from py_app.app import start

    host = FakeHost()
    error = (await Client(start(host), host).opened(plan=plan))["error"]
    assert error["code"] == "bad-request"
    return error["message"]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Makes a distribution of a name with one module of its own."""

    def install(name: str, module: str, target: str) -> None:
        info = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[amplifier.modules]\n{module} = {target}\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    importlib.invalidate_caches()


async def test_a_source_is_the_wheel_of_its_name_that_is_installed(installed: Any):
    installed("amplifier-module-loop-plain", "loop-plain", "amplifier_module_loop_plain:mount")
    chat = await Client.open(FakeHost(), plan=with_loop(LOOP))
    assert (await chat.send("Hi"))["ok"]["text"] == "Hello there."
    many = {**LOOP, "source": "git+https://example.org/them/all@main#subdirectory=modules/loop-plain"}
    assert "error" not in await Client(chat.app, chat.host).opened(id="t", plan=with_loop(many))


@pytest.mark.parametrize(
    "source",
    [
        "git+https://example.org/them/amplifier-module-loop-plain@main",
        "https://example.org/amplifier_module_loop_plain-1.0-py3-none-any.whl",
        "git+https://example.org/them/another-loop",
    ],
)
async def test_what_is_not_at_hand_is_refused_with_its_source(source: str, installed: Any):
    if "another" in source:
        installed("amplifier-module-loop-plain", "loop-plain", "amplifier_module_loop_plain:mount")
    assert f"its source {source} is not fetched" in await refusal(with_loop({**LOOP, "source": source}))


async def test_ours_is_not_what_a_source_of_others_means():
    theirs = {"module": "loop-streaming", "source": "git+https://example.org/amplifier-module-loop-streaming"}
    assert "loop-streaming" in await refusal(with_loop(theirs))
    provider = {"module": "provider-llamacpp", "source": "git+https://example.org/provider-llamacpp"}
    assert "provider-llamacpp" in await refusal({"providers": [provider]})


async def test_a_folder_is_a_source(tmp_path: Path):
    package = tmp_path / "amplifier_module_tool_nothing"
    package.mkdir()
    (package / "__init__.py").write_text(
        "__amplifier_module_type__ = 'tool'\n"
        "class Nothing:\n"
        "    name, description, input_schema = 'nothing', 'Does nothing.', {'type': 'object'}\n"
        "    async def execute(self, input):\n        return None\n"
        "async def mount(coordinator, config=None):\n"
        "    await coordinator.mount('tools', Nothing(), name='nothing')\n"
    )
    tool = {"module": "tool-nothing", "source": str(tmp_path)}
    chat = await Client.open(FakeHost(), plan={"tools": [tool]})
    assert "nothing" in chat.app._find("s")._coordinator.get("tools")
    gone = {**tool, "source": f"{tmp_path}/gone"}
    assert f'there is no folder "{tmp_path}/gone"' in await refusal({"tools": [gone]})


async def test_the_package_that_a_module_lacks_is_named(installed: Any, tmp_path: Path):
    (tmp_path / "tool_of_theirs.py").write_text("import aiohttp_of_theirs\n")
    installed("tool-theirs", "tool-theirs", "tool_of_theirs:mount")
    told = await refusal({"tools": [{"module": "tool-theirs"}]})
    assert 'tool-theirs: it needs the Python package "aiohttp_of_theirs"' in told
    (tmp_path / "tool_broken.py").write_text("1 / 0\n")
    installed("tool-broken", "tool-broken", "tool_broken:mount")
    assert "ZeroDivisionError" in await refusal({"tools": [{"module": "tool-broken"}]})
