"""`tool-page-functions`: JavaScript functions of the page as Amplifier tools, one Tool object a function."""

from __future__ import annotations

from typing import Any

from py_app.tools.page_function import PageFunctionTool

__amplifier_module_type__ = "tool"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    """Mount the functions of config `tools`: [{name, description, inputSchema, sideEffects?}].

    Raises ValueError for a specification without a name, or for a name that is taken.
    """
    for spec in (config or {}).get("tools", []):
        tool = PageFunctionTool(coordinator, spec)
        if tool.name in (coordinator.get("tools") or {}):
            raise ValueError(f'There are two tools called "{tool.name}".')
        await coordinator.mount("tools", tool, name=tool.name)
