"""The transcript that the page keeps, and what of it is new.

    {"id", "title", "created", "updated", "provider", "model", "system", "tools"?, "pageTools"?, "plan"?,
     "agent"?, "documents"?, "from", "messages": [...]}

`created` and `updated` are ISO 8601 in UTC; `system` is "" when there is none; `tools` are the names of ours,
`pageTools` of the page's, `plan` is the mount plan without its secrets, `agent` whose conversation it is
({"name", "id"?, "system"?: `system` counts and not what it says itself}), `documents` the ids of those that
it is about.
`messages` stand from place `from` on, and nothing stands after them: a retry takes away what was there.
They are what the context holds, unchanged (see `py_app/message.py`), so that resuming loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from operator import is_

from providers.json_types import Json
from py_app.bridge import Page
from py_app.documents.attached import Attached
from py_app.documents.text_files import files_of
from py_app.message import Message, text_of
from py_app.pictures import pictures_of
from py_app.secrets import plan_without_secrets

logger = logging.getLogger(__name__)

_TITLE_CHARS = 60
_KEPT_OF_AGENT = ("name", "id", "system")


def now() -> str:
    """The present moment as the record writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def title_of(messages: list[Message]) -> str:
    """The first words of the first user message; for one without words, what its first picture shows, or its
    first file's name."""
    none: Message = {}
    asked = next((message for message in messages if message.get("role") == "user"), none)
    first = text_of(asked)
    if not first.strip() and (pictures := pictures_of(asked)):
        first = str(pictures[0].get("description") or "A picture")
    elif not first.strip() and (files := files_of(asked)):
        first = str(files[0]["file"].get("name"))
    words = " ".join(first.split())
    if len(words) <= _TITLE_CHARS:
        return words
    cut = words[:_TITLE_CHARS].rsplit(" ", 1)[0]
    return f"{cut}…"


class Transcript:
    """Sends what is new, at once and in order, so that it is on its way before the provider is called.

    The page keeps it; what it cannot keep it tries again.
    """

    def __init__(
        self,
        page: Page,
        *,
        provider: str,
        model: str | None,
        system: str,
        tools: Sequence[str] = (),
        page_tools: Sequence[str] = (),
        plan: Mapping[str, object] | None = None,
        agent: Mapping[str, object] | None = None,
        documents: Attached | None = None,
        created: str | None = None,
        messages: Sequence[Message] = (),
    ) -> None:
        """`messages` are those that are kept already."""
        self._page = page
        self._documents = documents or Attached([])
        self._about: Json = {
            "id": page.session_id,
            "created": created or now(),
            "provider": provider,
            "model": model or "",
            "system": system,
            **({"tools": list(tools)} if tools else {}),
            **({"pageTools": list(page_tools)} if page_tools else {}),
            **({"plan": plan_without_secrets(plan)} if plan else {}),
            **({"agent": {key: agent[key] for key in _KEPT_OF_AGENT if key in agent}} if agent else {}),
        }
        self._sent = list(messages)
        self._kept = list(messages)
        """The same as they are kept: with the time of each, and what it cost."""
        self._writing: set[asyncio.Future[None]] = set()

    @property
    def created(self) -> str:
        return self._about["created"]

    @property
    def about(self) -> Json:
        """The part of the record that says whose it is: {"id", "provider", "model"}."""
        return {key: self._about[key] for key in ("id", "provider", "model")}

    def update(self, messages: list[Message], usage: Json | None = None) -> None:
        """Send what of `messages` is not as it was sent last; `usage` is what an answer among it cost."""
        start = _first_difference(self._sent, messages)
        if start < max(len(self._sent), len(messages)):
            self._send(messages, start, usage)

    def resend(self, messages: list[Message]) -> None:
        """Send all of it: the page has lost what it kept."""
        self._send(messages, 0)

    def assume(self, messages: Sequence[Message]) -> None:
        """The page keeps these already."""
        self._sent = list(messages)
        self._kept = list(messages)

    async def flush(self, timeout: float) -> None:
        """Wait until everything is written, at most `timeout` seconds.

        A slow store must not hold up a turn.
        """
        if self._writing:
            await asyncio.wait(self._writing, timeout=timeout)

    def _send(self, messages: list[Message], start: int, usage: Json | None = None) -> None:
        before = [*self._kept, *([{}] * len(messages))]
        self._kept[start:] = [
            _marked(message, kept, usage)
            for message, kept in zip(messages[start:], before[start:], strict=False)
        ]
        self._sent = list(messages)
        about = {**self._about, "title": title_of(messages), "updated": now()}
        if self._documents.ids:
            about["documents"] = self._documents.ids
        try:
            saving = self._page.save({**about, "from": start, "messages": self._kept[start:]})
        except Exception:  # a foreign context may hold what is no JSON
            logger.warning("The transcript could not be saved.", exc_info=True)
            return
        writing = asyncio.ensure_future(_settled(saving))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)


def _marked(message: Message, kept: Message, usage: Json | None) -> Message:
    """`message` with its time, which it keeps as it grows, and the cost of an answer."""
    known: Json = kept.get("metadata") or {} if _is_more_of(message, kept) else {}
    about: Json = {"time": known.get("time") or now()}
    if message.get("role") == "assistant" and (cost := known.get("usage") or usage):
        about["usage"] = cost
    return {**message, "metadata": {**about, **(message.get("metadata") or {})}}


def _is_more_of(message: Message, kept: Message) -> bool:
    """Whether `kept` is an earlier state of it, and not another message that stood in its place."""
    if any(message.get(key) != kept.get(key) for key in ("role", "tool_call_id")):
        return False
    before = text_of(kept)
    return text_of(message) == before if kept.get("role") == "user" else text_of(message).startswith(before)


async def _settled(saving: Awaitable[None]) -> None:
    try:
        await saving
    except Exception:  # a store that fails must not end a conversation; the page says so itself
        logger.warning("The transcript could not be saved.", exc_info=True)


def _first_difference(some: Sequence[Message], others: Sequence[Message]) -> int:
    """Messages are replaced, never changed: mostly a look at whether they are the same objects is enough."""
    same = list(map(is_, some, others))
    start = same.index(False) if False in same else len(same)
    return next((i for i in range(start, len(same)) if some[i] != others[i]), len(same))
