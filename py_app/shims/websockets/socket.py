"""What a connection needs of a socket, and the other way round."""

from __future__ import annotations

from typing import Protocol

Data = str | bytes


class Hearer(Protocol):
    """What a socket calls."""

    def opened(self) -> None: ...
    def heard(self, data: Data) -> None: ...
    def closed(self, code: int, reason: str) -> None: ...


class Socket(Protocol):
    """The browser's WebSocket (browser.py)."""

    @property
    def waiting(self) -> int:
        """Bytes that did not leave yet."""
        ...

    def send(self, data: Data) -> None: ...
    def close(self, code: int, reason: str) -> None: ...
