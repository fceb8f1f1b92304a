"""Writes into the transcript what the person answered: `metadata.approval` of the tool's message."""

from __future__ import annotations

from py_app.approver import Approver
from py_app.message import Message


class ApprovalMarks:
    """One a conversation. Messages are marked on their way to the page, whoever added them to the context."""

    def __init__(self, approver: Approver) -> None:
        self._approver = approver
        self._marked: dict[str, tuple[Message, Message]] = {}
        """By call: the message of the context, and the marked one, which is the same object each time: the
        transcript compares by it."""

    def on(self, messages: list[Message]) -> list[Message]:
        """`messages`, those of tools that were asked for with the answer."""
        if not self._approver.answers:
            return messages
        return [
            self._with_answer(message) if message.get("role") == "tool" else message for message in messages
        ]

    def _with_answer(self, message: Message) -> Message:
        call_id = str(message.get("tool_call_id"))
        answer = self._approver.answers.get(call_id)
        if answer is None:
            return message
        known = self._marked.get(call_id)
        if known is None or known[0] is not message:
            metadata: Message = {**(message.get("metadata") or {}), "approval": answer}
            known = self._marked[call_id] = message, {**message, "metadata": metadata}
        return known[1]
