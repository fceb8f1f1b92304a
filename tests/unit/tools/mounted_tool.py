"""A tool of ours, mounted alone, and called once."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from typing import Any

from amplifier_core.models import ToolResult
from amplifier_core.testing import MockCoordinator

from providers.capabilities import APPROVALS, PAGE

OnPage = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class ToolPage:
    """A page that answers as `on_page` does, and keeps what it was sent."""

    def __init__(self, on_page: OnPage) -> None:
        self._on_page = on_page
        self.events: list[dict[str, Any]] = []

    def emit(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    async def call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return await self._on_page(name, arguments)


class _Yes:
    """A person who allows everything."""

    async def passes(self, question: Any, tool: Any) -> bool:
        return True


async def mounted(
    name: str, on_page: OnPage | None = None, config: dict[str, Any] | None = None
) -> tuple[Any, ToolPage | None]:
    coordinator = MockCoordinator()
    page = ToolPage(on_page) if on_page else None
    if page:
        coordinator.register_capability(PAGE, page)
        coordinator.register_capability(APPROVALS, _Yes())
    await importlib.import_module(f"py_app.tools.{name}").mount(coordinator, config)
    return coordinator.mount_points["tools"][name], page


async def call(name: str, on_page: OnPage | None = None, **arguments: Any) -> ToolResult:
    tool, _ = await mounted(name, on_page)
    return await tool.execute(arguments)
