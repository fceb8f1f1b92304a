"""What can go wrong, by the names that `websockets` gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Close:
    """A close frame."""

    code: int
    reason: str


class WebSocketException(Exception):  # noqa: N818  their name
    """Base of all of them."""


class InvalidURI(WebSocketException):
    """The address is none of a WebSocket's. It is not repeated: it may hold a key."""


class ConnectionClosed(WebSocketException):
    """The connection ended; `code` and `reason` say how."""

    def __init__(self, rcvd: Close) -> None:
        reason = f" {rcvd.reason}" if rcvd.reason else ""
        super().__init__(f"received {rcvd.code}{reason}")
        self.rcvd = rcvd
        self.sent: Close | None = None

    @property
    def code(self) -> int:
        return self.rcvd.code

    @property
    def reason(self) -> str:
        return self.rcvd.reason


class ConnectionClosedOK(ConnectionClosed):
    """With the code 1000 or 1001."""


class ConnectionClosedError(ConnectionClosed):
    """With any other, or without any."""
