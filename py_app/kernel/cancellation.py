"""Cooperative cancellation: a state that modules look at, children that follow, callbacks."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from .calls import CancelWatch, settle
from .checks import Sealed, error_text, expect

_log = logging.getLogger("_engine.cancellation")

State = Literal["none", "graceful", "immediate"]


class RustCancellationToken(Sealed):
    """`none` → `graceful` (let running tools finish) → `immediate` (stop now); `reset`: `none` again."""

    __slots__ = ("_callbacks", "_children", "_state", "_tools")

    def __init__(self) -> None:
        self._state: State = "none"
        self._tools: dict[str, str] = {}
        self._children: list[RustCancellationToken] = []
        self._callbacks: list[Callable[[], object]] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether any cancellation was asked for."""
        return self._state != "none"

    @property
    def is_graceful(self) -> bool:
        """Whether running tools may finish first."""
        return self._state == "graceful"

    @property
    def is_immediate(self) -> bool:
        """Whether everything is to stop now."""
        return self._state == "immediate"

    @property
    def state(self) -> str:
        """`none`, `graceful` or `immediate`."""
        return self._state

    @property
    def running_tools(self) -> set[str]:
        """Ids of the tool calls that run now (a copy)."""
        return set(self._tools)

    @property
    def running_tool_names(self) -> list[str]:
        """Names of the tools that run now, in order of their start."""
        return list(self._tools.values())

    def request_cancellation(self) -> None:
        """Ask for graceful cancellation."""
        self.request_graceful()

    def request_graceful(self) -> bool:
        """Ask to stop once running tools are done; True if that changed the state."""
        if self._state != "none":
            return False
        self._enter("graceful")
        return True

    def request_immediate(self) -> bool:
        """Ask to stop now; True if that changed the state."""
        if self._state == "immediate":
            return False
        self._enter("immediate")
        return True

    def _enter(self, state: State) -> None:
        self._state = state
        for child in tuple(self._children):
            child.request_immediate() if state == "immediate" else child.request_graceful()

    def reset(self) -> None:
        """Back to `none`, with no running tools; children and callbacks stay registered."""
        self._state = "none"
        self._tools.clear()

    def register_tool_start(self, tool_call_id: str, tool_name: str) -> None:
        """Note that a tool call runs."""
        expect(tool_call_id, str)
        expect(tool_name, str)
        self._tools[tool_call_id] = tool_name

    def register_tool_complete(self, tool_call_id: str) -> None:
        """Note that a tool call ended; unknown ids are passed over."""
        expect(tool_call_id, str)
        self._tools.pop(tool_call_id, None)

    def register_child(self, child: "RustCancellationToken") -> None:
        """Let `child` follow this token; a cancellation under way reaches it at once."""
        expect(child, RustCancellationToken)
        self._children.append(child)
        if self._state == "immediate":
            child.request_immediate()
        elif self._state == "graceful":
            child.request_graceful()

    def unregister_child(self, child: "RustCancellationToken") -> None:
        """Stop `child` from following this token."""
        expect(child, RustCancellationToken)
        self._children = [other for other in self._children if other is not child]

    def on_cancel(self, callback: Callable[[], object]) -> None:
        """Add a function, plain or async, for `trigger_callbacks` to call."""
        self._callbacks.append(callback)

    async def trigger_callbacks(self) -> tuple[()]:
        """Call every callback in order; errors in one are logged and do not stop the next."""
        watch = CancelWatch()
        for callback in tuple(self._callbacks):
            try:
                await settle(callback)
            except (Exception, asyncio.CancelledError, SystemExit) as error:
                if watch.cancelled:
                    raise
                _log.error("Error in cancellation callback: %s", error_text(error))
        return ()
