"""`build.py vila` when something breaks: clients that misbehave, tabs that go, servers that are killed."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any

import pytest
from relaying import PAGE, by_shade, frame, jpeg, relay, reply, soon
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from relay.endpoint import MOST_BYTES
from relay.tab import TabLooker

_HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize(
    "bad",
    ["", "{", "[1]", '{"frame": 1}', '{"frame": "%"}', frame(b"GIF89a"), frame(jpeg()[:-30]), jpeg()],
    ids=["empty", "half", "a list", "a number", "no base64", "a GIF", "cut off", "binary"],
)
async def test_after_a_bad_frame_the_connection_goes_on(bad: str | bytes) -> None:
    async with relay() as robots, robots.tab(by_shade) as tab, connect(robots.url) as robot:
        await robot.send(bad)
        await soon(lambda: robots.clients[0]["unreadable"] == 1)
        await robot.send(frame(jpeg(20)))
        assert await reply(robot) == "shade 20"
        assert tab.looks == 1


async def test_four_mebibytes_are_taken_and_one_byte_more_is_too_large() -> None:
    head = json.dumps({"frame": ""})
    room = MOST_BYTES - len(head)
    async with relay() as robots, connect(robots.url) as robot:
        await robot.send(json.dumps({"frame": "A" * room}))
        await soon(lambda: robots.clients[0]["frames"] == 1)
        with suppress(ConnectionClosed):
            await robot.send(json.dumps({"frame": "A" * (room + 1)}))
        await robot.wait_closed()
        assert robot.close_code == 1009


async def test_a_client_that_never_reads_keeps_nobody_waiting() -> None:
    long = "word " * 200_000

    async def answer(picture: bytes, look: dict[str, Any]) -> str:
        text = await by_shade(picture, look)
        return long if text == "shade 0" else text

    async with relay() as robots, robots.tab(answer), connect(robots.url) as robot:
        deaf = await asyncio.open_connection("127.0.0.1", robots.port)
        deaf[1].write(_HANDSHAKE)
        await soon(lambda: len(robots.clients) == 2)
        deaf[0]._transport.pause_reading()  # type: ignore[attr-defined]
        text = frame(jpeg(0)).encode()
        masked = b"\x81\xfe" + len(text).to_bytes(2) + b"\0\0\0\0" + text
        for _ in range(12):  # 12 MB of replies that nobody takes
            deaf[1].write(masked)
            await robot.send(frame(jpeg(30)))
            assert await reply(robot) == "shade 30"
        deaf[1].close()


async def test_a_connection_whose_other_side_is_gone_without_a_word_makes_room() -> None:
    async with relay(ping_seconds=0.1) as robots, connect(robots.url) as robot:
        _, writer = await asyncio.open_connection("127.0.0.1", robots.port)
        writer.write(_HANDSHAKE)
        await soon(lambda: len(robots.clients) == 2)
        await soon(lambda: len(robots.clients) == 1)  # it answers no ping
        writer.close()
        assert robot.close_code is None


async def test_a_server_that_goes_in_mid_frame_is_noticed() -> None:
    async with relay() as robots:
        robot = await connect(robots.url)
        sending = asyncio.ensure_future(robot.send(part for part in ["{", " " * (1 << 20), "}"]))
    with suppress(ConnectionClosed):
        await sending
    await robot.wait_closed()


async def test_a_tab_that_is_closed_in_mid_look_costs_that_frame_only() -> None:
    async def never(picture: bytes, look: dict[str, Any]) -> str:
        await asyncio.sleep(60)
        return ""

    async with relay() as robots, connect(robots.url) as robot:
        async with robots.tab(never) as tab:
            await robot.send(frame(jpeg(10)))
            await soon(lambda: tab.looks == 1)
            tab.socket.transport.abort()
        async with robots.tab(by_shade):
            await robot.send(frame(jpeg(20)))
            assert await reply(robot) == "shade 20"


async def test_the_newest_tab_answers_and_the_one_before_is_told() -> None:
    async def first(picture: bytes, look: dict[str, Any]) -> str:
        return "first"

    async with relay() as robots, connect(robots.url) as robot, robots.tab(first) as before:
        await robot.send(frame(jpeg(10)))
        assert await reply(robot) == "first"
        async with robots.tab(by_shade):
            await before.socket.wait_closed()
            assert (before.socket.close_code, before.socket.close_reason) == (1000, "another tab")
            await robot.send(frame(jpeg(10)))
            assert await reply(robot) == "shade 10"


async def test_a_tab_that_never_answers_is_given_up_and_may_come_back() -> None:
    async def never(picture: bytes, look: dict[str, Any]) -> str:
        await asyncio.sleep(60)
        return ""

    async with relay(look_seconds=0.2) as robots, connect(robots.url) as robot:
        async with robots.tab(never) as tab:
            await robot.send(frame(jpeg(10)))
            await soon(lambda: tab.socket.close_code is not None)
            assert tab.socket.close_code == 1011
        async with robots.tab(by_shade):
            await robot.send(frame(jpeg(20)))
            assert await reply(robot) == "shade 20"


async def test_a_fault_of_our_own_is_printed_and_the_next_frame_is_answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = iter([True])
    look = TabLooker.look
    async with relay() as robots, robots.tab(by_shade), connect(robots.url) as robot:

        async def faulty(self: TabLooker, *given: Any) -> str:
            if next(broken, False):
                raise ZeroDivisionError
            return await look(self, *given)

        monkeypatch.setattr(TabLooker, "look", faulty)
        for shade in (10, 20):
            await robot.send(frame(jpeg(shade)))
            await asyncio.sleep(0.05)
        assert await reply(robot) == "shade 20"
    assert "ZeroDivisionError" in capsys.readouterr().err


async def test_looks_that_fail_are_not_told_and_not_tried_without_a_pause() -> None:
    async def broken(picture: bytes, look: dict[str, Any]) -> None:
        return None

    async with relay() as robots, robots.tab(broken) as tab, connect(robots.url) as robot:
        for _ in range(80):
            await robot.send(frame(jpeg(10)))
            await asyncio.sleep(0.01)
        assert 1 <= tab.looks <= 4
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await robot.recv()


@pytest.mark.parametrize(
    "nonsense", ["", "[]", '{"type": "answer"}', '{"type": "answer", "id": 99, "text": "x"}', b"\0"]
)
async def test_what_a_tab_says_that_nobody_asked_is_passed_over(nonsense: str | bytes) -> None:
    async with relay() as robots, robots.tab(by_shade) as tab, connect(robots.url) as robot:
        await tab.socket.send(nonsense)
        await robot.send(frame(jpeg(10)))
        assert await reply(robot) == "shade 10"


async def test_an_answer_that_is_no_text_is_none() -> None:
    async with relay() as robots, connect(robots.url) as robot:
        url = f"{robots.url}/alcove?token={await robots.token()}"
        async with connect(url, origin=PAGE) as tab:  # type: ignore[arg-type]
            await robot.send(frame(jpeg(10)))
            asked: Any = {}
            while asked.get("type") != "look":
                asked = json.loads(await tab.recv())
            await tab.send(json.dumps({"type": "answer", "id": asked["id"], "text": {"a": 1}}))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await robot.recv()


async def test_a_server_that_was_killed_is_found_again_on_the_same_port() -> None:
    async with relay() as robots:
        port = robots.port
        robot = await connect(robots.url)
    with pytest.raises(ConnectionClosed):
        await robot.recv()
    async with relay(port=port) as robots, robots.tab(by_shade), connect(robots.url) as robot:
        await robot.send(frame(jpeg(10)))
        assert await reply(robot) == "shade 10"


async def test_a_client_that_goes_in_mid_look_is_not_answered_and_nobody_minds() -> None:
    async def slow(picture: bytes, look: dict[str, Any]) -> str:
        await asyncio.sleep(0.1)
        return await by_shade(picture, look)

    async with relay() as robots, robots.tab(slow) as tab:
        gone = await connect(robots.url)
        await gone.send(frame(jpeg(10)))
        await soon(lambda: tab.looks == 1)
        gone.transport.abort()
        async with connect(robots.url) as robot:
            await robot.send(frame(jpeg(20)))
            assert await reply(robot) == "shade 20"


async def test_the_key_is_in_no_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets").setLevel(logging.ERROR)  # the client of this test
    async with relay("secret-key") as robots:
        for query in ("?api_key=secret-key", "?api_key=secret-key&api_key=secret-key"):
            async with connect(robots.url + query) as robot:
                with suppress(ConnectionClosed):
                    await robot.send("x")
        reader, writer = await asyncio.open_connection("127.0.0.1", robots.port)
        writer.write(b"GET /?api_key=secret-key HTTP/9.9\r\nHost: x\r\n\r\n")
        await reader.read()
        writer.close()
    assert "secret-key" not in caplog.text
    assert "secret-key" not in "".join(capfd.readouterr())
