"""Hook registry: handlers by event, in order of priority, and the outcome of an event."""

import asyncio
import contextvars
import logging
import math
import uuid
from collections.abc import Callable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from . import hook_results
from .calls import CancelWatch, Scoped, Work, settle
from .checks import Sealed, error_text, expect, expect_optional, ranged, real
from .clock import timestamp
from .hook_results import Fields
from .jsondata import Json, canonical, clone

if TYPE_CHECKING:
    from amplifier_core.models import HookResult

_log = logging.getLogger("amplifier_core.hooks")

_CORRELATED = ("llm:", "provider:")


class _Handler:
    """One registration."""

    __slots__ = ("call", "event", "name", "priority")

    def __init__(self, event: str, call: Callable[..., object], priority: int, name: str) -> None:
        self.event = event
        self.call = call
        self.priority = priority
        self.name = name


class RustUnregisterFn(Sealed):
    """What `register` gives back: calling it removes that one registration, as often as one likes."""

    __slots__ = ("_handler", "_registry")

    def __init__(self, registry: "RustHookRegistry", handler: _Handler) -> None:
        self._registry = registry
        self._handler = handler

    def __call__(self) -> None:
        self._registry._remove(self._handler)  # pyright: ignore[reportPrivateUsage]

    def __repr__(self) -> str:
        return f"<unregister '{self._handler.name}'>"


class RustHookRegistry(Sealed):
    """Handlers by event; lower priority runs first, equal ones in order of registration.

    A handler is `(event, data) -> HookResult | dict | None`, plain or async.
    """

    __slots__ = ("_by_event", "_defaults", "_order", "_show")

    SESSION_START = "session:start"
    SESSION_END = "session:end"
    PROMPT_SUBMIT = "prompt:submit"
    TOOL_PRE = "tool:pre"
    TOOL_POST = "tool:post"
    CONTEXT_PRE_COMPACT = "context:pre_compact"
    ORCHESTRATOR_COMPLETE = "orchestrator:complete"
    USER_NOTIFICATION = "user:notification"

    def __init__(self) -> None:
        self._by_event: dict[str, list[_Handler]] = {}
        self._order: list[_Handler] = []
        self._defaults: Json = {}
        self._show: Callable[[str, str, str], None] | None = None

    def register(
        self, event: str, handler: Callable[..., object], priority: int = 0, name: str | None = None
    ) -> RustUnregisterFn:
        """Add a handler for an event; gives a function that removes it again.

        Raises TypeError for an event or name that is no string and OverflowError for a priority past 32 bits.
        """
        expect(event, str)
        priority = ranged(priority, -(2**31), 2**31 - 1)
        expect_optional(name, str)
        entry = _Handler(
            event, handler, priority, name if name is not None else f"_auto_{event}_{uuid.uuid4()}"
        )
        handlers = self._by_event.setdefault(event, [])
        handlers.append(entry)
        handlers.sort(key=lambda h: h.priority)
        self._order.append(entry)
        return RustUnregisterFn(self, entry)

    def on(
        self, event: str, handler: Callable[..., object], priority: int = 0, name: str | None = None
    ) -> RustUnregisterFn:
        """The older spelling of `register`."""
        return self.register(event, handler, priority, name)

    def unregister(self, name: str) -> None:
        """Remove the latest registration that goes by this name; nothing happens if there is none."""
        expect(name, str)
        for entry in reversed(self._order):
            if entry.name == name:
                self._remove(entry)
                return

    def _remove(self, entry: _Handler) -> None:
        if entry in self._order:
            self._order.remove(entry)
            self._by_event[entry.event].remove(entry)

    def set_default_fields(self, **kwargs: object) -> None:
        """Fields that every `emit` adds to event data unless the data has them; replaces earlier ones."""
        self._defaults = canonical(kwargs)

    def list_handlers(self, event: str | None = None) -> dict[str, list[str]]:
        """Names of the handlers by event, in the order in which they run."""
        if event is not None:
            expect(event, str)
            return {event: [h.name for h in self._by_event.get(event, ())]}
        return {key: [h.name for h in handlers] for key, handlers in self._by_event.items()}

    def emit(self, event: str, data: object) -> Work["HookResult"]:
        """Run the handlers of an event, each on a copy of the data, and give the outcome.

        A deny ends the chain; a modify changes what later handlers see; else the first ask_user wins,
        then the injections of all handlers together, then continue with the data. Data is read at
        the call, not at the await. An exception in a handler is logged and passed over.

        Raises RuntimeError for data that JSON cannot carry.
        """
        expect(event, str)
        value = canonical(hook_results.dump(data))
        if event.startswith(_CORRELATED):
            _correlate(event, value)
        return self._dispatch(event, value)

    async def _dispatch(self, event: str, data: object) -> "HookResult":
        handlers = self._by_event.get(event)
        if not handlers:
            return hook_results.make(data=data if isinstance(data, dict) else {})
        if isinstance(data, dict):
            data = cast("Json", data)
            data = {**self._defaults, **data, "timestamp": timestamp()}
            data = {key: data[key] for key in sorted(data)}
        asking: Fields | None = None
        injecting: list[tuple[Fields, list[Fields]]] = []
        watch = CancelWatch()
        for handler in tuple(handlers):
            result = await _run(handler, event, clone(data), watch)
            if result is None:
                continue
            action = result["action"]
            if action == "deny":
                return hook_results.make(**result)
            if action in ("continue", "modify"):
                self._tell(result, handler)
            if action == "modify":
                if result["data"] is not None:
                    data = result["data"]
            elif action == "ask_user":
                asking = asking or result
            elif action == "inject_context":
                items = hook_results.injections(result, event, handler.name)
                if items:
                    injecting.append((result, items))
        if asking:
            return hook_results.make(**asking)
        if injecting:
            return hook_results.make(**hook_results.merge(injecting))
        return hook_results.make(data=data if isinstance(data, dict) else {})

    def _tell(self, result: Fields, handler: _Handler) -> None:
        if self._show is not None and (message := result["user_message"]):
            source = result["user_message_source"] or handler.name
            self._show(message, result["user_message_level"], source)

    def emit_and_collect(self, event: str, data: object, timeout: float = 1.0) -> Work[list[Json]]:
        """Run every handler of an event, each for at most `timeout` seconds; gives their results' `data`.

        No default fields, no timestamp, and actions do not matter. A handler that raises or runs out of
        time is logged and left out.
        """
        expect(event, str)
        timeout = real(timeout)
        value = canonical(hook_results.dump(data))
        if timeout < 0 or not math.isfinite(timeout):
            raise ValueError(f"timeout must be a finite number of seconds, 0 or more, not {timeout}")
        return self._collect(event, value, timeout)

    async def _collect(self, event: str, data: object, timeout: float) -> list[Json]:
        collected: list[Json] = []
        for handler in tuple(self._by_event.get(event, ())):
            # A task, so that a handler that ignores its cancellation cannot hold the others up.
            task = asyncio.ensure_future(_guarded(handler, event, clone(data)))
            try:
                done, _ = await asyncio.wait({task}, timeout=max(timeout, 0.001))
            except asyncio.CancelledError:
                task.cancel()
                raise
            if not done:
                task.cancel()
                _log.warning("Hook handler timed out for event '%s' (handler '%s')", event, handler.name)
                continue
            result = task.result()
            if result is not None and result["data"] is not None:
                collected.append(result["data"])
        return collected


