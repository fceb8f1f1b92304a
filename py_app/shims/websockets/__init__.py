"""The client of `websockets` over the browser's own WebSocket: connect, send, recv, close, exceptions."""

from __future__ import annotations

from typing import NoReturn

from .asyncio.client import ClientConnection, connect
from .exceptions import (
    ConnectionClosed,
    ConnectionClosedError,
    ConnectionClosedOK,
    InvalidURI,
    WebSocketException,
)

__all__ = [
    "ClientConnection",
    "ConnectionClosed",
    "ConnectionClosedError",
    "ConnectionClosedOK",
    "InvalidURI",
    "WebSocketException",
    "connect",
    "serve",
    "unix_connect",
    "unix_serve",
]


def serve(*_: object, **__: object) -> NoReturn:
    """No tab listens: raises NotImplementedError, which says so."""
    raise NotImplementedError("A tab cannot be a server: a browser lets nothing listen.")


unix_serve = serve


def unix_connect(*_: object, **__: object) -> NoReturn:
    """Raises NotImplementedError."""
    raise NotImplementedError("A browser has no Unix sockets.")
