"""`connect` and the connection that it gives."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Sequence

from ..exceptions import Close, ConnectionClosedError, ConnectionClosedOK, InvalidURI
from ..socket import Data, Hearer, Socket

_MOST_WAITING = 1 << 20
"""Bytes that may wait in the browser before `send` does."""
_OPEN_SECONDS = _CLOSE_SECONDS = 10.0
_FIRST_PAUSE, _LAST_PAUSE = 1.0, 30.0
# What a browser does by itself, or leaves to nobody.
_PASSED_OVER = frozenset(
    [
        "close_timeout",
        "compression",
        "logger",
        "max_queue",
        "max_size",
        "origin",
        "ping_interval",
        "ping_timeout",
        "proxy",
        "ssl",
        "user_agent_header",
        "write_limit",
    ]
)


def open_socket(uri: str, subprotocols: Sequence[str], hearer: Hearer) -> Socket:
    """A socket that is on its way. Raises OSError where the browser, or Alcove, lets none go there."""
    from ..browser import BrowserSocket

    return BrowserSocket(uri, subprotocols, hearer)


class ClientConnection:
    """A connection, as `connect` gives it. Of the real one's methods it has those that a browser can do."""

    def __init__(self, uri: str, subprotocols: Sequence[str]) -> None:
        self._heard: deque[Data] = deque()
        self._news = asyncio.Event()
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ended: Close | None = None
        self._socket = open_socket(uri, subprotocols, self)

    @property
    def close_code(self) -> int | None:
        return self._ended.code if self._ended else None

    @property
    def close_reason(self) -> str | None:
        return self._ended.reason if self._ended else None

    async def send(self, message: Data | Iterable[Data] | AsyncIterable[Data]) -> None:
        """Sends a message, in one piece; waits while much of what was sent before has not left.

        Raises ConnectionClosed.
        """
        if not isinstance(message, str | bytes | bytearray | memoryview):
            parts = [part async for part in message] if isinstance(message, AsyncIterable) else list(message)
            if not parts:
                return
            message = "".join(map(str, parts)) if isinstance(parts[0], str) else b"".join(map(bytes, parts))  # type: ignore[arg-type]
        if self._ended:
            raise self._closed()
        self._socket.send(message if isinstance(message, str) else bytes(message))
        while self._socket.waiting > _MOST_WAITING and not self._ended:  # noqa: ASYNC110  a browser tells no more
            await asyncio.sleep(0.01)

    async def recv(self, decode: bool | None = None) -> Data:
        """The next message: a str, or bytes; `decode` asks for one of them. Raises ConnectionClosed."""
        while not self._heard:
            if self._ended:
                raise self._closed()
            self._news.clear()
            await self._news.wait()
        data = self._heard.popleft()
        if decode is True and isinstance(data, bytes):
            return data.decode()
        return data.encode() if decode is False and isinstance(data, str) else data

    async def __aiter__(self) -> AsyncIterator[Data]:
        """The messages, until the connection ends well. Raises ConnectionClosedError where it does not."""
        try:
            while True:
                yield await self.recv()
        except ConnectionClosedOK:
            return

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Ends the connection and waits until it did."""
        if self._ended:
            return
        self._socket.close(code, reason)
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.wait_closed()
        except TimeoutError:
            self.closed(1006, "")

    async def wait_closed(self) -> None:
        while not self._ended:
            self._news.clear()
            await self._news.wait()

    async def __aenter__(self) -> ClientConnection:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def wait_open(self, seconds: float | None) -> None:
        """Raises OSError where nothing opens, and TimeoutError."""
        try:
            async with asyncio.timeout(seconds):
                await self._open
        except BaseException as thrown:
            # Nobody has it, so nobody would close it.
            self._socket.close(1000, "")
            if isinstance(thrown, TimeoutError):
                raise TimeoutError("timed out during opening handshake") from None
            raise

    def opened(self) -> None:
        if not self._open.done():
            self._open.set_result(None)

    def heard(self, data: Data) -> None:
        self._heard.append(data)
        self._news.set()

    def closed(self, code: int, reason: str) -> None:
        self._ended = self._ended or Close(code, reason)
        if not self._open.done():
            # A browser tells no more.
            self._open.set_exception(OSError("The server is down or refused the connection."))
        self._news.set()

    def _closed(self) -> ConnectionClosedOK | ConnectionClosedError:
        assert self._ended
        return (ConnectionClosedOK if self._ended.code in (1000, 1001) else ConnectionClosedError)(
            self._ended
        )


class connect:  # noqa: N801  their name
    """`await connect(uri)`, `async with connect(uri) as …`; `async for … in connect(uri)` connects again.

    Raises InvalidURI, ValueError for what a browser cannot send, and when it connects OSError and
    TimeoutError.
    """

    def __init__(
        self,
        uri: str,
        *,
        subprotocols: Sequence[str] | None = None,
        open_timeout: float | None = _OPEN_SECONDS,
        additional_headers: object = None,
        **rest: object,
    ) -> None:
        if additional_headers:
            raise ValueError("A browser sends no headers of your own: put the key into the address.")
        if unknown := rest.keys() - _PASSED_OVER:
            raise TypeError(f"connect() here knows no {', '.join(sorted(unknown))}")
        if not uri.startswith(("ws://", "wss://")):
            raise InvalidURI("The address begins with neither ws:// nor wss://.")
        self._uri = uri
        self._subprotocols = list(subprotocols or ())
        self._open_timeout = open_timeout
        self._connection: ClientConnection | None = None

    def __await__(self) -> Generator[None, None, ClientConnection]:
        return self._connect().__await__()

    async def __aenter__(self) -> ClientConnection:
        self._connection = await self._connect()
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        if self._connection:
            await self._connection.close()

    async def __aiter__(self) -> AsyncIterator[ClientConnection]:
        pause = _FIRST_PAUSE
        while True:
            try:
                connection = await self._connect()
            except OSError:  # TimeoutError is one
                await asyncio.sleep(pause)
                pause = min(_LAST_PAUSE, 2 * pause)
                continue
            pause = _FIRST_PAUSE
            async with connection:
                yield connection

    async def _connect(self) -> ClientConnection:
        connection = ClientConnection(self._uri, self._subprotocols)
        await connection.wait_open(self._open_timeout)
        return connection
