"""Bundles for tests: their files, and an App that reads them as the page has it read."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fakes import Client, FakeHost

MINIMAL = """---
bundle:
  name: counter
  description: Counts.
tools:
  - module: tool-alcove-calculator
---

You count.
"""


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def module(kind: str, body: str) -> str:
    """The code of a module whose mount does `body`."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'__amplifier_module_type__ = "{kind}"\n\n\nasync def mount(coordinator, config=None):\n{lines}\n'


TOOL = """
from amplifier_core.models import ToolResult

__amplifier_module_type__ = "tool"


class Echo:
    name = "NAME"
    description = "Says it again."
    input_schema = {"type": "object", "properties": {"text": {"type": "string"}}}

    async def execute(self, input):
        return ToolResult(success=True, output="SAYS " + str(input.get("text")))


async def mount(coordinator, config=None):
    await coordinator.mount("tools", Echo(), name="NAME")
"""


def tool_package(module_id: str, name: str, says: str = "said") -> dict[str, str]:
    """The files of a tool's repository."""
    package = f"amplifier_module_{module_id.replace('-', '_')}"
    return {f"{package}/__init__.py": TOOL.replace("NAME", name).replace("SAYS", says)}


class Bench:
    """An App, and what the page does with bundles."""

    def __init__(self, *scripts: Any) -> None:
        from py_app.app import start

        self.host = FakeHost(*scripts)
        self.app = start(self.host)
        self.folder = Path(tempfile.mkdtemp())
        self._count = 0

    async def read(self, content: str | bytes | dict[str, str], name: str = "bundle.md") -> dict[str, Any]:
        """What `read_bundle` answers; a dict is the files of a folder."""
        files = content if isinstance(content, dict) else {name: content}
        given = [{"name": path, "path": str(self._put(text))} for path, text in files.items()]
        self._count += 1
        self.archive = self.folder / f"archive-{self._count}.zip"
        return json.loads(await self.app.read_bundle(json.dumps(given), str(self.archive)))

    async def report(self, content: str | bytes | dict[str, str], name: str = "bundle.md") -> dict[str, Any]:
        answer = await self.read(content, name)
        assert "ok" in answer, answer
        return answer["ok"]

    async def refused(self, content: str | bytes | dict[str, str], name: str = "bundle.md") -> str:
        """What is said of a bundle that is refused as a whole, of which nothing may be left."""
        answer = await self.read(content, name)
        error = answer.get("error")
        assert error, answer
        assert error["code"] == "bad-request", error
        assert error["action"]
        assert not self.archive.exists()
        return error["message"]

    async def change(self, **changes: Any) -> dict[str, Any]:
        """Changes the bundle that was read last."""
        return json.loads(await self.app.change_bundle(str(self.archive), json.dumps(changes)))["ok"]

    async def open(
        self, content: str | bytes | dict[str, str], known: Sequence[str] = (), **config: Any
    ) -> Client:
        """A conversation with an agent; `known` names what of it is left out."""
        name = "bundle.zip" if isinstance(content, bytes) else "bundle.md"
        await self.report(content, name)
        client = Client(self.app, self.host)
        agent = {"archive": str(self.archive), "name": "an agent", "known": known}
        answer = await client.opened(agent=agent, **config)
        assert "ok" in answer, answer
        return client

    def _put(self, content: str | bytes) -> Path:
        self._count += 1
        path = self.folder / f"given-{self._count}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path
