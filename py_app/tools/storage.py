"""`tool-alcove-storage`: texts and files that stay on this device, for later conversations too.

Config `namespace` (default "notes"): whose entries are seen; those of others never are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.tools.function import FunctionTool, on_page
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_PROPERTIES: Json = {
    "action": {"type": "string", "enum": ["list", "read", "write", "append", "delete"]},
    "name": {"type": "string", "description": 'Of the note or file, such as "shopping.txt"'},
    "text": {"type": "string", "description": "What to write or append"},
}


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `storage`; returns what unmounts it."""
    namespace = str((config or {}).get("namespace") or "notes")

    async def run(given: Json) -> ToolResult:
        asked = {key: given[key] for key in ("action", "name", "text") if key in given}
        return ToolResult(output=await on_page(coordinator, "storage", {**asked, "namespace": namespace}))

    description = "Keep notes on this device and read them again, in later conversations too."
    return await mount_tool(
        coordinator,
        FunctionTool(
            coordinator, "storage", description, _PROPERTIES, run, required=["action"], side_effects=True
        ),
    )
