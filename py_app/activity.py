"""What happened in a session: every event of Amplifier, with its time, and what it cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

from amplifier_core.events import (
    ALL_EVENTS,
    CONTENT_BLOCK_DELTA,
    EXECUTION_END,
    EXECUTION_START,
    LLM_REQUEST,
    LLM_RESPONSE,
    PROVIDER_ERROR,
    PROVIDER_REQUEST,
    PROVIDER_RESPONSE,
    THINKING_DELTA,
    TOOL_ERROR,
    TOOL_POST,
    TOOL_PRE,
)
from amplifier_core.models import HookResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.secrets import REDACTED, plan_without_secrets, without_secrets

_MOST = 2_000
"""Events that are remembered; of older ones nobody asks why."""
_LONGEST = 4_000
"""Characters of a text in an event."""
_FIRST = -1_000_000
"""Before every hook: a handler that denies ends the chain, and this is to see all of it."""

_PIECES = {CONTENT_BLOCK_DELTA, THINKING_DELTA}
"""Many in each answer; their text is in the event that ends the block."""

_BEGINS = {
    TOOL_POST: TOOL_PRE,
    TOOL_ERROR: TOOL_PRE,
    PROVIDER_RESPONSE: PROVIDER_REQUEST,
    PROVIDER_ERROR: PROVIDER_REQUEST,
    LLM_RESPONSE: LLM_REQUEST,
    EXECUTION_END: EXECUTION_START,
}
"""What an event ends, whose time is its cost."""

_CONTINUE = HookResult()


class Activity:
    """The record of one conversation and all who work for it, made while it is open."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets` are texts that must not leave it, such as a server's key."""
        self._secrets = [secret for secret in secrets if secret]
        self._events: deque[tuple[str, Json, Agent | None]] = deque(maxlen=_MOST)
        self._heard: dict[str, set[str]] = {}
        """Which events of which session."""
        self.record: Callable[[str, Json], None] | None = None
        """Hears every event as it happens."""

    def listen(self, coordinator: Coordinator, agent: Agent | None = None) -> None:
        """Hear the events of a session, which may be that of an `agent`."""
        self._heard[coordinator.session_id] = set()
        self._hear(coordinator, ALL_EVENTS, agent)

    async def listen_to_modules(self, coordinator: Coordinator, agent: Agent | None = None) -> None:
        """Hear the events of its modules too, once they are mounted (Amplifier's `observability.events`)."""
        for events in await coordinator.collect_contributions("observability.events"):
            if isinstance(events, list | tuple | set):
                named = (event for event in cast("list[object]", events) if isinstance(event, str))
                self._hear(coordinator, named, agent)

    def _hear(self, coordinator: Coordinator, events: Iterable[str], agent: Agent | None) -> None:
        async def on_event(event: str, data: Json) -> HookResult:
            self._events.append((event, data, agent))
            if self.record:
                self.record(event, data)
            return _CONTINUE

        heard = self._heard[coordinator.session_id]
        for event in set(events) - heard - _PIECES:
            heard.add(event)
            coordinator.hooks.register(event, on_event, _FIRST, f"activity:{event}")

    def entries(self) -> list[Json]:
        """All of it, oldest first: {"event", "time" (ISO 8601), "session", "agent"?, "seconds"?, "tokens"?,
        "engine"?, "data"}.

        `agent` is whose session it is, where it is not the conversation's own; `seconds` since what the event
        ends began; `tokens` of a model's answer; `data` without secrets, long texts cut.
        """
        begun: dict[tuple[str, str], str] = {}
        return [self._entry(event, data, agent, begun) for event, data, agent in list(self._events)]

    def _entry(self, event: str, data: Json, agent: Agent | None, begun: dict[tuple[str, str], str]) -> Json:
        time = str(data.get("timestamp") or "")
        about = f"{data.get('session_id')} {data.get('tool_call_id') or ''}"
        begun[event, about] = time
        entry: Json = {"event": event, "time": time, "session": data.get("session_id")}
        if agent is not None:
            entry["agent"] = agent.about
        if (start := begun.pop((_BEGINS.get(event, ""), about), None)) is not None:
            entry["seconds"] = _seconds(start, time)
        usage = data.get("usage")
        if isinstance(usage, dict):
            counts = cast(Json, usage)
            entry["tokens"] = sum(int(counts.get(name) or 0) for name in ("input_tokens", "output_tokens"))
        if engine := data.get("provider"):
            entry["engine"] = engine
        plain = {key: value for key, value in data.items() if key not in ("timestamp", "session_id")}
        entry["data"] = self.redacted(plain)
        return entry

    def redacted(self, data: Json) -> Json:
        """What an event says, without secrets; long texts are cut."""
        if "raw" in data:  # a mount plan, where that asks for it
            data = {**data, "raw": plan_without_secrets(data["raw"])}
        return cast(Json, without_secrets(data, text=self._shown))

    def _shown(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        if len(text) <= _LONGEST:
            return text
        return f"{text[:_LONGEST]}… [{len(text) - _LONGEST} more characters]"


def _seconds(start: str, end: str) -> float | None:
    try:
        return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 4)
    except ValueError:  # a hook of somebody's wrote something else there
        return None
