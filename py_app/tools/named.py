"""What every tool of ours says of itself, and how it is mounted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json


class NamedTool(ABC):
    """An Amplifier Tool but for what it does; `input_schema` is the JSON Schema of its arguments."""

    side_by_side = False
    """Several calls of one step may run at the same time."""

    def __init__(self, name: str, description: str, input_schema: Json, *, side_effects: bool) -> None:
        self._name = name
        self._description = description
        self._input_schema = input_schema
        self.side_effects = side_effects

    @property
    def name(self) -> str:
        return self._name

    @property
    def description(self) -> str:
        return self._description

    @property
    def input_schema(self) -> Json:
        return self._input_schema

    @abstractmethod
    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        """Amplifier's Tool protocol."""


def failed(message: str) -> ToolResult:
    return ToolResult(success=False, error={"message": message}, output=message)


async def mount_tool(coordinator: Coordinator, tool: NamedTool) -> Callable[[], Awaitable[None]]:
    """Mount it; returns what unmounts it. Raises ValueError if its name is taken."""
    if tool.name in coordinator.get("tools"):
        raise ValueError(f'There are two tools called "{tool.name}".')
    await coordinator.mount("tools", tool, name=tool.name)

    async def cleanup() -> None:
        await coordinator.unmount("tools", name=tool.name)

    return cleanup
