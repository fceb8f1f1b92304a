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


class PageFunctionTool:
    """Calls the page's function `name`; its failure is a ToolResult that the model reads."""

    def __init__(self, coordinator: Coordinator, spec: Json) -> None:
        name = spec.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError("A tool needs a name.")
        if name.startswith("alcove:"):  # what our own tools do on the page
            raise ValueError(f'A tool cannot be called "{name}".')
        self._coordinator = coordinator
        self._name = name
        self._description = str(spec.get("description") or name)
        self._input_schema: Json = spec.get("inputSchema") or {"type": "object", "properties": {}}
        self.side_effects = bool(spec.get("sideEffects", True))

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
        page: Page | None = self._coordinator.get_capability(PAGE)
        if page is None:
            return _failure(
                {"message": f'"{self._name}" is a function of a page, and there is no page here.'}
            )
        call_id = CALL_ID.get() or uuid.uuid4().hex
        if not await allowed(self._coordinator, self, input, call_id):
            return _failure({"message": f'Not run: the person did not allow "{self._name}".'})
        try:
            answer = await page.call_tool(call_id, self._name, input)
        except RecursionError:
            return _failure({"message": "The result is nested too deeply to be read."})
        if "error" in answer:
            return _failure(answer["error"])
        return ToolResult(output=answer.get("ok"))


def _failure(error: Json) -> ToolResult:
    return ToolResult(success=False, error=error, output=str(error.get("message") or "The tool failed."))
