"""What holds a message list together: which messages may only go together, and what may go first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from py_app.message import Message, is_steered

INTERRUPTED = "No result: the tool was interrupted."


def call_ids(message: Message) -> list[str]:
    """Ids of the tool calls in an assistant message, in either of Amplifier's two places."""
    calls: list[Message] = list(message.get("tool_calls") or [])
    content = message.get("content")
    if isinstance(content, list):
        calls += [block for block in cast("list[Message]", content) if block.get("type") == "tool_call"]
    return [call["id"] for call in calls if call.get("id")]


def repair(messages: Sequence[Message]) -> list[Message]:
    """Give every tool call a result and drop results without a call.

    A conversation that was cut off in the middle of a tool run lacks results, and chat templates refuse that.
    """
    repaired: list[Message] = []
    open_calls: list[str] = []

    def close() -> None:
        repaired.extend({"role": "tool", "tool_call_id": call, "content": INTERRUPTED} for call in open_calls)
        open_calls.clear()

    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in open_calls:
                continue
            open_calls.remove(message["tool_call_id"])
        elif open_calls and message.get("role") != "system":  # hooks may put system messages between results
            close()
        repaired.append(message)
        if message.get("role") == "assistant":
            open_calls = call_ids(message)
    close()
    return repaired


def head_length(messages: Sequence[Message]) -> int:
    """How many system messages stand at the start: they are always kept."""
    return next(
        (i for i, message in enumerate(messages) if message.get("role") not in _SYSTEM), len(messages)
    )


def last_user(messages: Sequence[Message]) -> int:
    """Index of the last user message; the length of the list if there is none."""
    return next(
        (i for i in range(len(messages) - 1, -1, -1) if messages[i].get("role") == "user"), len(messages)
    )


def last_question(messages: Sequence[Message]) -> int:
    """Index of the message with which the last turn began; the length of the list if there is none."""
    asked = (i for i in range(len(messages) - 1, -1, -1) if messages[i].get("role") == "user")
    return next((i for i in asked if not is_steered(messages[i])), len(messages))


def groups(messages: Sequence[Message]) -> list[range]:
    """Cut a list into the smallest pieces that may be left out whole.

    Before the last user message that is a turn (a user message and all that follows it), so that what
    remains starts with a user message, as chat templates want; in the running turn it is an assistant
    message with the results of its tool calls.
    """
    pieces: list[range] = []
    current = last_user(messages)
    start = 0
    for i in range(1, len(messages) + 1):
        if i == len(messages) or _starts_group(messages[i], running=i > current) or i == current + 1:
            pieces.append(range(start, i))
            start = i
    return pieces if messages else []


def _starts_group(message: Message, *, running: bool) -> bool:
    return message.get("role") == ("assistant" if running else "user")


_SYSTEM = ("system", "developer")
