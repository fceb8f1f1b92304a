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
    """Awaits a coroutine step by step in a context of its own, within the running task.

    What the coroutine sets in context variables stays with it, as if it were a task, without a
    task's price of several turns of the event loop.
    """

    __slots__ = ("_context", "_coroutine")

    def __init__(self, coroutine: Work[Any], context: contextvars.Context) -> None:
        self._coroutine = coroutine
        self._context = context

    def __await__(self) -> "Generator[Any, Any, Any]":
        return self  # pyright: ignore[reportReturnType]  (it has what `yield from` uses)

    def __iter__(self) -> "Scoped":
        return self

    def __next__(self) -> Any:
        return self._context.run(self._coroutine.send, None)

    def send(self, value: object) -> Any:
        return self._context.run(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        return self._context.run(self._coroutine.throw, *error)

    def close(self) -> None:
        self._context.run(self._coroutine.close)


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
