"""What the scenarios cannot compare with the native engine: tasks, cancellation, speed."""

import asyncio
import contextvars
import time
from typing import Any

import pytest
from amplifier_core import HookResult

from py_app.kernel.hooks import RustHookRegistry, show_messages

EMITS = 200
EMIT_WITHIN_S = 0.0001


async def _until_blocked() -> None:
    await asyncio.sleep(0.01)


async def test_a_handler_that_ignores_its_time_out_holds_nobody_up() -> None:
    hooks = RustHookRegistry()
    released = asyncio.Event()

    async def stubborn(_: str, __: Any) -> Any:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    async def quick(_: str, __: Any) -> Any:
        return HookResult(data={"quick": True})

    hooks.register("x", stubborn)
    hooks.register("x", quick)
    assert await asyncio.wait_for(hooks.emit_and_collect("x", {}, timeout=0.01), 5) == [{"quick": True}]
    released.set()
    await _until_blocked()


async def test_cancelling_a_collecting_task_cancels_the_handler() -> None:
    hooks = RustHookRegistry()
    log: list[str] = []

    async def slow(_: str, __: Any) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    hooks.register("x", slow)
    task = asyncio.ensure_future(hooks.emit_and_collect("x", {}, timeout=60))
    await _until_blocked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _until_blocked()
    assert log == ["cancelled"]


async def test_emitting_while_the_task_is_already_cancelled_works() -> None:
    hooks = RustHookRegistry()
    log: list[str] = []

    async def handler(_: str, __: Any) -> None:
        await asyncio.sleep(0)
        log.append("ran")

    hooks.register("x", handler)

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await hooks.emit("x", {})

    task = asyncio.ensure_future(work())
    await _until_blocked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert log == ["ran"]


async def test_context_variables_stay_with_a_handler_that_waits() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")
    hooks = RustHookRegistry()
    seen: list[str] = []

    async def handler(_: str, data: Any) -> None:
        variable.set(data["name"])
        await asyncio.sleep(0.01)
        seen.append(variable.get())

    hooks.register("x", handler)
    await asyncio.gather(hooks.emit("x", {"name": "a"}), hooks.emit("x", {"name": "b"}))
    assert sorted(seen) == ["a", "b"]
    assert variable.get() == "none"


async def test_an_emit_with_one_handler_is_quick() -> None:
    hooks = RustHookRegistry()
    hooks.set_default_fields(session_id="s", parent_id=None)

    async def handler(_: str, __: Any) -> HookResult:
        return HookResult()

    hooks.register("content_block:delta", handler)
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        for _ in range(EMITS):
            await hooks.emit("content_block:delta", {"index": 0, "delta": "hello", "block_type": "text"})
        best = min(best, (time.perf_counter() - start) / EMITS)
    assert best < EMIT_WITHIN_S


async def test_no_message_to_the_person_is_lost() -> None:
    hooks = RustHookRegistry()
    told: list[tuple[str, str, str]] = []
    show_messages(hooks, lambda *message: told.append(message))
    for name, fields in (("a", {}), ("b", {"action": "modify", "data": {"x": 1}}), ("c", {"action": "deny"})):

        async def handler(_: str, __: Any, name: str = name, fields: Any = fields) -> Any:
            return HookResult(user_message=name.upper(), user_message_level="warning", **fields)

        hooks.register("x", handler, 0, name)
    outcome = await hooks.emit("x", {})
    assert told == [("A", "warning", "a"), ("B", "warning", "b")]
    assert outcome.user_message == "C"
