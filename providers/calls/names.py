"""The name of a tool on its line and an object after it (Functionary), with or without a word in between."""

from __future__ import annotations

import json
import re

from providers.calls import objects
from providers.calls.text import Found, Text
from providers.json_types import Json

_NEXT = re.compile(r"[ \t]*:?\s*")
_ACTION, _INPUT = "Action:", "Action Input:"


def read(text: Text, at: int) -> Found | None:
    """name, then {…} that has no other keys than the tool's arguments."""
    react = text.starts(at, _ACTION)
    start = text.space(at + len(_ACTION)) if react else at
    if not any(text.starts(start, name) for name in text.tools):
        return None
    end = text.word(start)
    name = text.text[start:end]
    if name not in text.tools:
        return None
    following = text.run(_NEXT, end)
    if react and text.starts(following, _INPUT):
        following += len(_INPUT)
    found = objects.arguments(text, following, name)
    return found if found and _fits(found, text.tools[name]) else None


def _fits(found: Found, schema: Json) -> bool:
    try:
        given: Json = json.loads(found.calls[0].arguments)
    except ValueError:
        return False
    return given.keys() <= (schema.get("properties") or {}).keys()
