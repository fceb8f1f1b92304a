"""How much one turn may take before it is ended with a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from py_app.errors import AlcoveError

_NAMES = {"toolCalls": "tool_calls", "tokens": "tokens", "seconds": "seconds"}


@dataclass(frozen=True)
class Budget:
    """None is no limit. `tokens` are those of all prompts and answers of the turn; in `seconds` the time in
    which the person is asked does not count. They are looked at between two steps."""

    tool_calls: float | None = 100
    tokens: float | None = 1_000_000
    seconds: float | None = 1800

    @classmethod
    def parse(cls, raw: object) -> Budget:
        """From {"toolCalls"?, "tokens"?, "seconds"?}: a number above 0, or null for no limit.

        Raises AlcoveError (bad-request) for anything else.
        """
        given = cast("dict[str, object]", raw) if isinstance(raw, dict) else {"": raw}
        if not given.keys() <= _NAMES.keys() or not all(map(_is_limit, given.values())):
            raise AlcoveError(
                "bad-request",
                f'"budget" may limit {", ".join(_NAMES)}: each a number above 0, or null for no limit.',
            )
        limits = cast("dict[str, float | None]", given)
        return cls(**{_NAMES[name]: limit for name, limit in limits.items()})


def _is_limit(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and cast(float, value) > 0)
