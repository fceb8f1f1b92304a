"""Ends a wait when the session is cancelled at once, so that every await of a turn can be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from amplifier_core.cancellation import CancellationToken

from py_app.errors import TurnCancelledError

T = TypeVar("T")


class CancelGate:
    """Runs coroutines; an immediate cancel ends them after their grace period.

    A graceful cancel lets them finish: the loop looks at `stopping` between two steps.
    """

    def __init__(self, token: CancellationToken) -> None:
        self._token = token
        self._tasks: set[asyncio.Task[object]] = set()
        self._stopped = False
        self.grace = 0.0
        """Seconds that what runs gets to end by itself; it may be changed while it runs."""
        # Registered once: the token keeps its callbacks for the life of the session.
        token.on_cancel(self._on_cancel)

    @property
    def stopping(self) -> bool:
        """Whether the turn is to end, gracefully or at once."""
        return self._token.is_cancelled

    async def run(self, work: Coroutine[Any, Any, T], *, grace: float = 0.0) -> T:
        """The result of `work`. Raises TurnCancelledError if the session is cancelled at once meanwhile."""
        if self._token.is_immediate:
            work.close()
            raise TurnCancelledError
        self.grace, self._stopped = grace, False
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._stopped:
                raise TurnCancelledError from None
            raise
        finally:
            self._tasks.discard(task)

    async def _on_cancel(self) -> None:
        if self._tasks and self._token.is_immediate and not self._stopped:
            self._stopped = True
            for task in self._tasks:
                asyncio.get_running_loop().call_later(self.grace, task.cancel)
