"""The tab whose vision model answers: the newest that connected, one look at a time.

To the tab go {"type": "look", "id", "client", "prompt", "maxTokens"}, then the JPEG as a binary message, and
{"type": "clients", "clients": […]}; from it come {"type": "answer", "id", "text"} and {"type": "failed",
"id"}. Its other side is web/page/vision/relay/connection.ts.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from .clients import Client, Clients
from .looker import LOOK_SECONDS, LookFailedError

ANOTHER_TAB = "another tab"
"""Why a tab's connection was ended; it does not come back by itself then."""
_TELL_EVERY_S = 0.5


class TabLooker:
    def __init__(
        self, clients: Clients, prompt: str, max_tokens: int, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._clients = clients
        self._asked = {"prompt": prompt, "maxTokens": max_tokens}
        self._look_seconds = look_seconds
        self._tab: ServerConnection | None = None
        self._came = asyncio.Event()
        self._looks = 0
        self._answer: tuple[int, asyncio.Future[str | None]] | None = None
        """The look under way; None stands for one that failed."""

    async def ready(self) -> None:
        await self._came.wait()

    async def serve(self, tab: ServerConnection) -> None:
        """Lets `tab` look until its connection ends; the one before is told and ended."""
        before, self._tab = self._tab, tab
        self._lost()
        self._came.set()
        # It may be hung: nobody waits for it.
        leaving = before and asyncio.ensure_future(before.close(1000, ANOTHER_TAB))
        telling = asyncio.ensure_future(self._tell(tab))
        try:
            async for message in tab:
                if self._tab is tab:
                    self._hear(message)
        except ConnectionClosed:
            pass
        finally:
            telling.cancel()
            if leaving:
                leaving.cancel()
            if self._tab is tab:
                self._tab = None
                self._came.clear()
                self._lost()

    async def look(self, jpeg: bytes, client: Client) -> str:
        tab = self._tab
        if not tab:
            raise LookFailedError
        self._looks += 1
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._answer = self._looks, answer
        asked = {"type": "look", "id": self._looks, "client": client.id, **self._asked}
        try:
            async with asyncio.timeout(self._look_seconds):
                await tab.send(json.dumps(asked))
                await tab.send(jpeg)
                text = await answer
        except ConnectionClosed:
            raise LookFailedError from None
        except TimeoutError:
            # It hangs, or was put to sleep; it may come back.
            await tab.close(1011, "no answer")
            raise LookFailedError from None
        finally:
            answer.cancel()
        if text is None:
            raise LookFailedError
        return text

    def _hear(self, message: str | bytes) -> None:
        """What the tab says; an answer to a look that was given up is nobody's any more."""
        try:
            said: Any = json.loads(message)
            kind, number = said["type"], said["id"]
            text = said["text"] if kind == "answer" else ""
        except (ValueError, TypeError, KeyError):
            return
        if not self._answer or self._answer[0] != number or self._answer[1].done():
            return
        self._answer[1].set_result(text if kind == "answer" and isinstance(text, str) else None)

    def _lost(self) -> None:
        if self._answer and not self._answer[1].done():
            self._answer[1].set_result(None)

    async def _tell(self, tab: ServerConnection) -> None:
        """Tells the tab who is connected, whenever that changed."""
        told = ""
        while True:
            clients = [client.told() for client in self._clients.connected]
            now = json.dumps({"type": "clients", "clients": clients})
            if now != told:
                told = now
                try:
                    await tab.send(now)
                except ConnectionClosed:
                    return
            await asyncio.sleep(_TELL_EVERY_S)
