"""A function as an Amplifier tool, and how it is mounted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.errors import AlcoveError
from py_app.tools.call import CALL_ID
from py_app.tools.guarded import allowed

Run = Callable[[Json], Awaitable[ToolResult]]


class ToolError(Exception):
    """Why a tool cannot do what it was asked, in words that the model can act on."""


class FunctionTool:
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
        self._coordinator = coordinator
        self._name = name
        self._description = description
        self._input_schema: Json = {"type": "object", "properties": properties, "required": required or []}
        self._run = run
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

    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        if self.side_effects and not await allowed(self._coordinator, self, input, CALL_ID.get()):
            return failed(f'Not run: the person did not allow "{self._name}".')
        try:
            return await self._run(input)
        except ToolError as error:
            return failed(str(error))
        except AlcoveError as error:
            return ToolResult(success=False, error=dict(error.data), output=f"{error} {error.data['action']}")


def failed(message: str) -> ToolResult:
    return ToolResult(success=False, error={"message": message}, output=message)


async def mount_tool(coordinator: Coordinator, tool: FunctionTool) -> Callable[[], Awaitable[None]]:
    """Mount it; returns what unmounts it. Raises ValueError if its name is taken."""
    if tool.name in coordinator.get("tools"):
        raise ValueError(f'There are two tools called "{tool.name}".')
    await coordinator.mount("tools", tool, name=tool.name)

    async def cleanup() -> None:
        await coordinator.unmount("tools", name=tool.name)

    return cleanup


async def on_page(coordinator: Coordinator, work: str, arguments: Json) -> Json:
    """What the page does for a tool of ours (`web/sdk/tools/built-in.ts`). Raises ToolError, AlcoveError."""
    page: Page | None = coordinator.get_capability(PAGE)
    if page is None:
        raise ToolError("This tool works in a browser's page only, and there is none here.")
    answer = await page.call_tool(CALL_ID.get(), f"alcove:{work}", arguments)
    if "error" in answer:
        raise AlcoveError.read(answer["error"])
    return answer["ok"]
