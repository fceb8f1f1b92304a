"""`build.py vila` as robots know it: frames in, replies out, whoever else is connected."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest
from relaying import PAGE, by_shade, frame, jpeg, relay, reply, soon
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus


async def test_a_frame_is_answered_with_what_the_tab_sees() -> None:
    asked: list[dict[str, Any]] = []

    async def answer(picture: bytes, look: dict[str, Any]) -> str:
        asked.append(look)
        return await by_shade(picture, look)

    async with relay(prompt="Is anybody there?") as robots, robots.tab(answer), connect(robots.url) as robot:
        await robot.send(frame(jpeg(40)))
        assert await reply(robot) == "shade 40"
        await robot.send(frame(jpeg(90)))
        assert await reply(robot) == "shade 90"
    assert [(look["prompt"], look["maxTokens"]) for look in asked] == [("Is anybody there?", 48)] * 2


async def test_of_a_flood_the_newest_frame_is_looked_at_and_the_others_are_dropped() -> None:
    go = asyncio.Event()

    async def answer(picture: bytes, look: dict[str, Any]) -> str:
        await go.wait()
        return await by_shade(picture, look)

    async with relay() as robots, robots.tab(answer) as tab, connect(robots.url) as robot:
        await robot.send(frame(jpeg(0)))
        await soon(lambda: tab.looks == 1)
        for number in range(1, 201):
            await robot.send(frame(jpeg(number)))
        await soon(lambda: robots.clients[0]["frames"] == 201)
        go.set()
        assert [await reply(robot), await reply(robot)] == ["shade 0", "shade 200"]
        assert robots.clients[0]["dropped"] == 199
        assert robot.transport.get_write_buffer_size() == 0  # all of it was read


async def test_replies_go_to_the_client_that_asked_and_clients_take_turns() -> None:
    order: list[int] = []

    async def answer(picture: bytes, look: dict[str, Any]) -> str:
        order.append(look["client"])
        return await by_shade(picture, look)

    async with relay() as robots, robots.tab(answer), connect(robots.url) as one, connect(robots.url) as two:

        async def send(robot: Any, shade: int) -> None:
            for _ in range(60):
                await robot.send(frame(jpeg(shade)))
                await asyncio.sleep(0.005)

        sending = asyncio.gather(send(one, 10), send(two, 200))
        for _ in range(5):
            assert await reply(one) == "shade 10"
            assert await reply(two) == "shade 200"
        await sending
        for robot in (one, two):
            robot.transport.abort()  # more replies than it read wait in it
    firsts = order[1:9]
    assert all(here != there for here, there in itertools.pairwise(firsts))


async def test_without_a_tab_it_stays_open_and_silent_and_answers_the_newest_once_one_comes() -> None:
    async with relay() as robots, connect(robots.url) as robot:
        for number in (10, 20, 30):
            await robot.send(frame(jpeg(number)))
        await soon(lambda: robots.clients[0]["frames"] == 3)
        async with robots.tab(by_shade):
            assert await reply(robot) == "shade 30"


async def test_a_model_that_is_slow_answers_all_the_same() -> None:
    async def answer(picture: bytes, look: dict[str, Any]) -> str:
        await asyncio.sleep(0.5)
        return await by_shade(picture, look)

    async with relay() as robots, robots.tab(answer), connect(robots.url) as robot:
        await robot.send(frame(jpeg(70)))
        assert await reply(robot) == "shade 70"


async def test_a_key_is_asked_for_and_a_wrong_one_ends_the_connection_for_good() -> None:
    async with relay("om1_live_key") as robots, robots.tab(by_shade):
        for query in (
            "",
            "?api_key=",
            "?api_key=wrong",
            "?api_key=om1_live_key&api_key=x",
            "?API_KEY=om1_live_key",
        ):
            async with connect(robots.url + query) as robot:  # accepted, and then
                with pytest.raises(ConnectionClosed):
                    await robot.recv()
                assert robot.close_code == 1008, query
        async with connect(f"{robots.url}?api_key=om1_live_key") as robot:
            await robot.send(frame(jpeg(50)))
            assert await reply(robot) == "shade 50"


async def test_without_a_key_any_is_fine() -> None:
    async with relay() as robots, robots.tab(by_shade), connect(f"{robots.url}/?api_key=om1_live_x") as robot:
        await robot.send(frame(jpeg(60)))
        assert await reply(robot) == "shade 60"


async def test_pages_of_others_may_not_send_frames() -> None:
    async with relay() as robots:
        for origin in ("https://foreign.example", "null", "http://127.0.0.1:8001"):
            with pytest.raises(InvalidStatus) as refused:
                await connect(robots.url, origin=origin)  # type: ignore[arg-type]
            assert refused.value.response.status_code == 403
        for origin in (PAGE, "https://listed.example", None):
            async with connect(robots.url, origin=origin):  # type: ignore[arg-type]
                pass


async def test_a_hundred_clients_are_sixteen_and_the_others_are_told_at_the_door() -> None:
    async with relay() as robots, robots.tab(by_shade):
        opened = await asyncio.gather(
            *(connect(robots.url, open_timeout=30) for _ in range(100)), return_exceptions=True
        )
        inside = [robot for robot in opened if not isinstance(robot, BaseException)]
        for refused in opened:
            if isinstance(refused, InvalidStatus):
                assert refused.response.status_code == 503
            else:
                assert not isinstance(refused, BaseException), refused
        assert len(inside) == len(robots.clients) == 16
        assert {robot.close_code for robot in inside} == {None}
        await inside[0].close()
        await soon(lambda: len(robots.clients) < 16)
        async with connect(robots.url) as late:
            await late.send(frame(jpeg(80)))
            assert await reply(late) == "shade 80"
        await asyncio.gather(*(robot.close() for robot in inside))


async def test_the_page_is_told_who_is_connected_and_what_became_of_their_frames() -> None:
    async with relay() as robots, robots.tab(by_shade) as tab:
        async with connect(robots.url, user_agent_header="Robot/1") as robot:
            await robot.send(frame(jpeg(10)))
            await reply(robot)
            await robot.send("nothing")
            await soon(lambda: tab.clients and tab.clients[0]["unreadable"] == 1)
            (client,) = tab.clients
            assert (client["name"], client["frames"], client["replies"]) == ("Robot/1", 2, 1)
        await soon(lambda: tab.clients == [])


async def test_a_browser_that_opens_the_address_is_sent_to_the_page() -> None:
    async with relay() as robots:
        status, headers, _ = await robots.get("/")
        assert (status, headers["Location"]) == (302, f"{PAGE}/?vila=1#vision")


async def test_only_the_page_gets_a_token_and_one_opens_one_socket() -> None:
    async with relay() as robots:
        for origin in (None, "https://listed.example", "null"):
            status, headers, _ = await robots.get("/alcove/token", origin)
            assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)
        token = await robots.token()
        url = f"{robots.url}/alcove?token={token}"
        for origin, address in (
            (None, url),
            ("https://listed.example", url),
            (PAGE, f"{robots.url}/alcove?token=x"),
            (PAGE, f"{robots.url}/alcove"),
        ):
            with pytest.raises(InvalidStatus):
                await connect(address, origin=origin)  # type: ignore[arg-type]
        async with connect(url, origin=PAGE) as tab:  # type: ignore[arg-type]
            assert json.loads(await tab.recv())["clients"] == []
            with pytest.raises(InvalidStatus):
                await connect(url, origin=PAGE)  # type: ignore[arg-type]
