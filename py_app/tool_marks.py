"""Writes into the transcript what is known of a tool's call: `metadata` of the message of its result."""

from __future__ import annotations

from collections.abc import Mapping

from py_app.message import Message


class ToolMarks:
    """One a session and a `name` of the metadata. Messages are marked on their way to the page, whoever added
    them to the context."""

    def __init__(self, name: str, known: Mapping[str, object]) -> None:
        """`known`, by the call's id, may grow."""
        self._name = name
        self._known = known
        self._marked: dict[str, tuple[Message, Message]] = {}
        """By call: the message of the context, and the marked one, which is the same object each time: the
        transcript compares by it."""

    def on(self, messages: list[Message]) -> list[Message]:
        """`messages`, those of tools of which something is known with it."""
        if not self._known:
            return messages
        return [self._with(message) if message.get("role") == "tool" else message for message in messages]

    def _with(self, message: Message) -> Message:
        call_id = str(message.get("tool_call_id"))
        if call_id not in self._known:
            return message
        known = self._marked.get(call_id)
        if known is None or known[0] is not message:
            metadata: Message = {**(message.get("metadata") or {}), self._name: self._known[call_id]}
            known = self._marked[call_id] = message, {**message, "metadata": metadata}
        return known[1]
