"""The robots and scripts that are connected: one newest frame of each, served in turn."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_NAME = 80
_numbers = itertools.count(1)

Send = Callable[[str], Awaitable[None]]


@dataclass(eq=False)
class Client:
    """One connection, and what became of its frames."""

    name: str
    send: Send
    id: int = field(default_factory=lambda: next(_numbers))
    frames: int = 0
    dropped: int = 0
    """Frames that a newer one took the place of before anybody looked."""
    unreadable: int = 0
    replies: int = 0
    gone: bool = False
    newest: str | bytes | None = None
    _sending: asyncio.Task[None] | None = None

    def told(self) -> dict[str, int | str]:
        """What a person is shown of it."""
        return {
            "id": self.id,
            "name": self.name[:_NAME],
            "frames": self.frames,
            "dropped": self.dropped,
            "unreadable": self.unreadable,
            "replies": self.replies,
        }

    def reply(self, text: str) -> None:
        """Sends a reply, unless it is gone or does not even take the one before: nobody else waits for it."""
        if self.gone or (self._sending and not self._sending.done()):
            return
        self.replies += 1
        self._sending = asyncio.ensure_future(self._say(json.dumps({"vlm_reply": text})))

    async def _say(self, message: str) -> None:
        # A connection that ended meanwhile is noticed where it is read.
        await asyncio.gather(self.send(message), return_exceptions=True)

    def leave(self) -> None:
        """The connection ended."""
        self.gone = True
        self.newest = None
        if self._sending:
            self._sending.cancel()


class Clients:
    """Whose frame comes next. Nothing is queued: a frame waits in its client's one slot for a newer one."""

    def __init__(self) -> None:
        self.connected: dict[Client, None] = {}
        self._waiting: dict[Client, None] = {}
        self._arrived = asyncio.Event()

    def join(self, client: Client) -> None:
        self.connected[client] = None

    def leave(self, client: Client) -> None:
        client.leave()
        self.connected.pop(client, None)
        self._waiting.pop(client, None)

    def put(self, client: Client, message: str | bytes) -> None:
        """A frame came; it keeps the place in the row that an older one of this client had."""
        client.frames += 1
        client.dropped += client.newest is not None
        client.newest = message
        self._waiting[client] = None
        self._arrived.set()

    async def next(self) -> tuple[Client, str | bytes]:
        """The frame of whoever has waited longest."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        client = next(iter(self._waiting))
        del self._waiting[client]
        message, client.newest = client.newest, None
        assert message is not None
        return client, message
