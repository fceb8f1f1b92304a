"""Tasks: what runs when, context variables, time-outs, cancelled tasks."""

import asyncio
import contextvars
from typing import Any

from amplifier_core import CancellationToken, HookRegistry
from tracing import Trace

_SETTLE_S = 0.2
"""Long enough, on a busy machine, for what another thread of the native engine has under way."""

_variable: contextvars.ContextVar[int] = contextvars.ContextVar("scenario", default=0)


async def context_variables(t: Trace) -> None:
    hooks = HookRegistry()

    async def change(_: str, __: Any) -> None:
        t.add("sees", _variable.get())
        _variable.set(5)
        await asyncio.sleep(0)
        t.add("keeps", _variable.get())

    hooks.register("x", change)
    hooks.register("x", change)
    _variable.set(1)
    await hooks.emit("x", {})
    t.add("after", _variable.get())


async def slow_handlers_interleave(t: Trace) -> None:
    hooks = HookRegistry()
    log: list[Any] = []

    async def slow(_: str, data: Any) -> None:
        log.append(["begins", data["n"]])
        await asyncio.sleep(0.02)
        log.append(["ends", data["n"]])

    hooks.register("x", slow)
    await asyncio.gather(hooks.emit("x", {"n": 1}), hooks.emit("x", {"n": 2}))
    # Which of the two comes first is up to the native engine's threads.
    t.add("order", [what for what, _ in log])


async def turns_of_the_loop(t: Trace) -> None:
    hooks = HookRegistry()
    log: list[str] = []

    async def quick(_: str, __: Any) -> None:
        log.append("handler")

    hooks.register("x", quick)
    asyncio.get_running_loop().call_soon(log.append, "other")
    await hooks.emit("x", {})
    t.add("others ran meanwhile", "other" in log)


async def emit_that_nobody_awaits(t: Trace) -> None:
    hooks = HookRegistry()
    ran: list[int] = []

    async def handler(_: str, __: Any) -> None:
        ran.append(1)

    hooks.register("x", handler)
    coroutine = hooks.emit("x", {})
    await asyncio.sleep(_SETTLE_S)
    t.add("ran by itself", ran)
    await coroutine
    t.add("ran", ran)


async def plain_handlers_and_the_loop(t: Trace) -> None:
    hooks = HookRegistry()

    def handler(_: str, __: Any) -> None:
        try:
            asyncio.get_running_loop()
            t.add("loop", "running")
        except RuntimeError:
            t.add("loop", "none")

    hooks.register("x", handler)
    await hooks.emit("x", {})


async def tasks_of_handlers(t: Trace) -> None:
    hooks = HookRegistry()
    emitter = asyncio.current_task()

    async def handler(_: str, __: Any) -> None:
        t.add("same task", asyncio.current_task() is emitter)

    hooks.register("x", handler)
    await hooks.emit("x", {})


async def handlers_with_time_outs(t: Trace) -> None:
    hooks = HookRegistry()

    async def handler(_: str, __: Any) -> None:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(5)
        except TimeoutError:
            t.add("timed out inside")

    hooks.register("x", handler)
    t.add("result", await hooks.emit("x", {}))
    t.add("cancelling", asyncio.current_task().cancelling())  # type: ignore[union-attr]


async def cancelled_emitter(t: Trace) -> None:
    hooks = HookRegistry()

    async def slow(_: str, __: Any) -> None:
        started.set()
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            log.append("handler cancelled")
            raise

    async def after(_: str, __: Any) -> None:
        log.append("next handler")

    log: list[str] = []
    started = asyncio.Event()
    hooks.register("x", slow)
    hooks.register("x", after)
    task = asyncio.ensure_future(hooks.emit("x", {}))
    await started.wait()
    task.cancel()
    await t.attempt("emit", lambda: task)
    await asyncio.sleep(_SETTLE_S)
    t.add("log", log)


async def swallowed_cancellation(t: Trace) -> None:
    hooks = HookRegistry()
    log: list[str] = []

    async def swallow(_: str, __: Any) -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            log.append("swallowed")

    async def after(_: str, __: Any) -> None:
        log.append("next handler")

    hooks.register("x", swallow)
    hooks.register("x", after)
    await t.attempt("wait", lambda: asyncio.wait_for(hooks.emit("x", {}), _SETTLE_S))
    await asyncio.sleep(_SETTLE_S)
    t.add("log", log)


async def collecting_with_time_out(t: Trace) -> None:
    hooks = HookRegistry()
    log: list[str] = []

    async def slow(_: str, __: Any) -> Any:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            log.append("slow one cancelled")
            raise

    async def quick(_: str, __: Any) -> Any:
        return {"data": {"quick": 1}}

    for handler in (quick, slow, quick):
        hooks.register("x", handler)
    t.add("collected", await hooks.emit_and_collect("x", {}, timeout=0.5))
    await asyncio.sleep(_SETTLE_S)
    t.add("log", log)


async def odd_collect_time_outs(t: Trace) -> None:
    hooks = HookRegistry()
    for timeout in (-1, float("inf"), float("nan")):
        await t.attempt(
            f"{timeout}", lambda timeout=timeout: hooks.emit_and_collect("x", {}, timeout=timeout)
        )


async def callbacks_that_give_futures(t: Trace) -> None:
    token = CancellationToken()
    log: list[str] = []

    def callback() -> Any:
        log.append("called")
        return asyncio.get_running_loop().create_future()

    def plain() -> None:
        log.append("plain")

    token.on_cancel(callback)
    token.on_cancel(plain)  # type: ignore[arg-type]
    await token.trigger_callbacks()
    t.add("log", [entry for entry in log if entry == "plain"])


async def cancelled_execute(t: Trace) -> None:
    from scenarios.session import _session

    log: list[str] = []

    started = asyncio.Event()

    async def run(_: Any) -> str:
        started.set()
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            log.append("orchestrator cancelled")
            raise
        return "late"

    session = _session(t, run)
    await session.initialize()
    task = asyncio.ensure_future(session.execute("x"))
    await started.wait()
    task.cancel()
    await t.attempt("execute", lambda: task)
    await asyncio.sleep(_SETTLE_S)
    t.add("log", log)
    await t.attempt("cleanup", session.cleanup)


async def concurrent_initialize(t: Trace) -> None:
    from scenarios.session import _session

    session = _session(t, watch=False)
    await asyncio.gather(session.initialize(), session.initialize())
    t.add("initialized", session.initialized)
