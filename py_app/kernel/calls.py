"""Calling code that modules gave the engine: handlers, callbacks, cleanup functions."""

import asyncio
import contextvars
import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")

Work = Coroutine[Any, Any, T]
"""What a method returns that does its work at the call or when it is awaited."""


class Scoped:
    """Awaits a coroutine, whose first step was taken and gave `awaited`, step by step in a context of its
    own, within the running task.

    What the coroutine sets in context variables stays with it, as if it were a task, without a
    task's price of several turns of the event loop.
    """

    __slots__ = ("_awaited", "_context", "_coroutine")

    def __init__(self, coroutine: Work[Any], context: contextvars.Context, awaited: object) -> None:
        self._coroutine = coroutine
        self._context = context
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, Any]:
        step, value = self._coroutine.send, self._awaited
        while True:
            try:
                sent = yield value
            except GeneratorExit:
                self._context.run(self._coroutine.close)
                raise
            except BaseException as error:
                step, sent = self._coroutine.throw, error
            else:
                step = self._coroutine.send
            try:
                value = self._context.run(step, sent)
            except StopIteration as end:
                return end.value


async def settle(fn: Callable[..., Any], *args: object) -> Any:
    """`fn(*args)`, awaited when it gives a coroutine."""
    result = fn(*args)
    return await result if inspect.iscoroutine(result) else result


class CancelWatch:
    """Tells the running task's own cancellation from a CancelledError that other code raised."""

    __slots__ = ("_count", "_task")

    def __init__(self) -> None:
        try:
            self._task = asyncio.current_task()
        except RuntimeError:
            self._task = None
        self._count = self._task.cancelling() if self._task else 0

    @property
    def cancelled(self) -> bool:
        """Whether the task was asked to stop since this watch was made."""
        return self._task is not None and self._task.cancelling() > self._count
