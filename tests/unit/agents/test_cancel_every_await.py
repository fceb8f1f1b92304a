"""A turn is stopped at every await of the loop and of sub-agents, in each way in which it can be: it ends,
what is kept can be gone on with, and nothing of it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from crew import Crew, call, calls, delegate, opened
from fakes import Client, answer, fails, until, whole_calls

ADD = call("add", {"a": 1, "b": 2}, "a1")
SHAPE = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

SCENES: dict[str, Callable[[], Crew]] = {
    "an answer": lambda: Crew(own=[answer("It", " is", " 3.")]),
    "two tools at once": lambda: Crew(
        own=[calls(ADD, call("add", {"a": 3}, "a2"), text="I add."), answer("Done.")]
    ),
    "a sub-agent with a tool": lambda: Crew(
        own=[calls(delegate("adder")), answer("Done.")], adder=[calls(ADD), answer("It", " is 3.")]
    ),
    "two sub-agents, of which one fails": lambda: Crew(
        own=[calls(delegate("adder"), delegate("poet", call_id="d2")), answer("Done.")],
        adder=[fails("engine-crashed", "It")],
        poet=[answer("Roses", " are red.")],
    ),
    "an object, at the second try": lambda: Crew(own=[answer('{"n": "x"}'), answer('{"n":', " 3}")]),
}


Stop = Callable[[Client, "asyncio.Future[Any]"], Awaitable[None]]


async def now(client: Client, turn: asyncio.Future[Any]) -> None:
    await client.app.cancel("s", True)


async def soon(client: Client, turn: asyncio.Future[Any]) -> None:
    await client.app.cancel("s", False)


async def task(client: Client, turn: asyncio.Future[Any]) -> None:
    turn.cancel()


def after(steps: int) -> asyncio.Future[None]:
    """Resolves after so many rounds of the event loop, in each of which something goes on."""
    loop: Any = asyncio.get_running_loop()
    reached: asyncio.Future[None] = loop.create_future()
    left = steps
    run_once = loop._run_once

    def counted() -> None:
        nonlocal left
        run_once()
        left -= 1
        if left < 0 and not reached.done():
            reached.set_result(None)

    loop._run_once = counted
    reached.add_done_callback(lambda _: setattr(loop, "_run_once", run_once))
    return reached


async def stopped_after(steps: int, stop: Stop, scene: str) -> bool:
    """Stops a turn after so many steps of the event loop; whether it was still running then."""
    host = SCENES[scene]()
    client = await opened(host)
    before = asyncio.all_tasks()
    turn = asyncio.ensure_future(client.send("Go.", **({"schema": SHAPE} if "object" in scene else {})))
    reached = after(steps)
    await asyncio.wait({turn, reached}, return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    if turn.done():
        return False
    async with asyncio.timeout(5):
        await stop(client, turn)
        with contextlib.suppress(asyncio.CancelledError):
            await turn
    history = await client.history()
    whole_calls(history)
    await until(lambda: host.kept == history)
    assert not host.running
    assert [event["phase"] for event in host.of_type("agent")].count("start") == len(
        [event for event in host.of_type("agent") if event["phase"] == "end"]
    )
    said = len(host.events)
    await until(lambda: asyncio.all_tasks() <= before)
    host.crew = {"own": [answer("Fine.")]}
    assert (await client.send("And now?"))["ok"]["text"] == "Fine."
    whole_calls(host.asked[-1][1]["messages"])
    assert {event["type"] for _, event in host.events[said:]} <= {"text", "usage", "end"}
    return True


ALL = int(os.environ.get("CONFORMANCE_EFFORT", "1")) > 1
"""Every await of every scene, some 5,000: minutes. Else a few of each."""


@pytest.mark.parametrize("stop", [now, soon, task])
@pytest.mark.parametrize("scene", SCENES)
async def test_wherever_it_waits(scene: str, stop: Stop):
    steps = 0
    while await stopped_after(steps, stop, scene):
        steps += 1 if ALL else 97
    assert steps > 10
