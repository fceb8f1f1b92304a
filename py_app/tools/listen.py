"""`tool-alcove-listen`: what the person says next, as words, if they allow it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.capabilities import ENGINE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host
from py_app.tools.function import FunctionTool, needed
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `listen`; returns what unmounts it."""

    async def run(given: Json) -> ToolResult:
        host: Host | None = coordinator.get_capability(ENGINE)
        heard = await bridge.hear(needed(host), {})
        return ToolResult(output={"heard": heard["text"] or "Nobody said anything."})

    tool = FunctionTool(
        coordinator,
        "listen",
        "Listen through the microphone until the person has said something; tells what they said.",
        {},
        run,
        side_effects=True,
    )
    return await mount_tool(coordinator, tool)
