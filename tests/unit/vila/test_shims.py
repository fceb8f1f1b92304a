"""The tab's `websockets` and `om1_vlm`, over a socket and a page of the test's own."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from relaying import soon

from py_app import session, shims
from py_app.shims.om1_vlm import VideoStream
from py_app.shims.websockets import ConnectionClosed, ConnectionClosedError, InvalidURI, connect, serve
from py_app.shims.websockets.asyncio import client
from py_app.shims.websockets.socket import Data, Hearer

URL = "ws://127.0.0.1:6789?api_key=secret"


class FakeSocket:
    """A browser's socket whose other side is the test."""

    def __init__(self, uri: str, subprotocols: list[str], hearer: Hearer) -> None:
        self.uri, self.subprotocols, self.hearer = uri, subprotocols, hearer
        self.sent: list[Data] = []
        self.waiting = 0
        self.polite = True
        self.left = False

    def send(self, data: Data) -> None:
        self.sent.append(data)

    def close(self, code: int, reason: str) -> None:
        self.left = True
        if self.polite:
            asyncio.get_running_loop().call_soon(self.hearer.closed, code, reason)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[FakeSocket]:
    """Those that were opened; each opens at once."""
    opened: list[FakeSocket] = []

    def open_socket(*given: Any) -> FakeSocket:
        opened.append(FakeSocket(*given))
        asyncio.get_running_loop().call_soon(opened[-1].hearer.opened)
        return opened[-1]

    monkeypatch.setattr(client, "open_socket", open_socket)
    return opened


async def test_sends_and_receives_texts_and_bytes(sockets: list[FakeSocket]) -> None:
    async with connect(URL, ping_interval=20, subprotocols=["a"]) as socket:
        (fake,) = sockets
        assert (fake.uri, fake.subprotocols) == (URL, ["a"])
        await socket.send("text")
        await socket.send(bytearray(b"bytes"))
        await socket.send(["in ", "parts"])
        assert fake.sent == ["text", b"bytes", "in parts"]
        for data in ("one", b"two", "three"):
            fake.hearer.heard(data)
        assert [await socket.recv(), await socket.recv(True), await socket.recv(False)] == [
            "one",
            "two",
            b"three",
        ]
    assert (socket.close_code, socket.close_reason) == (1000, "")


async def test_a_loop_over_messages_ends_when_the_connection_ends_well(sockets: list[FakeSocket]) -> None:
    socket = await connect(URL)
    fake = sockets[0]
    fake.hearer.heard("last")
    fake.hearer.closed(1001, "bye")
    assert [message async for message in socket] == ["last"]
    with pytest.raises(ConnectionClosed) as ended:
        await socket.send("x")
    assert (ended.value.code, ended.value.reason, ended.value.rcvd.code) == (1001, "bye", 1001)


async def test_a_connection_that_breaks_says_so_to_whoever_waits(sockets: list[FakeSocket]) -> None:
    socket = await connect(URL)
    waiting = asyncio.ensure_future(socket.recv())
    await asyncio.sleep(0)
    sockets[0].hearer.closed(1006, "")
    with pytest.raises(ConnectionClosedError):
        await waiting
    with pytest.raises(ConnectionClosedError):
        async for _ in socket:
            pass


async def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[FakeSocket] = []
    monkeypatch.setattr(client, "open_socket", lambda *given: opened.append(FakeSocket(*given)) or opened[-1])
    with pytest.raises(TimeoutError):
        await connect(URL, open_timeout=0.01)
    failing = asyncio.ensure_future(client.ClientConnection(URL, []).wait_open(5))
    await asyncio.sleep(0)
    opened[-1].hearer.closed(1006, "")
    with pytest.raises(OSError, match="down or refused") as refused:
        await failing
    assert "secret" not in str(refused.value)


async def test_a_connect_that_is_cancelled_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[FakeSocket] = []
    monkeypatch.setattr(client, "open_socket", lambda *given: opened.append(FakeSocket(*given)) or opened[-1])
    connecting = asyncio.ensure_future(connect(URL).__aenter__())
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert opened[0].left


async def test_a_loop_over_connections_comes_back(sockets: list[FakeSocket]) -> None:
    count = 0
    async for socket in connect(URL):
        count += 1
        sockets[-1].hearer.closed(1006, "")
        try:
            await socket.recv()
        except ConnectionClosed:
            if count == 3:
                break
    assert len(sockets) == 3


async def test_sending_waits_while_much_has_not_left(sockets: list[FakeSocket]) -> None:
    socket = await connect(URL)
    sockets[0].waiting = 2 << 20
    sending = asyncio.ensure_future(socket.send("x"))
    await asyncio.sleep(0.03)
    assert not sending.done()
    sockets[0].waiting = 0
    await sending


