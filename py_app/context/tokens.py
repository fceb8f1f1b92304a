"""Token counts without a tokenizer: an estimate that the engine's real counts correct."""

from __future__ import annotations

import json
from typing import NamedTuple

from py_app.message import Block, Message

_BYTES_PER_TOKEN = 4.0
_TOKENS_PER_MESSAGE = 6.0
"""Role and turn markers of a chat template."""
_TOKENS_PER_CUT = 40.0
"""What is said of a cut in its place."""
_MIN_SCALE, _MAX_SCALE = 0.5, 4.0
_ENOUGH_TO_LEARN = 200.0
"""Below this, what the chat template adds by itself would count for more than the text."""
_PICTURE_TOKENS, _PICTURE_SHARE = 300.0, 0.125
"""What a picture is taken for until the engine has counted one: not more than this share of the budget,
because a small model with a small window sees with few tokens."""


class Size(NamedTuple):
    """What a message costs: its text as an estimate before correction, and its pictures."""

    text: float
    pictures: int = 0


def size_of(message: Message, *, sees: bool = True) -> Size:
    """The size of a message; for a model that cannot see (`sees`), a picture is its description."""
    content = message.get("content") or ""
    blocks: list[Block] = [{"type": "text", "text": content}] if isinstance(content, str) else content
    pictures = sum(sees and block.get("type") == "image" for block in blocks)
    tokens = _TOKENS_PER_MESSAGE + sum(_block_tokens(block) for block in blocks)
    if calls := message.get("tool_calls"):
        tokens += _text_tokens(json.dumps(calls, default=str))
    if not sees:
        tokens += sum(_text_tokens(block.get("description") or "") for block in blocks)
    return Size(tokens, pictures)


def _text_tokens(text: str) -> float:
    """A byte of UTF-8 says more than a character."""
    return (len(text) if text.isascii() else len(text.encode(errors="replace"))) / _BYTES_PER_TOKEN


def _block_tokens(block: Block) -> float:
    if block.get("type") == "text":
        return _text_tokens(block.get("text") or "")
    if block.get("type") in ("image", "thinking", "redacted_thinking", "reasoning"):
        return 0.0  # thinking is not sent
    return _text_tokens(json.dumps(block, default=str))


class TokenScale:
    """How many real tokens an estimated one is, and a picture: learned from what the engine counted."""

    def __init__(self) -> None:
        self.value = 1.0
        self._picture: float | None = None

    def tokens(self, size: Size, budget: int | None) -> float:
        """The real tokens that `size` probably is."""
        return size.text * self.value + size.pictures * self._per_picture(budget)

    def text_over(self, size: Size, budget: int) -> float:
        """How many characters of plain text `size` has too many for `budget` tokens, generously."""
        over = self.tokens(size, budget) - budget
        return (over / self.value + _TOKENS_PER_CUT) * _BYTES_PER_TOKEN if over > 0 else 0.0

    def text_under(self, size: Size, budget: int) -> float:
        """How many bytes of text may come to `size` in `budget` tokens; 0 where it has too many already."""
        return max(0.0, (budget - self.tokens(size, budget)) / self.value * _BYTES_PER_TOKEN)

    def learn(self, size: Size, real: int, image_tokens: int | None = None) -> None:
        """`real` tokens as the engine counted for `size`, `image_tokens` of them its pictures'.

        Moves half of the way.
        """
        if size.pictures:
            if image_tokens is None:  # nobody knows which of the two was estimated wrongly
                return
            self._picture = image_tokens / size.pictures
            real -= image_tokens
        if size.text >= _ENOUGH_TO_LEARN and real > 0:
            self.value = min(_MAX_SCALE, max(_MIN_SCALE, (self.value + real / size.text) / 2))

    def overflowed(self, size: Size, budget: int) -> None:
        """The engine refused what was estimated to fit into `budget`."""
        if size.pictures and self._picture is None:
            self._picture = 2 * self._per_picture(budget)
        elif size.text > 0:
            self.value = max(self.value, 1.25 * budget / size.text)

    def _per_picture(self, budget: int | None) -> float:
        if self._picture is not None:
            return self._picture
        return _PICTURE_TOKENS if budget is None else min(_PICTURE_TOKENS, _PICTURE_SHARE * budget)
