"""Before the model is asked: what the conversation's documents say about the question is put before it.

For models that are too small to search by themselves. Where a session has the `documents` tool, nothing of
this is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from amplifier_core.interfaces import ContextManager, Provider

from providers.capabilities import AGENT
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.context.sequence import last_question
from py_app.context.window import ContextWindow
from py_app.documents.attached import DOCUMENTS_TOOL
from py_app.documents.passages import passages_block
from py_app.documents.shelf import attached, search
from py_app.message import Block, Message, is_passages, text_of

SOURCES_FOUND = "alcove:sources_found"
"""Event: {"sources": as `py_app/documents/passages.py` has them, "call"?: id of the tool call that found
them}."""

_TOP = 6
_ROOM = 5_000
"""Bytes of passages: more takes a processor longer to read than a person waits."""
_SHARE = 0.6
"""Of what the window leaves, at most: what was said before has its place too."""


class Retriever:
    """One a session."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator

    def documents(self, tools: Mapping[str, object]) -> list[str]:
        """What a question is answered from; none where the model searches by itself, with one of `tools`,
        and for a sub-agent, who is asked no question of the person's."""
        by_itself = DOCUMENTS_TOOL in tools or self._coordinator.get_capability(AGENT) is not None
        return [] if by_itself else attached(self._coordinator)

    async def prepare(self, context: ContextManager, provider: Provider) -> str | None:
        """Put what is found before the last question, once.

        Returns what is to be said in place of an answer where nothing is found. Raises ToolError and
        AlcoveError where the documents cannot be searched.
        """
        messages = await context.get_messages()
        at = last_question(messages)
        if at == len(messages) or not (ids := _documents_of(messages[at])):
            return None
        message = messages[at]
        if any(is_passages(block) for block in _blocks(message)):
            return None
        question = text_of(message)
        found = await search(self._coordinator, question, top=_TOP, documents=ids)
        if not found["passages"] and (before := _asked_before(messages[:at])):
            # "And in winter?" says what it means only with the question before it.
            found = await search(self._coordinator, f"{before}\n{question}", top=_TOP, documents=ids)
        if not found["passages"] and not _has_schema(message):
            return _nothing(found["searched"])
        block = passages_block(found["passages"], await _room(context, provider))
        messages[at] = {**message, "content": [block, *_blocks(message)]}
        await context.set_messages(messages)
        await self._coordinator.hooks.emit(SOURCES_FOUND, {"sources": block["sources"]})
        return None


def _documents_of(message: Message) -> list[str]:
    metadata: Json = message.get("metadata") or {}
    given: object = metadata.get("documents")
    ids = cast("list[object]", given) if isinstance(given, list) else []
    return [each for each in ids if isinstance(each, str)]  # the conversation may come from a file


def _has_schema(message: Message) -> bool:
    metadata: Json = message.get("metadata") or {}
    return "schema" in metadata


def _blocks(message: Message) -> list[Block]:
    content: str | list[Block] = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _asked_before(messages: Sequence[Message]) -> str:
    at = last_question(messages)
    return text_of(messages[at]) if at < len(messages) else ""


async def _room(context: ContextManager, provider: Provider) -> int:
    spare = await context.spare(provider) if isinstance(context, ContextWindow) else None
    return _ROOM if spare is None else min(_ROOM, int(spare * _SHARE))


_MOST_NAMED = 3


def _nothing(searched: Sequence[str]) -> str:
    if not searched:
        return "The documents of this conversation are not on this device any more. Choose others to ask."
    names = ", ".join(searched) if len(searched) <= _MOST_NAMED else f"{len(searched)} documents"
    return f"I found nothing about this in {names}. Ask in other words, or choose other documents."