async def test_a_server_that_does_not_close_is_left(
    sockets: list[FakeSocket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_CLOSE_SECONDS", 0.01)
    socket = await connect(URL)
    sockets[0].polite = False
    await socket.close()
    assert socket.close_code == 1006


async def test_what_a_browser_cannot_do_is_said() -> None:
    for uri in ("https://x", "", "x"):
        with pytest.raises(InvalidURI):
            connect(uri)
    with pytest.raises(ValueError, match="no headers"):
        connect(URL, additional_headers={"Authorization": "x"})
    with pytest.raises(TypeError, match="sock"):
        connect(URL, sock=1)
    with pytest.raises(NotImplementedError, match="server"):
        serve(print, "localhost", 1)


def test_on_cpython_the_real_packages_are_untouched() -> None:
    before = list(sys.meta_path)
    shims.install()
    assert sys.meta_path == before
    found = shims.ShimFinder.find_spec("websockets")
    assert found is not None
    assert found.origin == client.__file__.replace("asyncio/client.py", "__init__.py")
    for name, path in (("json", None), ("websockets.frames", ["x"]), ("om1_utils", None)):
        assert shims.ShimFinder.find_spec(name, path) is None
    real = importlib.util.find_spec("websockets")
    assert real is not None
    assert "shims" not in str(real.origin)


class CameraPage:
    """The page's camera."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fails = False

    async def call_tool(self, session_id: str, call_id: str, name: str, input_json: str) -> str:
        assert (session_id, name) == ("", "alcove:video-frame")
        self.asked.append(json.loads(input_json))
        if self.fails and "stop" not in self.asked[-1]:
            return json.dumps(
                {"error": {"code": "unsupported", "message": "There is no camera.", "action": "Connect one."}}
            )
        return json.dumps({"ok": None if "stop" in self.asked[-1] or len(self.asked) == 1 else "/9j/"})


@pytest.fixture
def camera() -> Iterator[CameraPage]:
    before = session.default_host()
    page = CameraPage()
    session.use_host(page)  # type: ignore[arg-type]
    yield page
    session.use_host(before)  # type: ignore[arg-type]


async def test_frames_are_json_texts_and_the_camera_is_let_go(camera: CameraPage) -> None:
    got: list[dict[str, Any]] = []

    async def later(text: str) -> None:
        got.append(json.loads(text))

    stream = VideoStream(later, [lambda text: got.append(json.loads(text))], 500, (320, 240), 50, 1)
    stream.start()
    stream.start()
    await soon(lambda: len(got) >= 6)
    stream.stop()
    await soon(lambda: "stop" in camera.asked[-1])
    assert set(got[0]) == {"timestamp", "frame"}
    assert got[0]["frame"] == "/9j/"
    first = camera.asked[0]
    stream_id = first.pop("stream")
    assert first == {"device": 1, "width": 320, "height": 240, "quality": 50}
    assert camera.asked[-1] == {"stream": stream_id, "stop": True}


async def test_frames_do_not_pile_up_behind_calls_that_do_not_end(camera: CameraPage) -> None:
    calls: list[asyncio.Task[None]] = []

    def send(text: str) -> asyncio.Task[None]:
        calls.append(asyncio.create_task(asyncio.sleep(60)))
        return calls[-1]

    stream = VideoStream(send, fps=1000)
    stream.start()
    await soon(lambda: len(camera.asked) > 30)
    stream.stop()
    assert len(calls) == 2
    for call in calls:
        call.cancel()


async def test_a_stream_that_is_started_again_at_once_is_one_stream(camera: CameraPage) -> None:
    got: list[str] = []
    stream = VideoStream(got.append, fps=500)
    stream.start()
    await soon(lambda: bool(got))
    stream.stop()
    stream.start()
    first = camera.asked[0]["stream"]
    await soon(lambda: {"stream": first, "stop": True} in camera.asked)
    count = len(got)
    await soon(lambda: len(got) > count + 3)
    assert stream.running
    assert first not in {asked["stream"] for asked in camera.asked[-4:]}
    stream.stop()
    await soon(lambda: "stop" in camera.asked[-1])


async def test_what_a_callback_fails_with_is_logged(
    camera: CameraPage, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> None:
        raise ValueError("mine")

    stream = VideoStream(fail, fps=500)
    stream.start()
    await soon(lambda: not stream.running)
    await soon(lambda: "stop" in camera.asked[-1])
    assert "mine" in caplog.text


async def test_a_camera_that_is_not_allowed_ends_the_stream_with_words(
    camera: CameraPage, caplog: pytest.LogCaptureFixture
) -> None:
    camera.fails = True
    stream = VideoStream(print)
    stream.start()
    await soon(lambda: not stream.running)
    assert "There is no camera. Connect one." in caplog.text
