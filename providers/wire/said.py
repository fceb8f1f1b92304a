"""What a delta, or a whole message, of an OpenAI-compatible server says: its words, wherever it puts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, cast

from providers.json_types import Json
from providers.wire.text import clean_text

_REASONING = ("reasoning_content", "reasoning", "thinking")
"""The fields of servers that tell thinking from text themselves."""


class Said(NamedTuple):
    """`field` is where a server put its thinking; it may want it back there."""

    kind: Literal["text", "thinking"]
    text: str
    field: str | None = None


def first_choice(choices: object) -> Iterator[Json]:
    """The answer that was asked for: a server may send others beside it, or as pieces of the same stream."""
    for choice in cast("Iterable[object]", choices if isinstance(choices, list) else ()):
        if isinstance(choice, dict) and cast("Json", choice).get("index") in (None, 0, "", "0"):
            yield cast("Json", choice)


def said(message: Json) -> Iterator[Said]:
    """Thinking first, then the text; a refusal is text too."""
    for field in _REASONING:
        if message.get(field) and (thought := "".join(part.text for part in _parts(message[field]))):
            yield Said("thinking", thought, field)
            break  # some send both, which say the same
    for field in ("content", "refusal"):
        if message.get(field):
            yield from _parts(message[field])


def _parts(content: object) -> Iterator[Said]:
    """Content is a text, a part, or a list of either; what is neither text nor thinking has no words."""
    if isinstance(content, str):
        if content:
            yield Said("text", clean_text(content))
    elif isinstance(content, list):
        for part in cast("list[object]", content):
            yield from _parts(part)
    elif isinstance(content, dict):
        part = cast("Json", content)
        thinks = part.get("type") in ("thinking", "reasoning", "reasoning.text", "summary_text")
        for name in ("thinking", "text", "refusal", "summary", "content"):
            if words := "".join(inner.text for inner in _parts(part.get(name))):
                yield Said("thinking" if thinks else "text", words)
                break
