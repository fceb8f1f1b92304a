"""The endpoint itself: reads every frame of every client at once, and tells what is seen in the newest."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State

from .clients import Client, Clients
from .frames import UnreadableFrameError, read_frame
from .gatekeeper import TAB, TOKEN, Gatekeeper
from .looker import Looker, LookFailedError
from .tab import TabLooker

MOST_CLIENTS = 16
MOST_BYTES = 4 << 20
"""Of one message."""
PING_SECONDS = 20.0
"""How often a connection is asked whether anybody is there, and how long that may take."""
_REFUSED = 1008
_FIRST_PAUSE_S, _LAST_PAUSE_S = 0.25, 10.0

# What the library logs of a request may hold the key.
_SILENT = logging.getLogger("alcove.relay")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class Endpoint:
    """`page` is where somebody who opens this address in a browser is sent; "" where there is none."""

    def __init__(
        self,
        clients: Clients,
        looker: Looker,
        gate: Gatekeeper,
        page: str = "",
        *,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self.clients = clients
        self._looker = looker
        self._gate = gate
        self._page = page
        self._ping_seconds = ping_seconds
        self._knocking: set[ServerConnection] = set()

    @asynccontextmanager
    async def open(self, port: int) -> AsyncGenerator[Server]:
        """Listens on this machine only; 0 takes any free port. Raises OSError where it cannot."""
        options = {
            "compression": None,
            "max_size": MOST_BYTES,
            "ping_interval": self._ping_seconds,
            "ping_timeout": self._ping_seconds,
            "close_timeout": min(5.0, self._ping_seconds),
            "logger": _SILENT,
            "server_header": None,
        }
        async with serve(self._serve, "127.0.0.1", port, process_request=self._request, **options) as server:  # pyright: ignore[reportArgumentType]
            answering = asyncio.ensure_future(self._answer())
            try:
                yield server
            finally:
                answering.cancel()

    def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answers what asks for no socket, and refuses who may have none; None lets the socket open."""
        path = urlsplit(request.path).path
        origins = request.headers.get_all("Origin")
        if "Upgrade" not in request.headers:
            return self._plain(path, origins)
        if path == TAB:
            may = isinstance(self._looker, TabLooker) and self._gate.is_page(origins)
            return None if may and self._gate.takes(request.path) else _response(HTTPStatus.FORBIDDEN)
        if not self._gate.welcomes(origins):
            return _response(HTTPStatus.FORBIDDEN)
        if self._gate.has_key(request.path) and not self._has_room(connection):
            return _response(HTTPStatus.SERVICE_UNAVAILABLE, **{"Retry-After": "5"})
        return None

    def _has_room(self, connection: ServerConnection) -> bool:
        """Whether there is a place for one more; it has it then. Several may knock at once."""
        self._knocking = {other for other in self._knocking if other.state is not State.CLOSED}
        if len(self.clients.connected) + len(self._knocking) >= MOST_CLIENTS:
            return False
        self._knocking.add(connection)
        return True

    def _plain(self, path: str, origins: list[str]) -> Response:
        if path == TOKEN:
            if not self._gate.is_page(origins):
                return _response(HTTPStatus.FORBIDDEN)
            headers = {"Access-Control-Allow-Origin": origins[0], "Cache-Control": "no-store"}
            return _response(HTTPStatus.OK, json.dumps({"token": self._gate.token()}), **headers)
        if self._page:
            return _response(HTTPStatus.FOUND, Location=self._page, **{"Cache-Control": "no-store"})
        return _response(HTTPStatus.UPGRADE_REQUIRED, "This is a ViLA endpoint: connect with a WebSocket.\n")

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request
        path = socket.request.path
        if urlsplit(path).path == TAB and isinstance(self._looker, TabLooker):
            await self._looker.serve(socket)
        elif not self._gate.has_key(path):
            # Accepted first: a client of ViLA comes back without a pause from anything else.
            await socket.close(_REFUSED, "wrong api_key")
        else:
            await self._read(socket)

    async def _read(self, socket: ServerConnection) -> None:
        """Reads all that a client sends as fast as it comes: what nobody read would pile up in the client."""
        assert socket.request
        client = Client(socket.request.headers.get("User-Agent", "A program"), socket.send)
        self.clients.join(client)
        self._knocking.discard(socket)
        try:
            async for message in socket:
                self.clients.put(client, message)
        except ConnectionClosed:
            pass
        finally:
            self.clients.leave(client)

    async def _answer(self) -> None:
        """Looks at one newest frame after the other, for ever. Clients hear replies, and of no failure."""
        pause = _FIRST_PAUSE_S
        while True:
            await self._looker.ready()
            client, message = await self.clients.next()
            try:
                jpeg = read_frame(message)
            except UnreadableFrameError:
                client.unreadable += 1
                continue
            try:
                text = await self._looker.look(jpeg, client)
            except Exception as error:
                if not isinstance(error, LookFailedError):
                    traceback.print_exc()  # a fault of ours: robots are to be answered all the same
                await asyncio.sleep(pause)
                pause = min(_LAST_PAUSE_S, 2 * pause)
            else:
                pause = _FIRST_PAUSE_S
                if text:
                    client.reply(text)


def _response(status: HTTPStatus, body: str = "", **headers: str) -> Response:
    data = body.encode()
    about = {
        "Content-Length": str(len(data)),
        "Content-Type": "application/json" if body[:1] == "{" else "text/plain",
    }
    return Response(status.value, status.phrase, Headers({**headers, **about, "Connection": "close"}), data)
