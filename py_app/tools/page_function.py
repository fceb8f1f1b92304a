"""One JavaScript function of the page as an Amplifier tool."""

from __future__ import annotations

import uuid

from amplifier_core.models import ToolResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.tools.call import CALL_ID
from py_app.tools.guarded import allowed
from py_app.tools.named import NamedTool, failed


class PageFunctionTool(NamedTool):
    """Calls the page's function `name`; its failure is a ToolResult that the model reads."""

    def __init__(self, coordinator: Coordinator, spec: Json) -> None:
        name = spec.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError("A tool needs a name.")
        if name.startswith("alcove:"):  # what our own tools do on the page
            raise ValueError(f'A tool cannot be called "{name}".')
        super().__init__(
            name,
            str(spec.get("description") or name),
            spec.get("inputSchema") or {"type": "object", "properties": {}},
            side_effects=bool(spec.get("sideEffects", True)),
        )
        self._coordinator = coordinator

    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        page: Page | None = self._coordinator.get_capability(PAGE)
        if page is None:
            return failed(f'"{self.name}" is a function of a page, and there is no page here.')
        call_id = CALL_ID.get() or uuid.uuid4().hex
        if not await allowed(self._coordinator, self, input, call_id):
            return failed(f'Not run: the person did not allow "{self.name}".')
        try:
            answer = await page.call_tool(call_id, self.name, input)
        except RecursionError:
            return failed("The result is nested too deeply to be read.")
        if "error" in answer:
            error: Json = answer["error"]
            output = str(error.get("message") or "The tool failed.")
            return ToolResult(success=False, error=error, output=output)
        return ToolResult(output=answer.get("ok"))
