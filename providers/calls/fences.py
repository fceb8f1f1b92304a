"""```json, ```tool_call or ``` around any other spelling; the end of the fence may be missing."""

from __future__ import annotations

import re

from providers.calls import functions, objects, python, tags
from providers.calls.text import Found, Text

FENCE = "```"
_SHOWN = ("python", "py", "text", "plaintext")
"""Such a fence may show anything: it is a call only where it holds nothing else."""
_DATA = ("", "json", "json5", "jsonc", "xml")
_CALLS = ("tool_call", "tool_calls", "tool_code", "tool", "tools", "function_call", "function")
_SURPLUS = re.compile(r"[\s}\]]*")


def read(text: Text, at: int) -> Found | None:
    if not text.starts(at, FENCE):
        return None
    end = text.word(at + len(FENCE))
    kind = text.text[at + len(FENCE) : end].lower()
    if kind not in (*_SHOWN, *_DATA, *_CALLS):
        return None
    start = text.space(end)
    found = _inside(text, start)
    if found is None:
        return None
    calls, end = found.calls, found.end
    while following := _inside(text, text.run(_SURPLUS, end)):
        calls, end = calls + following.calls, following.end
    close = text.run(_SURPLUS, end)
    if text.starts(close, FENCE):
        return Found(calls, close + len(FENCE))
    return Found(calls, end) if kind not in _SHOWN or not text.char(close) else None


def _inside(text: Text, at: int) -> Found | None:
    return (
        objects.read_all(text, at, meant=False)
        or tags.read(text, at)
        or functions.read(text, at)
        or python.read_all(text, at)
    )
