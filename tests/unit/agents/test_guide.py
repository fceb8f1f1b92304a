"""Every example of docs/agents.md, as somebody who follows it has them."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from bundles import Bench
from fakes import FakeHost, answer, call, calls, result_of

ROOT = Path(__file__).resolve().parents[3]
_FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FENCES = [found.groupdict() for found in _FENCE.finditer((ROOT / "docs" / "agents.md").read_text())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files, where it has them."""
    folder = tmp_path_factory.mktemp("guide")
    for fence in FENCES:
        if fence["file"]:
            path = folder / fence["file"].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fence["text"])
    return folder


def test_no_example_is_passed_over() -> None:
    assert {fence["language"] for fence in FENCES} == {"markdown", "sh", "text", "python", "js"}
    assert all(fence["file"] for fence in FENCES if fence["language"] in ("markdown", "python"))


def test_its_commands_say_what_stands_there(folder: Path) -> None:
    commands = [index for index, fence in enumerate(FENCES) if fence["language"] == "sh"]
    assert len(commands) == 2
    for index in commands:
        program, *arguments = shlex.split(FENCES[index]["text"])
        assert program == "python"
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout == FENCES[index + 1]["text"]


async def test_its_tool_is_called_and_its_rules_are_told(folder: Path) -> None:
    from py_app.agents.archive import files_at

    files = {
        name: content.decode() for name, content in files_at(folder / "dicer") if "__pycache__" not in name
    }
    bench = Bench(calls(call("dice", {"count": 3})), answer("Thrown."))
    chat = await bench.open(files)
    await chat.send("Throw three.")
    assert re.fullmatch(r"\[\s*(?:\d+,?\s*){3}\]", result_of(bench.host))
    assert "A throw that nobody saw" in bench.host.requests[0]["messages"][0]["content"]


async def test_its_script_runs_on_cpython(folder: Path) -> None:
    spec = importlib.util.spec_from_file_location("guide_ask", folder / "ask.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    host = FakeHost(calls(call("calculator", {"expression": "6*7"})), answer("42"))
    assert await script.ask("What is 6 times 7?", host=host, model="tiny") == "42"
    assert '"result": "42"' in result_of(host) or '"result":"42"' in result_of(host)
