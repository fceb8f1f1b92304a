"""Kernel events to page events: `text` (or `object`, where an answer under a schema is wanted), `picture`,
`tool` and `usage`.

`approval` comes from `py_app/approvals.py` and `end` from `py_app/conversation.py`, which alone know when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from amplifier_core.events import (
    CONTENT_BLOCK_DELTA,
    CONTENT_BLOCK_START,
    PROVIDER_RESPONSE,
    TOOL_ERROR,
    TOOL_POST,
    TOOL_PRE,
)
from amplifier_core.hooks import HookRegistry
from amplifier_core.models import HookResult

from providers.capabilities import ANSWER_SCHEMA, PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.hooks.partial_answer import PartialAnswer
from py_app.pictures import PICTURE_DESCRIBED

# After every hook that may still change what is shown.
_PRIORITY = 1000

_CONTINUE = HookResult()  # shared: building one a token would cost more than the rest of the handler


def delta_text(data: Json) -> str:
    """The text of a content_block:delta event; some providers send {"text": …} instead of a string."""
    if data.get("block_type", "text") != "text":
        return ""
    delta = data.get("delta") or ""
    return delta if isinstance(delta, str) else str(delta.get("text") or "")


class PageStream:
    """Sends page events through the session's `Page`."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._page: Page | None = None
        self._partial = PartialAnswer()
        self._running: Json = {}
        """The tool call that has started; a hook that changes a result may leave out what it is about."""

    def register(self, hooks: HookRegistry) -> Callable[[], None]:
        handlers = {
            CONTENT_BLOCK_START: self._on_start,
            CONTENT_BLOCK_DELTA: self._on_delta,
            PICTURE_DESCRIBED: self._on_picture,
            TOOL_PRE: self._on_tool_start,
            TOOL_POST: self._on_tool_end,
            TOOL_ERROR: self._on_tool_end,
            PROVIDER_RESPONSE: self._on_response,
        }
        unregister: list[Callable[[], None]] = [
            hooks.register(event, handler, _PRIORITY, f"page-stream:{event}")
            for event, handler in handlers.items()
        ]

        def cleanup() -> None:
            while unregister:
                unregister.pop()()

        return cleanup

    def _emit(self, event: Json) -> HookResult:
        # Looked up late: the page may be given to the session after its modules are mounted.
        page = self._page = self._page or self._coordinator.get_capability(PAGE)
        if page is not None:
            page.emit(event)
        return _CONTINUE

    async def _on_start(self, event: str, data: Json) -> HookResult:
        self._partial = PartialAnswer()
        return _CONTINUE

    async def _on_delta(self, event: str, data: Json) -> HookResult:
        text = delta_text(data)
        if not text:
            return _CONTINUE
        if self._coordinator.get_capability(ANSWER_SCHEMA) is not None:
            partial = self._partial.add(text)
            return _CONTINUE if partial is None else self._emit({"type": "object", "partial": partial})
        tokens = {"tokens": data["tokens"]} if "tokens" in data else {}
        return self._emit({"type": "text", "text": text, **tokens})

    async def _on_picture(self, event: str, data: Json) -> HookResult:
        about = {name: data[name] for name in ("picture", "description", "model")}
        return self._emit({"type": "picture", **about})

    async def _on_tool_start(self, event: str, data: Json) -> HookResult:
        self._running = data
        return self._emit(_tool_event("start", data))

    async def _on_tool_end(self, event: str, data: Json) -> HookResult:
        about = {**self._running, **data}
        if about["tool_call_id"] != self._running.get("tool_call_id"):  # refused before it could start
            self._emit(_tool_event("start", about))
        self._running = {}
        if event == TOOL_ERROR:
            outcome = {"result": data["error"]["message"], "success": False}
        else:
            outcome = _outcome(data.get("result"))
        return self._emit(_tool_event("end", about) | outcome)

    async def _on_response(self, event: str, data: Json) -> HookResult:
        usage = data.get("usage")
        if not usage:
            return _CONTINUE
        return self._emit(
            {
                "type": "usage",
                "provider": data.get("provider"),
                "model": data.get("model"),
                "promptTokens": usage["input_tokens"],
                "cachedTokens": usage.get("cache_read_tokens") or 0,
                "completionTokens": usage["output_tokens"],
                "ttftMs": usage.get("ttft_ms"),
                "tokensPerSecond": usage.get("decode_tokens_per_second"),
            }
        )


def _tool_event(phase: str, data: Json) -> Json:
    return {
        "type": "tool",
        "phase": phase,
        "id": data["tool_call_id"],
        "name": data["tool_name"],
        "input": data.get("tool_input") or {},
    }


def _outcome(result: object) -> Json:
    """A presented ToolResult, or whatever a hook put in its place."""
    if not isinstance(result, dict):
        return {"result": result, "success": True}
    presented = cast(Json, result)
    return {"result": presented.get("output", presented), "success": presented.get("success", True)}
