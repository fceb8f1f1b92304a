"""`tool-alcove-say`: a text is spoken aloud, if the person allows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.capabilities import ENGINE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host
from py_app.tools.function import FunctionTool, ToolError, needed
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_MOST_CHARACTERS = 4_000


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `say`; returns what unmounts it."""

    async def run(given: Json) -> ToolResult:
        engine: Host | None = coordinator.get_capability(ENGINE)
        host = needed(engine)
        text = str(given.get("text") or "").strip()
        if not text or len(text) > _MOST_CHARACTERS:
            raise ToolError(f"Give a text of 1 to {_MOST_CHARACTERS} characters.")
        said = await bridge.say(host, {"text": text, "aloud": True})
        return ToolResult(output={"said": True, "seconds": round(said["seconds"], 1)})

    tool = FunctionTool(
        coordinator,
        "say",
        "Say a short text aloud to the person.",
        {"text": {"type": "string", "description": "What to say"}},
        run,
        required=["text"],
        side_effects=True,
    )
    return await mount_tool(coordinator, tool)
