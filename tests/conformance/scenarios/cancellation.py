"""Cancellation tokens: states, tools, children, callbacks."""

import asyncio
from typing import Any

from amplifier_core import CancellationState, CancellationToken, ModuleCoordinator
from tracing import Trace


def _state(token: CancellationToken) -> list[Any]:
    return [
        token.state,
        token.is_cancelled,
        token.is_graceful,
        token.is_immediate,
        token.running_tools,
        sorted(token.running_tool_names),
    ]


async def states(t: Trace) -> None:
    token = CancellationToken()
    t.add("new", _state(token))
    for step in ("graceful", "graceful", "immediate", "immediate", "graceful"):
        t.add(step, [getattr(token, f"request_{step}")(), *_state(token)])
    t.add("reset", [token.reset(), *_state(token)])
    t.add("cancellation", [token.request_cancellation(), *_state(token)])
    t.add("enum", CancellationState(token.state).name)


async def tools(t: Trace) -> None:
    token = CancellationToken()
    for call, name in (("1", "a"), ("2", "b"), ("3", "a"), ("1", "renamed")):
        token.register_tool_start(call, name)
    t.add("started", _state(token))
    token.register_tool_complete("1")
    token.register_tool_complete("unknown")
    t.add("one done", _state(token))
    token.request_immediate()
    t.add("immediate", _state(token))
    token.reset()
    t.add("reset", _state(token))
    token.running_tools.add("copy")
    t.add("a copy", _state(token))


async def argument_types(t: Trace) -> None:
    token: Any = CancellationToken()
    await t.attempt("start", lambda: token.register_tool_start(1, "a"))
    await t.attempt("complete", lambda: token.register_tool_complete(None))
    await t.attempt("state", lambda: setattr(token, "state", "x"), message=False)
    await t.attempt("attribute", lambda: setattr(token, "foo", 1), message=False)
    await t.attempt("constructor", lambda: CancellationToken(1), message=False)  # type: ignore[call-arg]
    await t.attempt("subclass", lambda: type("Own", (CancellationToken,), {}))


async def children(t: Trace) -> None:
    parent, child, late = CancellationToken(), CancellationToken(), CancellationToken()
    parent.register_child(child)
    parent.register_child(child)
    parent.request_graceful()
    parent.register_child(late)
    t.add("graceful", [child.state, late.state])
    parent.request_immediate()
    t.add("immediate", [child.state, late.state])
    parent.reset()
    t.add("reset parent only", [parent.state, child.state, late.state])
    child.reset()
    parent.request_graceful()
    t.add("still a child", child.state)
    parent.unregister_child(child)
    parent.request_immediate()
    t.add("no child now", child.state)
    t.add("unknown child", parent.unregister_child(CancellationToken()))


async def generations(t: Trace) -> None:
    top, middle, bottom = CancellationToken(), CancellationToken(), CancellationToken()
    top.register_child(middle)
    middle.register_child(bottom)
    bottom.request_graceful()
    t.add("not upwards", [top.state, middle.state])
    top.request_immediate()
    t.add("all the way", [middle.state, bottom.state])
    other = CancellationToken()
    other.request_immediate()
    newcomer = CancellationToken()
    other.register_child(newcomer)
    t.add("late", newcomer.state)
    ahead, behind = CancellationToken(), CancellationToken()
    ahead.request_immediate()
    behind.request_graceful()
    behind.register_child(ahead)
    t.add("never down", ahead.state)


async def callbacks(t: Trace) -> None:
    token = CancellationToken()
    log: list[str] = []

    async def ok() -> None:
        log.append("async")

    def plain() -> None:
        log.append("plain")

    async def bad() -> None:
        log.append("bad")
        raise ValueError("cb")

    def plain_bad() -> None:
        log.append("plain bad")
        raise KeyError("cb")

    async def cancelled() -> None:
        log.append("cancelled")
        raise asyncio.CancelledError

    for callback in (ok, plain, bad, plain_bad, cancelled, 3, ok):
        token.on_cancel(callback)  # type: ignore[arg-type]
    token.request_graceful()
    t.add("not by asking", log)
    await t.attempt("trigger", token.trigger_callbacks)
    t.add("first", log)
    log.clear()
    token.reset()
    await t.attempt("trigger", token.trigger_callbacks)
    t.add("again, and without cancellation", log)


async def callbacks_and_children(t: Trace) -> None:
    parent, child = CancellationToken(), CancellationToken()
    parent.register_child(child)
    log: list[str] = []
    parent.on_cancel(lambda: log.append("parent"))  # type: ignore[arg-type]
    child.on_cancel(lambda: log.append("child"))  # type: ignore[arg-type]
    parent.request_immediate()
    await parent.trigger_callbacks()
    t.add("own only", log)


async def callbacks_that_add(t: Trace) -> None:
    token = CancellationToken()
    log: list[str] = []

    async def late() -> None:
        log.append("late")

    async def add() -> None:
        log.append("add")
        token.on_cancel(late)

    token.on_cancel(add)
    await token.trigger_callbacks()
    t.add("first", log)
    await token.trigger_callbacks()
    t.add("second", log)


async def through_the_coordinator(t: Trace) -> None:
    coordinator = ModuleCoordinator()
    child = CancellationToken()
    coordinator.cancellation.register_child(child)
    log: list[str] = []
    coordinator.cancellation.on_cancel(lambda: log.append("callback"))  # type: ignore[arg-type]

    async def see(event: str, _: Any) -> None:
        log.append(event)

    for event in ("cancel:requested", "cancel:completed"):
        coordinator.hooks.register(event, see)
    await t.attempt("ask", coordinator.request_cancel)
    t.add("state", [coordinator.cancellation.state, child.state, log])
    await t.attempt("again", coordinator.request_cancel)
    await t.attempt("now", lambda: coordinator.request_cancel(immediate=True))
    t.add("state", [coordinator.cancellation.state, child.state, log])
    await t.attempt("type", lambda: coordinator.request_cancel(1))  # type: ignore[arg-type]
    coordinator.reset_turn()
    t.add("turns do not matter", coordinator.cancellation.state)
    t.add("same token", coordinator.cancellation is coordinator.cancellation)
