"""The tools of a conversation for somebody outside of it (`web/sdk/mcp/serve.ts`).

They run as for the model, under the same hooks, so the person is asked.
"""

from __future__ import annotations

import uuid

from amplifier_core.events import EXECUTION_END, EXECUTION_START
from amplifier_core.message_models import ToolCall
from amplifier_core.models import HookResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.loop.cancel import CancelGate
from py_app.loop.messages import as_blocks
from py_app.loop.tool_runner import ToolRunner

_TIMEOUT = 120.0
"""Seconds, as a tool of a turn has."""


class OutsideCalls:
    """One a session."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._runner = ToolRunner(coordinator, CancelGate(coordinator.cancellation), tool_timeout=_TIMEOUT)

    def tools(self) -> list[Json]:
        """[{"name", "description", "inputSchema"}]"""
        return [
            {
                "name": tool.name,
                "description": tool.description,
                "inputSchema": getattr(tool, "input_schema", None) or {"type": "object"},
            }
            for tool in self._coordinator.get("tools").values()
        ]

    async def call(self, name: str, arguments: Json) -> Json:
        """{"content": blocks of text and image}, whatever came of it.

        Raises AlcoveError (bad-request) for a tool that is not there; TurnCancelledError.
        """
        tools = self._coordinator.get("tools")
        if name not in tools:
            raise AlcoveError("bad-request", f'There is no tool called "{name}".')
        call = ToolCall(id=f"outside-{uuid.uuid4().hex}", name=name, arguments=arguments)
        # It is a turn of its own: what was granted and spent in the last one does not count.
        await self._emit(EXECUTION_START, {"prompt": ""})
        status = "cancelled"
        try:
            message = await self._runner.run(call, tools, self._emit, call.id)
            status = "completed"
        finally:
            await self._emit(EXECUTION_END, {"response": "", "status": status})
        return {"content": as_blocks(message["content"])}

    async def _emit(self, event: str, data: Json) -> HookResult:
        emitted = await self._coordinator.hooks.emit(event, data)
        result = await self._coordinator.process_hook_result(emitted, event, "outside")
        # What was asked about is what hooks have made of it; the kernel's answer no longer says that.
        return result if result.data or not emitted.data else result.model_copy(update={"data": emitted.data})
