"""`tool-alcove-page`: JavaScript functions of the page as Amplifier tools, one Tool object a function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.tools.page_function import PageFunctionTool

__amplifier_module_type__ = "tool"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the functions of config `tools`: [{name, description, inputSchema, sideEffects?}].

    Returns the function that unmounts them. Raises ValueError for a specification without a name, or for a
    name that is taken.
    """
    names: list[str] = []
    for spec in (config or {}).get("tools", []):
        tool = PageFunctionTool(coordinator, spec)
        if tool.name in coordinator.get("tools"):
            raise ValueError(f'There are two tools called "{tool.name}".')
        await coordinator.mount("tools", tool, name=tool.name)
        names.append(tool.name)

    async def cleanup() -> None:
        while names:
            await coordinator.unmount("tools", name=names.pop())

    return cleanup
