"""An endpoint as `build.py vila` has it, a tab that does what a test wants, and frames as robots send."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from relay.clients import Clients
from relay.endpoint import PING_SECONDS, Endpoint
from relay.gatekeeper import Gatekeeper
from relay.tab import TabLooker

PAGE = "http://127.0.0.1:8000"
PATIENCE_S = 10
Answer = Callable[[bytes, dict[str, Any]], Awaitable[str | None]]


def jpeg(shade: int = 128, size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, shade).save(file, "JPEG", quality=100)
    return file.getvalue()


def shade(picture: bytes) -> int:
    """What `jpeg` was asked for."""
    return int(Image.open(io.BytesIO(picture)).getpixel((5, 5)))  # type: ignore[arg-type]


def frame(picture: bytes) -> str:
    """A message of ViLA's."""
    return json.dumps({"timestamp": time.time(), "frame": base64.b64encode(picture).decode()})


async def soon(holds: Callable[[], object], what: str = "it") -> None:
    """Waits until `holds()`."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  anything may be waited for
            await asyncio.sleep(0.01)


async def reply(socket: ClientConnection) -> str:
    """The next reply."""
    async with asyncio.timeout(PATIENCE_S):
        told = json.loads(await socket.recv())
    assert list(told) == ["vlm_reply"]
    return told["vlm_reply"]


class Relay:
    """`url` is where robots connect."""

    def __init__(self, endpoint: Endpoint, port: int) -> None:
        self.endpoint = endpoint
        self.port = port
        self.url = f"ws://127.0.0.1:{port}"

    @property
    def clients(self) -> list[dict[str, Any]]:
        return [client.told() for client in self.endpoint.clients.connected]

    async def get(self, path: str, origin: str | None = None) -> tuple[int, dict[str, str], bytes]:
        """A request without a socket; what it was answered, not followed."""
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{self.port}{path}", origin)

    async def token(self) -> str:
        _, _, body = await self.get("/alcove/token", PAGE)
        return json.loads(body)["token"]

    @asynccontextmanager
    async def tab(self, answer: Answer) -> AsyncIterator[ScriptedTab]:
        """A tab that answers with what `answer` makes of a JPEG; None fails the look."""
        url = f"{self.url}/alcove?token={await self.token()}"
        async with connect(url, origin=PAGE, compression=None) as socket:  # type: ignore[arg-type]
            tab = ScriptedTab(socket, answer)
            working = asyncio.ensure_future(tab.work())
            try:
                yield tab
            finally:
                working.cancel()


class ScriptedTab:
    def __init__(self, socket: ClientConnection, answer: Answer) -> None:
        self.socket = socket
        self.clients: list[dict[str, Any]] = []
        self.looks = 0
        self._answer = answer

    async def work(self) -> None:
        asked: dict[str, Any] = {}
        try:
            async for message in self.socket:
                if isinstance(message, bytes):
                    self.looks += 1
                    text = await self._answer(message, asked)
                    said = {"type": "failed"} if text is None else {"type": "answer", "text": text}
                    await self.socket.send(json.dumps({**said, "id": asked["id"]}))
                elif (told := json.loads(message))["type"] == "look":
                    asked = told
                else:
                    self.clients = told["clients"]
        except ConnectionClosed:
            pass


async def by_shade(picture: bytes, asked: dict[str, Any]) -> str:
    """Answers with what distinguishes the pictures."""
    del asked
    return f"shade {shade(picture)}"


@asynccontextmanager
async def relay(
    key: str = "",
    *,
    port: int = 0,
    prompt: str = "What is there?",
    look_seconds: float = 60,
    ping_seconds: float = PING_SECONDS,
) -> AsyncIterator[Relay]:
    clients = Clients()
    looker = TabLooker(clients, prompt, 48, look_seconds)
    gate = Gatekeeper(key, [PAGE], ["https://listed.example"])
    endpoint = Endpoint(clients, looker, gate, f"{PAGE}/?vila=1#vision", ping_seconds=ping_seconds)
    async with endpoint.open(port) as server:
        (socket,) = server.sockets
        yield Relay(endpoint, socket.getsockname()[1])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _get(url: str, origin: str | None) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={"Origin": origin} if origin else {})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=PATIENCE_S) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.request.HTTPError as error:
        return error.code, dict(error.headers), error.read()
