"""Gives every tool event the id of its call: not every orchestrator says it, and the page and the transcript
need it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from amplifier_core.events import TOOL_ERROR, TOOL_POST, TOOL_PRE
from amplifier_core.models import HookResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.hook_handlers import TURN_BEGINS, register_all
from py_app.message import Message

_PRIORITY = -1000
"""Before every hook that reads the id."""

_CONTINUE = HookResult()


@dataclass
class _Running:
    call_id: str
    name: str
    given: object


class CallIds:
    """One a session. An event without an id is matched with the calls of the last message of the model."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._running: list[_Running] = []
        self._taken: set[str] = set()

    def register(self) -> Callable[[], None]:
        """Register the hooks; returns what removes them."""
        handlers = {
            **dict.fromkeys(TURN_BEGINS, self._on_turn),
            TOOL_PRE: self._on_start,
            TOOL_POST: self._on_end,
            TOOL_ERROR: self._on_end,
        }
        return register_all(self._coordinator.hooks, handlers, priority=_PRIORITY, name="call-ids")

    async def _on_turn(self, event: str, data: Json) -> HookResult:
        self._running.clear()
        self._taken.clear()
        return _CONTINUE

    async def _on_start(self, event: str, data: Json) -> HookResult:
        if data.get("tool_call_id"):
            return _CONTINUE
        name, given = data.get("tool_name"), data.get("tool_input")
        messages = await self._coordinator.get("context").get_messages()
        none: Message = {}
        last = next((m for m in reversed(messages) if m.get("role") == "assistant"), none)
        alike = (call for call in calls_of(last) if call["name"] == name and call["id"] not in self._taken)
        call = next((call for call in alike if (call["arguments"] or {}) == (given or {})), None)
        call_id = call["id"] if call else uuid.uuid4().hex
        self._taken.add(call_id)
        self._running.append(_Running(call_id, str(name), given))
        return _with_id(data, call_id)

    async def _on_end(self, event: str, data: Json) -> HookResult:
        if data.get("tool_call_id"):
            return _CONTINUE
        alike = [running for running in self._running if running.name == data.get("tool_name")]
        same = [running for running in alike if running.given == data.get("tool_input", running.given)]
        running = next(iter(same or alike), None)
        if running is None:
            return _with_id(data, uuid.uuid4().hex)
        self._running.remove(running)
        return _with_id({"tool_input": running.given, **data}, running.call_id)


def calls_of(message: Message) -> list[Json]:
    """The calls of a message, as {"id", "name", "arguments"}, in whichever of Amplifier's shapes."""
    content = message.get("content")
    blocks = cast("list[Json]", content) if isinstance(content, list) else []
    calls: dict[str, Json] = {}
    listed = cast("list[Json]", message.get("tool_calls") or [])
    for call in [*listed, *(block for block in blocks if block.get("type") == "tool_call")]:
        said = cast("Json", call.get("function") or call)
        name = said.get("name") or said.get("tool")
        given = said.get("arguments", said.get("input"))
        calls.setdefault(str(call.get("id")), {"id": str(call.get("id")), "name": name, "arguments": given})
    return list(calls.values())


def _with_id(data: Json, call_id: str) -> HookResult:
    return HookResult(action="modify", data={**data, "tool_call_id": call_id})
