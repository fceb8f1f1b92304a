"""A session's files, as Amplifier's command line and its logging hook write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from providers.json_types import Json
from py_app.message import Message

_SCHEMA = {"name": "amplifier.log", "ver": "1.0.0"}
_BESIDE_DATA = (
    "redaction",
    "status",
    "duration_ms",
    "module",
    "component",
    "error",
    "request_id",
    "span_id",
    "parent_span_id",
    "session_id",
)
"""What an event says of itself stands beside its data."""
_INSTRUCTIONS = ("system", "developer")
"""The roles that no transcript has: they are the session's, not the conversation's."""


@dataclass(frozen=True)
class Saved:
    """One session as it is kept. `parent` and `agent` are those of a sub-session."""

    id: str
    messages: Sequence[Message]
    parent: str = ""
    agent: str = ""
    subs: list[Saved] = field(default_factory=list["Saved"])

    def all(self) -> Iterable[Saved]:
        """This session and the sub-sessions below it."""
        yield self
        for sub in self.subs:
            yield from sub.all()


def saved(session_id: str, messages: Sequence[Message], parent: str = "", agent: str = "") -> Saved:
    """A session with the sub-sessions of which its messages tell (`metadata.agents` of a tool's)."""
    said: dict[str, list[Message]] = {}
    names: dict[str, str] = {}
    for record in (record for message in messages for record in _agents(message)):
        sub_id = record.get("id")
        if not isinstance(sub_id, str) or not sub_id:
            continue
        names[sub_id] = str(record.get("name") or "")
        earlier = said.get(sub_id, [])[: int(record.get("from") or 0)]
        said[sub_id] = [*earlier, *cast("list[Message]", record.get("messages") or [])]
    subs = [saved(sub_id, known, session_id, names[sub_id]) for sub_id, known in said.items()]
    return Saved(session_id, messages, parent, agent, subs)


def _agents(message: Message) -> list[Json]:
    metadata = message.get("metadata")
    records = cast(Json, metadata).get("agents") if isinstance(metadata, dict) else None
    listed = cast("list[object]", records) if isinstance(records, list) else []
    return [cast(Json, record) for record in listed if isinstance(record, dict)]


def transcript_lines(messages: Iterable[Message]) -> list[str]:
    """One line of JSON for each message that a transcript has."""
    return [
        json.dumps(_official(message), ensure_ascii=False) + "\n"
        for message in messages
        if message.get("role") not in _INSTRUCTIONS
    ]


def _official(message: Message) -> Message:
    """Calls name their tool as `tool`; what sub-agents said stands in files of their own."""
    told = dict(message)
    if calls := cast("list[Json]", told.get("tool_calls") or []):
        told["tool_calls"] = [
            {
                "id": call.get("id"),
                "tool": call.get("name") or call.get("tool"),
                "arguments": call.get("arguments"),
            }
            for call in calls
        ]
    if _agents(message):
        told["metadata"] = {key: value for key, value in message["metadata"].items() if key != "agents"}
    return told


def metadata_of(
    session: Saved, *, created: str, model: str, title: str, working_dir: str, known: Json | None = None
) -> str:
    """The text of metadata.json. What modules wrote into the file (`known`) stays, a name before all."""
    metadata: Json = {
        "name": title,
        "bundle": "unknown",
        **(known or {}),
        "session_id": session.id,
        "created": created,
        "model": model or "unknown",
        "turn_count": sum(message.get("role") == "user" for message in session.messages),
        "working_dir": working_dir,
    }
    if session.parent:
        metadata |= {"parent_id": session.parent, "agent_name": session.agent}
    # Those of which a branch tells that is not read now have their files too, and go with the conversation.
    if subs := dict.fromkeys([*sub_sessions_in(metadata), *(sub.id for sub in session.subs)]):
        metadata["sub_sessions"] = list(subs)
    return json.dumps(metadata, indent=2, ensure_ascii=False)


def sub_sessions_in(metadata: Json) -> list[str]:
    """The ids that a metadata.json names."""
    listed: object = metadata.get("sub_sessions")
    ids = cast("list[object]", listed) if isinstance(listed, list) else []
    return [each for each in ids if isinstance(each, str)]


def event_line(event: str, time: str, data: Json) -> str:
    """One line of events.jsonl; `data` holds no secrets any more."""
    beside = {key: value for key, value in data.items() if key in _BESIDE_DATA}
    told = {"lvl", "timestamp", *beside}
    rest = {key: value for key, value in data.items() if key not in told}
    failed = beside.get("status") == "error" or beside.get("error") or "error" in event
    level = data.get("lvl", "INFO")
    record = {
        "ts": time,
        "lvl": "ERROR" if failed and level != "DEBUG" else level,
        "schema": _SCHEMA,
        "event": event,
        **beside,
        **({"data": rest} if rest else {}),
    }
    return json.dumps(record, ensure_ascii=False, default=str) + "\n"
