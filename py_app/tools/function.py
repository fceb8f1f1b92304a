"""A function as an Amplifier tool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from amplifier_core.models import ToolResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.errors import AlcoveError
from py_app.tools.call import CALL_ID
from py_app.tools.guarded import allowed
from py_app.tools.named import NamedTool, failed

Run = Callable[[Json], Awaitable[ToolResult]]
Part = TypeVar("Part")


class ToolError(Exception):
    """Why a tool cannot do what it was asked, in words that the model can act on."""


class FunctionTool(NamedTool):
    """Calls `run` with the arguments; a ToolError of its becomes a failed result that the model reads."""

    def __init__(
        self,
        coordinator: Coordinator,
        name: str,
        description: str,
        properties: Json,
        run: Run,
        *,
        required: list[str] | None = None,
        side_effects: bool = False,
    ) -> None:
        schema: Json = {"type": "object", "properties": properties, "required": required or []}
        super().__init__(name, description, schema, side_effects=side_effects)
        self._coordinator = coordinator
        self._run = run

    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        if self.side_effects and not await allowed(self._coordinator, self, input, CALL_ID.get()):
            return failed(f'Not run: the person did not allow "{self.name}".')
        try:
            return await self._run(input)
        except ToolError as error:
            return failed(str(error))
        except AlcoveError as error:
            return ToolResult(success=False, error=dict(error.data), output=f"{error} {error.data['action']}")


def needed(part: Part | None) -> Part:
    """A part of the page that a tool cannot do without. Raises ToolError where there is none."""
    if part is None:
        raise ToolError("This tool works in a browser's page only, and there is none here.")
    return part


async def on_page(coordinator: Coordinator, work: str, arguments: Json) -> Json:
    """What the page does for a tool of ours (`web/sdk/tools/built-in.ts`). Raises ToolError, AlcoveError."""
    page: Page | None = coordinator.get_capability(PAGE)
    answer = await needed(page).call_tool(CALL_ID.get(), f"alcove:{work}", arguments)
    if "error" in answer:
        raise AlcoveError.read(answer["error"])
    return answer["ok"]