def show_messages(hooks: object, show: Callable[[str, str, str], None]) -> None:
    """Have `show` called with text, level and source of each `user_message` that no outcome tells.

    Of a continue or a modify the native engine loses it; with that one nothing happens here.
    """
    if isinstance(hooks, RustHookRegistry):
        hooks._show = show  # pyright: ignore[reportPrivateUsage]


async def _run(handler: _Handler, event: str, data: object, watch: CancelWatch) -> Fields | None:
    context = contextvars.copy_context()
    kind = "handler call"
    try:
        returned = context.run(handler.call, event, data)
        if isinstance(returned, CoroutineType):
            kind = "async handler"
            running = cast("Work[Any]", returned)
            # Most handlers wait for nothing: their first step is their last.
            try:
                awaited = context.run(running.send, None)
            except StopIteration as end:
                returned = end.value
            else:
                returned = await Scoped(running, context, awaited)
    except (Exception, asyncio.CancelledError) as error:
        if watch.cancelled:
            raise asyncio.CancelledError from None
        _report(handler, event, kind, error)
        return None
    if watch.cancelled:
        # The handler swallowed a cancellation that was meant for the task that emits.
        raise asyncio.CancelledError
    return hook_results.parse(returned)


async def _guarded(handler: _Handler, event: str, data: object) -> Fields | None:
    try:
        return hook_results.parse(await settle(handler.call, event, data))
    except (Exception, asyncio.CancelledError) as error:
        watched = asyncio.current_task()
        if watched is not None and watched.cancelling():
            raise
        _report(handler, event, "async handler", error)
        return None


def _report(handler: _Handler, event: str, kind: str, error: BaseException) -> None:
    _log.error(
        "Hook handler error for event '%s' (handler '%s'): hook handler failed: Python %s error: %s",
        event,
        handler.name,
        kind,
        error_text(error),
    )


_resolve: Callable[[str, str | None], str | None] | None = None


def _correlate(event: str, data: object) -> None:
    """Stamp the id of the LLM call that this event belongs to (policy: amplifier_core.correlation)."""
    global _resolve
    if _resolve is None:
        from amplifier_core.correlation import resolve_request_id

        _resolve = resolve_request_id
    if not isinstance(data, dict):
        return
    data = cast("Json", data)
    explicit = data.get("request_id")
    request_id = _resolve(event, explicit if isinstance(explicit, str) else None)
    if request_id is not None:
        data["request_id"] = request_id
