"""asyncio in batches.

Pyodide's own loop makes a browser task of every callback and a browser timer, which outlives its
cancellation, of every time-out. A turn has some forty callbacks, and their way through the browser costs
several times what they do. This loop keeps its own queue and heap, as asyncio does everywhere else, and has
one browser task or timer on its way at a time.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVarTuple

if TYPE_CHECKING:
    from asyncio import BaseEventLoop
    from asyncio import Future as PyodideFuture

    class WebLoop(BaseEventLoop):
        def _install_running_loop(self) -> None: ...

else:
    from pyodide.webloop import PyodideFuture, WebLoop

Ts = TypeVarTuple("Ts")

_BATCH_SECONDS = 0.004
"""After this the browser has its turn: messages, timers and fetches must get through."""
_SOON_SECONDS = 0.02
"""Calls of `call_now` that follow each other faster are at full speed."""


class BatchLoop(WebLoop):
    """Pyodide's loop, but all callbacks that are ready run in one browser task.

    Whenever something waits, a browser task that will run it is on its way. So nothing is left lying when a
    callback suspends the whole stack with `run_sync`, or when a batch runs out of time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ready: deque[asyncio.Handle] = deque()
        self._task_on_its_way = False
        self._timers: list[asyncio.TimerHandle] = []
        self._timer_due = math.inf
        self._called_now = -math.inf

    def create_future(self) -> asyncio.Future[Any]:
        # Without the base's count of what is in progress, which is a second callback for every future.
        return PyodideFuture(loop=self)

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        self._send_task()
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, handle)
        self._set_timer()
        return handle

    def _send_task(self) -> None:
        if not self._task_on_its_way:
            self._task_on_its_way = True
            super().call_later(0, self._run_ready)

    def call_now(self, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        """Call `callback`, and run what it makes ready at once, without a browser task of its own.

        For what JavaScript calls often, as with every piece of an answer. What comes very soon after the last
        call waits for a task, so that what comes at full speed is dealt with together. What runs so cannot
        `run_sync`.
        """
        now = self.time()
        soon, self._called_now = now - self._called_now < _SOON_SECONDS, now
        if soon or self._ready:  # or others were ready before, and their task is on its way
            callback(*args)
            return
        self._install_running_loop()
        self._task_on_its_way, on_its_way = True, self._task_on_its_way
        try:
            callback(*args)
        finally:
            self._task_on_its_way = on_its_way
        for handle in [self._ready.popleft() for _ in range(len(self._ready))]:
            if not handle.cancelled():
                handle._run()  # pyright: ignore[reportPrivateUsage]

    def _run_ready(self) -> None:
        self._task_on_its_way = False
        until = self.time() + _BATCH_SECONDS
        while self._ready and self.time() < until:
            handle = self._ready.popleft()
            if self._ready:
                self._send_task()
            if not handle.cancelled():
                handle._run()  # pyright: ignore[reportPrivateUsage]
        # The time may be over before the first one ran: a busy machine stops us anywhere.
        if self._ready:
            self._send_task()

    def _set_timer(self) -> None:
        while self._timers and self._timers[0].cancelled():
            heapq.heappop(self._timers)
        if self._timers and (due := self._timers[0].when()) < self._timer_due:
            self._timer_due = due
            super().call_later(max(0, due - self.time()), self._on_timer, due)

    def _on_timer(self, due: float) -> None:
        if due != self._timer_due:
            return  # an earlier one was set after it
        self._timer_due = math.inf
        now = self.time()
        while self._timers and self._timers[0].when() <= now:
            self._ready.append(heapq.heappop(self._timers))
        if self._ready:
            self._send_task()
        self._set_timer()


def install() -> None:
    """Make it the loop of this interpreter; what runs on the old one goes on there."""
    asyncio.set_event_loop(BatchLoop())
