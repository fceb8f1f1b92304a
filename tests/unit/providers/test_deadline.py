"""A time-out that is put off often."""

import asyncio

import pytest

from providers.deadline import Deadline


async def test_it_is_late_after_the_last_time_that_it_was_put_off():
    loop, late = asyncio.get_running_loop(), asyncio.Event()
    deadline = Deadline(late.set)
    deadline.set(0.3)
    for _ in range(20):
        await asyncio.sleep(0.01)
        deadline.extend()
        put_off = loop.time()
    await asyncio.wait_for(late.wait(), 5)
    assert deadline.passed
    assert loop.time() - put_off >= 0.299


async def test_a_shorter_time_counts_at_once():
    late = asyncio.Event()
    deadline = Deadline(late.set)
    deadline.set(60)
    deadline.set(0.01)
    await asyncio.wait_for(late.wait(), 5)


async def test_nothing_is_late_once_it_is_closed():
    heard: list[str] = []
    deadline = Deadline(lambda: heard.append("late"))
    deadline.set(0.01)
    deadline.close()
    await asyncio.sleep(0.05)
    assert heard == []


async def test_the_time_in_which_the_computer_slept_does_not_count(monkeypatch: pytest.MonkeyPatch):
    loop, late = asyncio.get_running_loop(), asyncio.Event()
    real, slept = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: real() + slept)
    deadline = Deadline(late.set)
    deadline.set(0.2)
    slept = 3600.0
    await asyncio.sleep(0.05)  # its timer has come by now, an hour late
    assert not late.is_set()
    assert not deadline.passed
    await asyncio.wait_for(late.wait(), 5)
