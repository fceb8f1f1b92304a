"""What a model thinks, to `thinking` events of the page.

Providers stream it in blocks of type "thinking"; some say `thinking:delta` and `thinking:final`, or only the
whole block at its end. `ms` comes with the end of a thought; `instead` says that all text of the step so far
was thinking, which a model whose template opens it says too late.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from amplifier_core.events import (
    CONTENT_BLOCK_DELTA,
    CONTENT_BLOCK_END,
    PROVIDER_REQUEST,
    THINKING_DELTA,
    THINKING_FINAL,
    TOOL_PRE,
)
from amplifier_core.models import HookResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from providers.wire.stream_events import BLOCK_DELTA, BLOCK_END
from py_app.bridge import Page
from py_app.hook_handlers import register_all

_PRIORITY = 1000
"""As the text's: after every hook that may still change what is shown."""
_KINDS = ("thinking", "reasoning")
_CONTINUE = HookResult()


class ThinkingStream:
    """Sends `thinking` events through the session's `Page`."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._told = ""
        """What was streamed of the thought that runs."""
        self._by = ""
        """The event that streams it: a provider may use two."""
        self._began = 0.0
        self._thoughts: set[str] = set()
        """Those of the step that were told: several events say a whole one."""

    def register(self) -> Callable[[], None]:
        """Returns what removes the hooks."""
        handlers = {
            PROVIDER_REQUEST: self._on_step,
            TOOL_PRE: self._on_step,
            **dict.fromkeys((CONTENT_BLOCK_DELTA, BLOCK_DELTA), self._on_delta),
            THINKING_DELTA: self._on_thought,
            BLOCK_END: self._on_stream_end,
            CONTENT_BLOCK_END: self._on_end,
            THINKING_FINAL: self._on_final,
        }
        return register_all(self._coordinator.hooks, handlers, priority=_PRIORITY, name="page-thinking")

    async def _on_step(self, event: str, data: Json) -> HookResult:
        self._told, self._by = "", ""
        self._thoughts.clear()
        return _CONTINUE

    async def _on_delta(self, event: str, data: Json) -> HookResult:
        return await self._on_thought(event, data) if data.get("block_type") in _KINDS else _CONTINUE

    async def _on_thought(self, event: str, data: Json) -> HookResult:
        text = words_of(data.get("delta") or data.get("text") or data.get("thinking"))
        if text and self._by in ("", event):
            self._by = event
            self._began = self._began if self._told else time.monotonic()
            self._told += text
            self._emit(text)
        return _CONTINUE

    async def _on_stream_end(self, event: str, data: Json) -> HookResult:
        if "recast" in data:
            self._end(str(data["recast"]), data.get("ms"), instead=True)
        elif data.get("block_type") in _KINDS:
            self._end("", data.get("ms"))
        return _CONTINUE

    async def _on_end(self, event: str, data: Json) -> HookResult:
        block: Json = data.get("block") or {}
        if data.get("block_type", block.get("type")) in _KINDS:
            text = words_of(block.get("thinking") or block.get("text") or block.get("summary"))
            self._end(text, block.get("ms"))
        return _CONTINUE

    async def _on_final(self, event: str, data: Json) -> HookResult:
        text = words_of(data.get("thinking") or data.get("text") or data.get("content"))
        self._end(text, data.get("ms"))
        return _CONTINUE

    def _end(self, text: str, ms: object, *, instead: bool = False) -> None:
        told, self._told = self._told, ""
        about: Json = {"instead": True, "ms": 0} if instead else {}
        if told:
            about["ms"] = round((time.monotonic() - self._began) * 1000)
        elif not text or text in self._thoughts:
            return
        if isinstance(ms, int):
            about["ms"] = ms
        self._thoughts.add(text or told)
        self._emit(text[len(told) :] if text.startswith(told) else "", **about)

    def _emit(self, text: str, **about: object) -> None:
        # Looked up late: the page may be given to the session after its modules are mounted.
        page: Page | None = self._coordinator.get_capability(PAGE)
        if page is not None:
            page.emit({"type": "thinking", "text": text, **about})


def words_of(value: object) -> str:
    """The words of a delta, of a block, or of a list of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(words_of(inner) for inner in cast(list[object], value))
    if isinstance(value, dict):
        part = cast(Json, value)
        return words_of(part.get("text") or part.get("thinking"))
    return ""
