"""`tool-alcove-page`: JavaScript functions of the page as Amplifier tools, one Tool object a function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.tools.named import mount_tool
from py_app.tools.page_function import PageFunctionTool

__amplifier_module_type__ = "tool"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the functions of config `tools`: [{name, description, inputSchema, sideEffects?}].

    Returns the function that unmounts them. Raises ValueError for a specification without a name, or for a
    name that is taken.
    """
    unmount = [
        await mount_tool(coordinator, PageFunctionTool(coordinator, spec))
        for spec in (config or {}).get("tools", [])
    ]

    async def cleanup() -> None:
        while unmount:
            await unmount.pop()()

    return cleanup
