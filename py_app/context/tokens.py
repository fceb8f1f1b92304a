"""Token counts without a tokenizer: an estimate that the engine's real counts correct."""

from __future__ import annotations

import json
from typing import Any

_BYTES_PER_TOKEN = 4.0
_TOKENS_PER_MESSAGE = 6.0
"""Role and turn markers of a chat template."""
_IMAGE_TOKENS = 300.0
_MIN_SCALE, _MAX_SCALE = 0.5, 4.0
_ENOUGH_TO_LEARN = 200.0
"""Below this, what the chat template adds by itself would count for more than the text."""


def raw_tokens(message: dict[str, Any]) -> float:
    """Estimated tokens of a message before correction; a byte of UTF-8 says more than a character."""
    content = message.get("content") or ""
    if isinstance(content, str):
        tokens = _text_tokens(content)
    else:
        tokens = sum(_block_tokens(block) for block in content)
    if calls := message.get("tool_calls"):
        tokens += _text_tokens(json.dumps(calls, default=str))
    return tokens + _TOKENS_PER_MESSAGE


def _text_tokens(text: str) -> float:
    return (len(text) if text.isascii() else len(text.encode(errors="replace"))) / _BYTES_PER_TOKEN


def _block_tokens(block: dict[str, Any]) -> float:
    if block.get("type") == "text":
        return _text_tokens(block.get("text") or "")
    if block.get("type") == "image":
        return _IMAGE_TOKENS
    return _text_tokens(json.dumps(block, default=str))


class TokenScale:
    """How many real tokens an estimated one is: learned from every prompt that the engine counted."""

    def __init__(self) -> None:
        self.value = 1.0

    def learn(self, estimated: float, real: int) -> None:
        """`estimated` before correction, `real` as the engine counted; moves half of the way."""
        if estimated >= _ENOUGH_TO_LEARN and real > 0:
            self.value = min(_MAX_SCALE, max(_MIN_SCALE, (self.value + real / estimated) / 2))

    def overflowed(self, estimated: float, budget: int) -> None:
        """The engine refused what was estimated to fit into `budget`."""
        if estimated > 0:
            self.value = max(self.value, 1.25 * budget / estimated)
