"""How long a tool call may take."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextvars import ContextVar


class TimeLimit:
    """Raises TimeoutError in who has entered it when the time is up, less the time in which it rested."""

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)
        self._resting = 0
        self._left = 0.0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        async with self._timeout:
            token = TIME_LIMIT.set(self)
            try:
                yield
            finally:
                TIME_LIMIT.reset(token)

    @contextlib.contextmanager
    def resting(self) -> Generator[None]:
        """While a sub-agent works, whose steps have limits of their own."""
        self._resting += 1
        if self._resting == 1:
            self._left = (self._timeout.when() or 0.0) - _now()
            self._reschedule(None)
        try:
            yield
        finally:
            self._resting -= 1
            if self._resting == 0:
                self._reschedule(_now() + self._left)

    def _reschedule(self, when: float | None) -> None:
        with contextlib.suppress(RuntimeError):  # the call is over, and what it began goes on
            self._timeout.reschedule(when)


def _now() -> float:
    return asyncio.get_running_loop().time()


TIME_LIMIT: ContextVar[TimeLimit | None] = ContextVar("alcove_tool_time_limit", default=None)
"""That of the tool call that is running."""
