"""A time-out that is put off often: with every piece of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_SLEPT = 1.0
"""Seconds. A timer that comes so late has counted time in which nothing ran: the computer slept."""


class Deadline:
    """Calls `late` when the time is over. Putting it off only notes the new time: no timer is made for it."""

    def __init__(self, late: Callable[[], None]) -> None:
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._seconds = 0.0
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self._loop.time() >= self._due

    def set(self, seconds: float) -> None:
        """From now on, `seconds` until it is late."""
        self._seconds = seconds
        self.extend()
        if self._timer is None or self._timer.when() > self._due:
            self.close()
            self._timer = self._loop.call_at(self._due, self._look)

    def extend(self) -> None:
        """The same number of seconds, from now on."""
        self._due = self._loop.time() + self._seconds

    def close(self) -> None:
        """Forget it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        planned = self._timer.when() if self._timer else self._due
        self._timer = None
        if self._loop.time() - planned > _SLEPT:
            self.extend()
        if self.passed:
            self._late()
        else:
            self._timer = self._loop.call_at(self._due, self._look)
