"""Runs the tool calls of one step: check, hooks (one of them asks the person), the tool itself. Whatever goes
wrong is a result that the model reads; only a cancel ends the turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from amplifier_core.events import TOOL_ERROR, TOOL_POST, TOOL_PRE
from amplifier_core.interfaces import Tool
from amplifier_core.message_models import ToolCall
from amplifier_core.models import HookResult, ToolResult

from providers.capabilities import APPROVALS, FIGURES
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.approver import Approver
from py_app.errors import TurnCancelledError
from py_app.loop.arguments import problem_with
from py_app.loop.cancel import CancelGate
from py_app.loop.messages import as_blocks, error_told, plain_result, result_content, tool_message
from py_app.loop.settled import settled
from py_app.message import Block, Message
from py_app.shorten import shortened
from py_app.tools.call import CALL_ID
from py_app.tools.time_limit import TimeLimit

_MOST_OF_ERROR = 4_000
"""Characters of an error that are worth reading."""

Emit = Callable[[str, Json], Coroutine[Any, Any, HookResult]]
"""Emits an event and lets the coordinator act on what the hooks answered."""


class _RefusedError(Exception):
    """The call does not run, or did not succeed; the text is for the model."""


class ToolRunner:
    """One a session."""

    def __init__(self, coordinator: Coordinator, gate: CancelGate, *, tool_timeout: float) -> None:
        self._coordinator = coordinator
        self._gate = gate
        self._tool_timeout = tool_timeout

    async def run(self, call: ToolCall, tools: Mapping[str, Tool], emit: Emit, group: str) -> Message:
        """The tool message for `call`; `group` is the id of the step that it belongs to.

        Raises TurnCancelledError on an immediate cancel.
        """
        about = {"tool_name": call.name, "tool_call_id": call.id, "tool_input": call.arguments}
        about["parallel_group_id"] = group
        try:
            tool = self._checked(call, tools)
            arguments = await self._before(tool, call, about, emit)
            about["tool_input"] = arguments
            result = await self._execute(tool, call, arguments, group)
            return tool_message(call, self._with_figures(call, await self._after(result, about, emit)))
        except _RefusedError as refused:
            await emit(TOOL_ERROR, {**about, "error": error_told(refused, "refused")})
            return tool_message(call, f"Error: {refused}")
        except TurnCancelledError:
            await emit(TOOL_ERROR, {**about, "error": error_told("Stopped.", "cancelled")})
            raise

    def _with_figures(self, call: ToolCall, content: str | list[Block]) -> str | list[Block]:
        """With what the tool drew; a ToolResult has no room for a described picture."""
        drawn: dict[str, list[Block]] = self._coordinator.get_capability(FIGURES) or {}
        return [*as_blocks(content), *drawn.pop(call.id)] if call.id in drawn else content

    def _checked(self, call: ToolCall, tools: Mapping[str, Tool]) -> Tool:
        if invalid := (call.model_extra or {}).get("invalid"):
            raise _RefusedError(str(invalid))
        tool = tools.get(call.name)
        if tool is None:
            raise _RefusedError(
                f'There is no tool called "{call.name}". The tools are: {", ".join(tools) or "none"}.'
            )
        self._check_arguments(tool, call.arguments)
        return tool

    def _check_arguments(self, tool: Tool, arguments: object) -> None:
        if problem := problem_with(arguments, getattr(tool, "input_schema", None) or {}):
            raise _RefusedError(f"{problem}.")

    async def _before(self, tool: Tool, call: ToolCall, about: Json, emit: Emit) -> Json:
        """Let hooks deny the call, change its arguments or ask the person; returns the arguments to use."""
        verdict = await self._gate.run(emit(TOOL_PRE, about))
        if verdict.action == "deny":
            approver: Approver | None = self._coordinator.get_capability(APPROVALS)
            refusal = approver and approver.refusal(call.id)
            raise _RefusedError(f"Denied: {refusal or verdict.reason or 'a hook refused it'}.")
        # The action is that of the last hook, so a change may come with "continue".
        changed = (verdict.data or {}).get("tool_input", call.arguments)
        if changed == call.arguments:
            return call.arguments
        self._check_arguments(tool, changed)
        return changed

    async def _execute(self, tool: Tool, call: ToolCall, arguments: Json, group: str) -> ToolResult:
        token = self._coordinator.cancellation
        if self._gate.stopping:  # a graceful cancel came while a hook or the person was asked
            raise _RefusedError("Not run: the turn was stopped.")
        token.register_tool_start(call.id, call.name)
        id_token = CALL_ID.set(call.id)
        try:
            about = {"tool_call_id": call.id, "parallel_group_id": group}
            async with TimeLimit(self._tool_timeout).running():
                result = await self._gate.run(self._dispatched(tool, arguments, about))
        except TimeoutError:
            raise _RefusedError(f"The tool did not finish within {self._tool_timeout:g} seconds.") from None
        except TurnCancelledError:
            raise
        except Exception as error:  # a tool's failure is news for the model, not the end of the turn
            words = shortened(f"{type(error).__name__}: {error}", _MOST_OF_ERROR)
            raise _RefusedError(words) from error
        finally:
            CALL_ID.reset(id_token)
            token.register_tool_complete(call.id)
        return settled(result)

    async def _dispatched(self, tool: Tool, arguments: Json, about: Json) -> ToolResult:
        """Run the tool where it finds which call it is: official tools that start sub-agents look there."""
        contexts: dict[object, Json] | None = getattr(self._coordinator, "_tool_dispatch_contexts", None)
        if contexts is None:
            contexts = {}
            setattr(self._coordinator, "_tool_dispatch_contexts", contexts)  # noqa: B010  # it has no type
        task = asyncio.current_task()
        contexts[task] = about
        try:
            return await tool.execute(arguments)
        finally:
            contexts.pop(task, None)

    async def _after(self, result: ToolResult, about: Json, emit: Emit) -> str | list[Block]:
        """Tell the hooks; one may replace the result that the model reads."""
        presented = plain_result(result)
        verdict = await emit(TOOL_POST, {**about, "result": presented})
        if verdict.action == "deny":
            raise _RefusedError(f"The result is withheld: {verdict.reason or 'a hook refused it'}")
        changed = (verdict.data or {}).get("result", presented)
        if changed == presented:
            return result_content(result)
        return changed if isinstance(changed, str) else result_content(ToolResult.model_validate(changed))
