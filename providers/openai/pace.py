"""How fast an answer comes, as our engines report it."""

from __future__ import annotations

import time
from typing import cast

from providers.json_types import Json
from providers.wire import count, first_choice, said


class Pace:
    """Measures one completion from its making on."""

    def __init__(self) -> None:
        self._asked = time.monotonic()
        self._first = self._last = 0.0

    def measure(self, chunk: Json) -> Json:
        """`chunk`, its usage with `ttft_ms` and `decode_tokens_per_second` if it brings one."""
        if any(_says(choice.get("delta")) for choice in first_choice(chunk.get("choices"))):
            self._last = time.monotonic()
            self._first = self._first or self._last
        given: object = chunk.get("usage")
        if not isinstance(given, dict) or not given or not self._first:
            return chunk
        usage = cast(Json, given)
        speed: Json = {"ttft_ms": (self._first - self._asked) * 1000}
        if (seconds := self._last - self._first) > 0:
            speed["decode_tokens_per_second"] = max(0, count(usage.get("completion_tokens")) - 1) / seconds
        return {**chunk, "usage": {**usage, **speed}}


def _says(given: object) -> bool:
    if not isinstance(given, dict):
        return False
    delta = cast(Json, given)
    return bool(delta.get("tool_calls")) or any(said(delta))
