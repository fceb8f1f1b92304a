"""Writes into the transcript what sub-agents said and did: `metadata.agents` of the message of the tool that
let them work. So it is kept, exported and deleted with the conversation, and there when one is to go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from providers.json_types import Json
from py_app.agents.work import Work
from py_app.context.sequence import INTERRUPTED, call_ids
from py_app.message import Message


class AgentMarks:
    """One a session. Messages are marked on their way to the transcript."""

    def __init__(self) -> None:
        self._works: list[Work] = []

    def add(self, work: Work) -> None:
        self._works.append(work)

    def forget_unbound(self) -> None:
        """The turn is over: to a message that comes later no earlier work belongs."""
        self._works = [work for work in self._works if work.runs or work.bound is not None]

    async def on(self, messages: list[Message]) -> list[Message]:
        """`messages`, those of tools that sub-agents worked for with what these said.

        A call that still runs has a message too, so that nothing of it is lost if it never ends.
        """
        if not self._works:
            return messages
        marked = list(messages)
        running: dict[str, list[Work]] = {}
        for work in list(self._works):
            place = _place(work, messages)
            if place is not None:
                marked[place] = await _with(marked[place], work)
            elif work.bound is not None:  # the message was taken out of the conversation
                self._works.remove(work)
            elif work.job.call_id:
                running.setdefault(work.job.call_id, []).append(work)
        for call_id in _open_calls(messages):
            if call_id not in running:
                continue
            at_work = [work.job.agent for work in running[call_id]]
            # Where it stays as it is: whom the model may ask to go on.
            words = [INTERRUPTED, *(f'The session_id of "{agent.name}" is {agent.id}.' for agent in at_work)]
            message: Message = {"role": "tool", "tool_call_id": call_id, "content": " ".join(words)}
            for work in running[call_id]:
                message = await _with(message, work)
            marked.append(message)
        return marked


def kept(messages: Sequence[Message], session_id: str) -> Json | None:
    """The sub-agent with this id as the transcript has it: {"name", "options", "messages"}."""
    found: Json | None = None
    for message in messages:
        for record in _records(message):
            if record.get("id") != session_id:
                continue
            earlier: list[Message] = found["messages"] if found else []
            said: list[Message] = [*earlier[: int(record.get("from") or 0)], *(record.get("messages") or [])]
            found = {"name": str(record.get("name")), "options": record.get("options"), "messages": said}
    return found


def _records(message: Message) -> list[Json]:
    metadata = message.get("metadata")
    listed = cast(Json, metadata).get("agents") if isinstance(metadata, dict) else None
    records = cast("list[object]", listed) if isinstance(listed, list) else []
    return [cast(Json, record) for record in records if isinstance(record, dict)]


async def _with(message: Message, work: Work) -> Message:
    metadata: Json = message.get("metadata") or {}
    return {**message, "metadata": {**metadata, "agents": [*_records(message), await work.record()]}}


def _place(work: Work, messages: Sequence[Message]) -> int | None:
    """Where the message of the call is that the work was done for."""
    job = work.job
    start = job.since if job.since <= len(messages) else 0
    for place in range(start, len(messages)):
        message = messages[place]
        if message.get("role") != "tool" or message.get("tool_call_id") != job.call_id:
            continue
        if work.bound is None:
            work.bound = message
        if message is work.bound or message == work.bound:
            return place
    return None


def _open_calls(messages: Sequence[Message]) -> list[str]:
    """The calls of the last step that have no result yet."""
    last = next((i for i in reversed(range(len(messages))) if messages[i].get("role") == "assistant"), None)
    if last is None:
        return []
    ended = {message.get("tool_call_id") for message in messages[last + 1 :]}
    return [call for call in call_ids(messages[last]) if call not in ended]
