"""amplifier_core's own suites, pointed at our modules: a test class names its `package` and `config`."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

TOOL_CONFIG = {"tools": [{"name": "add", "description": "Adds.", "inputSchema": {"type": "object"}}]}


class SilentPage:
    """A page whose functions answer with their input."""

    def emit(self, event: dict[str, Any]) -> None: ...

    async def call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": arguments}


@pytest.fixture
def module_path(request) -> Path:
    return Path(importlib.import_module(request.cls.package).__file__).parent


@pytest_asyncio.fixture
async def tool_module(coordinator):
    from py_app.tools import mount

    coordinator.register_capability("alcove.page", SilentPage())
    await mount(coordinator, TOOL_CONFIG)
    return coordinator.mount_points["tools"]["add"]
