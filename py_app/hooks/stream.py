"""Kernel events to page events: `text` (or `object`, where an answer under a schema is wanted), `picture`,
`sources`, `tool`, `usage`, and what is not read any more, whatever orchestrator and context manager emit
them.

`approval` comes from `py_app/approvals.py` and `end` from `py_app/conversation.py`, which alone know when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from amplifier_core.events import (
    CONTEXT_COMPACTION,
    ORCHESTRATOR_COMPLETE,
    PROVIDER_REQUEST,
    TOOL_ERROR,
    TOOL_POST,
    TOOL_PRE,
)
from amplifier_core.hooks import HookRegistry
from amplifier_core.models import HookResult

from providers.capabilities import ANSWER_SCHEMA, APPROVALS, PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from providers.wire.stream_events import BLOCK_START
from py_app.approver import Approver
from py_app.bridge import Page
from py_app.context.sequence import last_user
from py_app.context.window import NOT_ALL_READ, ContextWindow
from py_app.documents.retriever import SOURCES_FOUND
from py_app.hook_handlers import TURN_BEGINS, register_all
from py_app.hooks.call_ids import calls_of
from py_app.hooks.partial_answer import PartialAnswer
from py_app.hooks.speech import SPEAKING, Speech
from py_app.loop.steering import STEERED
from py_app.message import text_of
from py_app.pictures import PICTURE_DESCRIBED
from py_app.usage import COSTING, Usage, figures_of

# After every hook that may still change what is shown.
_PRIORITY = 1000

_CONTINUE = HookResult()  # shared: building one a token would cost more than the rest of the handler


class PageStream:
    """Sends page events through the session's `Page`."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._page: Page | None = None
        self._running: dict[str, Json] = {}
        """The tool calls that have started, by their ids: what ends them may leave out what it is about."""
        self._ended: set[str] = set()
        self._speech = Speech()
        self._partial = PartialAnswer()
        self._told_unread: Json = {}
        """What was told of what this turn does not read."""
        self._usage = Usage()

    def register(self, hooks: HookRegistry) -> Callable[[], None]:
        handlers = {
            **dict.fromkeys(TURN_BEGINS, self._on_turn),
            BLOCK_START: self._on_block,
            **dict.fromkeys(SPEAKING, self._on_text),
            PICTURE_DESCRIBED: self._on_picture,
            SOURCES_FOUND: self._on_sources,
            NOT_ALL_READ: self._on_not_all_read,
            CONTEXT_COMPACTION: self._on_compaction,
            STEERED: self._on_steered,
            TOOL_PRE: self._on_tool_start,
            TOOL_POST: self._on_tool_end,
            TOOL_ERROR: self._on_tool_end,
            PROVIDER_REQUEST: self._on_step,
            **dict.fromkeys(COSTING, self._on_response),
            ORCHESTRATOR_COMPLETE: self._on_step,
        }
        return register_all(hooks, handlers, priority=_PRIORITY, name="page-stream")

    def _emit(self, event: Json) -> HookResult:
        # Looked up late: the page may be given to the session after its modules are mounted.
        page = self._page = self._page or self._coordinator.get_capability(PAGE)
        if page is not None:
            page.emit(event)
        return _CONTINUE

    async def _on_turn(self, event: str, data: Json) -> HookResult:
        self._running.clear()
        self._told_unread = {}
        messages = await self._coordinator.get("context").get_messages()
        # No step looks further back.
        recent = messages[last_user(messages) :]
        self._ended = {str(message.get("tool_call_id")) for message in recent}
        self._speech.begin()
        return _CONTINUE

    async def _on_block(self, event: str, data: Json) -> HookResult:
        self._partial = PartialAnswer()
        if self._running:  # some loops tell no other sign of the next step
            await self._end_rest()
        return _CONTINUE

    async def _on_text(self, event: str, data: Json) -> HookResult:
        text = self._speech.take(event, data)
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

    async def _on_sources(self, event: str, data: Json) -> HookResult:
        return self._emit({"type": "sources", "sources": data["sources"]})

    async def _on_not_all_read(self, event: str, data: Json) -> HookResult:
        told, self._told_unread = self._told_unread, data
        if data["from"] != told.get("from", 0):
            self._emit({"type": "compaction", "from": data["from"]})
        if data["shortened"] > told.get("shortened", 0):
            self._notice("A tool's result is too long for this model, and was shortened for it.")
        return _CONTINUE

    async def _on_compaction(self, event: str, data: Json) -> HookResult:
        ours = isinstance(self._coordinator.get("context"), ContextWindow)
        if not ours and not self._told_unread:
            self._told_unread = data or {"from": 0}
            self._notice("This conversation is too long for the model: it does not read all of it any more.")
        return _CONTINUE

    async def _on_steered(self, event: str, data: Json) -> HookResult:
        return self._emit({"type": "steered", "text": data["content"]})

    def _notice(self, text: str) -> HookResult:
        return self._emit({"type": "notice", "level": "info", "text": text})

    # --- tools -------------------------------------------------------------------------------------------

    async def _on_tool_start(self, event: str, data: Json) -> HookResult:
        self._speech.begin()  # the model has had its say
        self._running[data["tool_call_id"]] = data
        return self._emit(_tool_event("start", data))

    async def _on_tool_end(self, event: str, data: Json) -> HookResult:
        # A hook that changed a result may have left out even the id; then it is the call that runs alone.
        alone = next(iter(self._running.values())) if len(self._running) == 1 else {}
        about = {**self._running.get(data.get("tool_call_id") or "", alone), **data}
        outcome = _outcome(data.get("result"))
        if event == TOOL_ERROR:
            error: Json = data.get("error") or {}
            outcome = {"result": error.get("message") or error.get("msg") or "It failed.", "success": False}
        return self._end(about, outcome)

    def _end(self, about: Json, outcome: Json) -> HookResult:
        call_id = about["tool_call_id"]
        if self._running.pop(call_id, None) is None:  # refused before it could start
            self._emit(_tool_event("start", about))
        self._ended.add(call_id)
        approver: Approver | None = self._coordinator.get_capability(APPROVALS)
        answer = approver.answers.get(call_id) if approver else None
        approval = {"approval": answer} if answer else {}
        return self._emit(_tool_event("end", about) | outcome | approval)

    async def _on_step(self, event: str, data: Json) -> HookResult:
        if event == PROVIDER_REQUEST:
            self._speech.begin()
        await self._end_rest()
        return _CONTINUE

    async def _end_rest(self) -> None:
        """Ends what no event has ended: of a call that was refused some orchestrators say nothing more."""
        messages = await self._coordinator.get("context").get_messages()
        recent = messages[last_user(messages) :]
        calls = {call["id"]: call for message in recent for call in calls_of(message)}
        for message in recent:
            call = calls.get(str(message.get("tool_call_id")))
            if message.get("role") != "tool" or call is None or call["id"] in self._ended:
                continue
            about = {"tool_call_id": call["id"], "tool_name": call["name"], "tool_input": call["arguments"]}
            self._end(about, {"result": text_of(message), "success": False})

    async def _on_response(self, event: str, data: Json) -> HookResult:
        usage = self._usage.take(event, data)
        if not usage:
            return _CONTINUE
        return self._emit(
            {
                "type": "usage",
                "provider": data.get("provider"),
                "model": data.get("model"),
                "promptTokens": usage["input_tokens"],
                "cachedTokens": int(usage.get("cache_read_tokens") or 0),
                **figures_of(usage),
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
