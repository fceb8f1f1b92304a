"""How the last turn ended: the kernel hands on only a string, or a RuntimeError with a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from providers.json_types import Json


@dataclass
class Outcome:
    """`finish_reason` is the engine's (stop, length, cancelled) or `max_iterations` or `denied`."""

    finish_reason: str = "stop"
    error: BaseException | None = None
    more: Json = field(default_factory=Json)
    """What the turn's `end` event says besides: `object`, where an answer under a schema was wanted."""

    def reset(self) -> None:
        self.finish_reason = "stop"
        self.error = None
        self.more = {}
