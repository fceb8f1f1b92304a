"""The event loop that runs callbacks in batches: what asyncio promises holds, and nothing is left lying."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def loop(selenium_module_scope: Any) -> Any:
    """A page whose Python runs on the BatchLoop."""
    selenium = selenium_module_scope
    selenium.load_package(["amplifier-core", "alcove"])
    selenium.run("from py_app import event_loop; event_loop.install()")
    assert selenium.run_async("import asyncio; type(asyncio.get_running_loop()).__name__") == "BatchLoop"
    return selenium


def test_callbacks_run_in_the_order_in_which_they_came(loop: Any) -> None:
    order = loop.run_async("""
        import asyncio
        order = []
        running = asyncio.get_running_loop()
        running.call_later(0.02, order.append, "later")
        running.call_later(0.01, order.append, "soon")
        for n in range(3):
            running.call_soon(order.append, n)
        running.call_soon(order.append, "never").cancel()
        running.call_later(0.005, order.append, "never").cancel()
        await asyncio.sleep(0.05)
        order
    """)
    assert list(order) == [0, 1, 2, "soon", "later"]


def test_an_earlier_timer_does_not_wait_for_a_later_one(loop: Any) -> None:
    took = loop.run_async("""
        import asyncio, time
        running = asyncio.get_running_loop()
        far = running.call_later(30, print)
        began = time.monotonic()
        await asyncio.sleep(0.02)
        try:
            async with asyncio.timeout(0.02):
                await asyncio.Event().wait()
        except TimeoutError:
            pass
        far.cancel()
        time.monotonic() - began
    """)
    assert 0.03 < took < 5


def test_the_browser_has_its_turn_while_callbacks_never_end(loop: Any) -> None:
    assert loop.run_async("""
        import asyncio
        from js import setTimeout
        from pyodide.ffi import create_once_callable
        heard = []
        setTimeout(create_once_callable(lambda: heard.append(1)), 5)
        for _ in range(1_000_000):
            if heard:
                break
            await asyncio.sleep(0)
        bool(heard)
    """)


def test_what_waits_runs_while_a_callback_is_suspended(loop: Any) -> None:
    """`run_sync` stops the whole stack, the batch with it: the other callbacks must run all the same."""
    order = loop.run_async("""
        import asyncio
        from pyodide.ffi import run_sync
        order = []
        freed = asyncio.Event()

        async def waits():
            order.append("stops")
            run_sync(freed.wait())
            order.append("goes on")

        async def frees():
            order.append("frees")
            freed.set()

        await asyncio.gather(waits(), frees())
        order
    """)
    assert list(order) == ["stops", "frees", "goes on"]


def test_a_failing_callback_does_not_stop_the_others(loop: Any) -> None:
    order = loop.run_async("""
        import asyncio
        running = asyncio.get_running_loop()
        order = []
        running.set_exception_handler(lambda _, context: order.append(type(context["exception"]).__name__))
        running.call_soon(lambda: 1 / 0)
        running.call_soon(order.append, "next")
        await asyncio.sleep(0.01)
        running.set_exception_handler(None)
        order
    """)
    assert list(order) == ["ZeroDivisionError", "next"]


def test_a_batch_whose_time_is_over_at_once_is_sent_again(loop: Any) -> None:
    """A busy machine may stop us between two looks at the clock. What looks here does not wake the loop."""
    seen = loop.run_async("""
        import asyncio
        from js import Promise, setTimeout
        from pyodide.ffi import create_once_callable
        running = asyncio.get_running_loop()
        order, seen, looks = [], [], iter([1e9, 1.0, 1e9])
        real = running.time
        running.time = lambda: next(looks, None) or real()
        running.call_soon(order.append, "ran")
        setTimeout(create_once_callable(lambda: seen.append(list(order))), 30)
        await Promise.new(lambda resolve, _: setTimeout(resolve, 60))
        del running.time
        seen[0]
    """)
    assert list(seen) == ["ran"]
