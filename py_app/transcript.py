"""The transcript record that the page keeps.

    {"id", "title", "created", "updated", "provider", "model", "system", "messages": [...]}

`created` and `updated` are ISO 8601 in UTC; `system` is "" when there is none. The messages are what the
context holds, unchanged (see `py_app/message.py`), so that resuming from them loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from providers.json_types import Json
from py_app.bridge import Page
from py_app.message import Message, text_of
from py_app.pictures import pictures_of

logger = logging.getLogger(__name__)

_TITLE_CHARS = 60


def now() -> str:
    """The present moment as the record writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def title_of(messages: list[Message]) -> str:
    """The first words of the first user message; for one without words, what its first picture shows."""
    none: Message = {}
    asked = next((message for message in messages if message.get("role") == "user"), none)
    first = text_of(asked)
    if not first.strip() and (pictures := pictures_of(asked)):
        first = str(pictures[0].get("description") or "A picture")
    words = " ".join(first.split())
    if len(words) <= _TITLE_CHARS:
        return words
    cut = words[:_TITLE_CHARS].rsplit(" ", 1)[0]
    return f"{cut}…"


class Transcript:
    """Writes the record, one write at a time and always the newest state.

    A write is sent at once (so it is on its way before the provider is called) but not waited for; what
    comes while one is on its way is sent after it, as one.
    """

    def __init__(
        self, page: Page, *, provider: str, model: str | None, system: str, created: str | None = None
    ) -> None:
        self._page = page
        self._record: Json = {
            "id": page.session_id,
            "title": "",
            "created": created or now(),
            "updated": "",
            "provider": provider,
            "model": model or "",
            "system": system,
            "messages": [],
        }
        self._dirty = False
        self._writer: asyncio.Task[None] | None = None

    @property
    def about(self) -> Json:
        """The part of the record that says whose it is: {"id", "provider", "model"}."""
        return {key: self._record[key] for key in ("id", "provider", "model")}

    def update(self, messages: list[Message]) -> None:
        """Send the record if the messages are not those that were sent last."""
        if messages == self._record["messages"]:
            return
        self._record |= {"title": title_of(messages), "updated": now(), "messages": list(messages)}
        self._dirty = True
        if self._writer is None or self._writer.done():
            self._writer = asyncio.ensure_future(self._write())

    async def flush(self, timeout: float) -> None:
        """Wait until everything is written, at most `timeout` seconds.

        A slow store must not hold up a turn.
        """
        if self._writer is not None and not self._writer.done():
            await asyncio.wait({self._writer}, timeout=timeout)

    async def _write(self) -> None:
        while self._dirty:
            self._dirty = False
            try:
                await self._page.save(self._record)
            except Exception:  # a store that fails must not end a conversation; the page says so itself
                logger.warning("The transcript could not be saved.", exc_info=True)
