"""HTTP on CPython: http.client in a thread, so that nothing has to be installed."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import urlsplit

from providers.openai.response import Response, TransportError

_CONNECT_SECONDS = 10.0
_CHUNK_BYTES = 65_536


@asynccontextmanager
async def exchange(
    method: str, url: str, headers: Mapping[str, str], body: str | None
) -> AsyncGenerator[Response]:
    """See `transport.request`."""
    connection = _Connection(url)
    try:
        answer = await asyncio.to_thread(connection.send, method, headers, body)
        if 300 <= answer.status < 400:
            raise TransportError("redirect", f"{answer.status} to {answer.getheader('Location')}")
        names = {name.lower(): value for name, value in answer.getheaders()}
        yield Response(answer.status, names, _chunks(connection, answer))
    finally:
        connection.end()


async def _chunks(connection: _Connection, answer: http.client.HTTPResponse) -> AsyncIterator[bytes]:
    while data := await asyncio.to_thread(connection.read, answer):
        yield data


class _Connection:
    """Its methods block, but for `end`, which any thread may call at any time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path
        self._ended = False
        self._socket: socket.socket | None = None
        if parts.scheme == "https":
            self._http = http.client.HTTPSConnection(
                parts.hostname or "",
                parts.port,
                timeout=_CONNECT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            self._http = http.client.HTTPConnection(
                parts.hostname or "", parts.port, timeout=_CONNECT_SECONDS
            )

    def send(self, method: str, headers: Mapping[str, str], body: str | None) -> http.client.HTTPResponse:
        try:
            self._http.connect()
            # Kept, because http.client drops it when the server says that this is its last response.
            connected = self._socket = cast(socket.socket, self._http.sock)
            connected.settimeout(None)  # whoever waits for the answer knows how long
            if self._ended:
                raise TransportError("lost", "ended while connecting")
            self._http.request(method, self._path, None if body is None else body.encode(), dict(headers))
            return self._http.getresponse()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._trouble(error) from None

    def read(self, answer: http.client.HTTPResponse) -> bytes:
        try:
            return answer.read1(_CHUNK_BYTES)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise TransportError("lost", repr(error)) from None

    def end(self) -> None:
        self._ended = True
        if self._socket is not None:
            with contextlib.suppress(OSError, ValueError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)
        self._http.close()

    def _trouble(self, error: Exception) -> TransportError:
        if self._socket is not None:
            return TransportError("lost", repr(error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return TransportError("tls", repr(error))
        if isinstance(error, ssl.SSLError):
            return TransportError("plain", repr(error))
        if isinstance(error, socket.gaierror):
            return TransportError("name", repr(error))
        if isinstance(error, TimeoutError):
            return TransportError("slow", f"no connection within {_CONNECT_SECONDS:g} s")
        return TransportError("refused", repr(error))
