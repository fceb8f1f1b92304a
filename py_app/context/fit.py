"""When the running turn alone is too long for the model: its tool results are cut until it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from py_app.message import Block, Message, text_of
from py_app.shorten import shortened

_LEAST = 400
"""Characters that are left of a result in any case: its beginning mostly says what it is."""


def fit_results(
    messages: Sequence[Message],
    places: Sequence[int],
    over: Callable[[], float],
    put: Callable[[int, Message], None],
) -> None:
    """Cut the results at `places`, the longest first, and `put` each, until nothing is `over`.

    `over` says how many characters are too many.
    """
    by_length = sorted(places, key=lambda place: len(text_of(messages[place])), reverse=True)
    for place in by_length:
        excess = over()
        if excess <= 0:
            return
        text = text_of(messages[place])
        limit = max(_LEAST, int(len(text) - excess))
        if limit < len(text):
            put(place, _cut(messages[place], limit))


def _cut(message: Message, limit: int) -> Message:
    content: str | list[Block] = message["content"]
    text = shortened(text_of(message), limit)
    if isinstance(content, str):
        return {**message, "content": text}
    others = [block for block in content if block.get("type") != "text"]
    return {**message, "content": [*others, {"type": "text", "text": text}]}
