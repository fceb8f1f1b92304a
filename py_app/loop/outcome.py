"""How the last turn ended: the kernel hands on only a string, or a RuntimeError with a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Outcome:
    """`finish_reason` is the engine's (stop, length, cancelled) or `max_iterations` or `denied`."""

    finish_reason: str = "stop"
    error: BaseException | None = None

    def reset(self) -> None:
        self.finish_reason = "stop"
        self.error = None
