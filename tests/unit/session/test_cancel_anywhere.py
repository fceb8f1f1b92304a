"""A turn that is stopped at any moment leaves a transcript that can be gone on with, retried and edited."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakes import TOOL, Client, FakeHost, Running, answer, call, completion, until, whole_calls

from py_app.message import text_of

ASKS = {**TOOL, "sideEffects": True}
FOREIGN = {"session": {"orchestrator": {"module": "loop-plain"}}}


async def thinks_and_calls(running: Running) -> str:
    await running.say("<think>", "Two", " numbers.", "</think>", "I", " add.")
    if running.stop.is_set():
        return completion("".join(running.said), reason="cancelled")
    return completion("".join(running.said), [call("add", {"a": 1, "b": 2}), call("add", {"a": 3}, "call_2")])


async def thinks_and_answers(running: Running) -> str:
    await running.say("<think>", "Done", "</think>", "It", " is", " 3.")
    return completion("".join(running.said), reason="cancelled" if running.stop.is_set() else "stop")


async def stopped_at(place: int, *, immediate: bool, plan: dict[str, Any]) -> tuple[Client, FakeHost, int]:
    """A turn that is stopped as the page hears its event number `place`; and how many it heard."""
    host = FakeHost(thinks_and_calls, thinks_and_answers, answer("Fine."))
    client = await Client.open(host, tools=[ASKS], plan=plan)
    heard = 0
    stops: list[asyncio.Future[Any]] = []

    def hear(event: dict[str, Any]) -> None:
        nonlocal heard
        if heard == place:
            stops.append(asyncio.ensure_future(client.app.cancel("s", immediate)))
        elif event["type"] == "approval":
            loop = asyncio.get_running_loop()
            loop.call_later(0.001, lambda: answers.append(asyncio.ensure_future(allow(event["id"]))))
        heard += 1

    async def allow(question: str) -> None:
        await client.app.respond("s", question, "Allow once")

    answers: list[asyncio.Future[Any]] = []
    host.on_event = hear
    async with asyncio.timeout(10):
        await client.send("Add them.")
    await asyncio.gather(*stops, *answers)
    host.on_event = lambda event: None
    return client, host, heard


@pytest.mark.parametrize(
    ("immediate", "plan"), [(True, {}), (False, {}), (True, FOREIGN)], ids=["at once", "soon", "foreign"]
)
async def test_wherever_it_is_stopped(immediate: bool, plan: dict[str, Any]):
    _, _, whole = await stopped_at(-1, immediate=immediate, plan=plan)
    assert whole > 8
    for place in range(whole):
        client, host, _ = await stopped_at(place, immediate=immediate, plan=plan)
        history = await client.history()
        whole_calls(history)
        await until(lambda host=host, history=history: host.kept == history)
        host.scripts[:] = [answer("Fine.")]
        for again in (client.send("And now?"), client.call("retry"), client.send("Other.", instead=0)):
            assert (await again)["ok"]["text"] == "Fine."
            whole_calls(host.requests[-1]["messages"])
            whole_calls(await client.history())
        assert [text_of(message) for message in await client.history()] == ["Other.", "Fine."]
