"""<tool_call>…</tool_call> and its likes, around any other spelling; the end tag may be missing."""

from __future__ import annotations

import re

from providers.calls import functions, names, objects, python
from providers.calls.text import Found, Text
from providers.calls.values import broken_call

_TAGS = ("tool_call", "tool_calls", "tools", "tool", "function_call", "function_calls", "function", "invoke")
_OPEN = tuple(f"<{tag}>" for tag in _TAGS)
_CLOSE = tuple(f"</{tag}>" for tag in _TAGS)
_SURPLUS = re.compile(r"[\s}\]]*")
"""Models close more brackets than they opened."""


def read(text: Text, at: int) -> Found | None:
    tag = next((tag for tag in _OPEN if text.starts(at, tag)), None)
    if tag is None:
        return None
    start = text.space(at + len(tag))
    if text.starts(start, tag):  # opened twice
        start = text.space(start + len(tag))
    found = _inside(text, start)
    if found is None:
        return _broken(text, start, tag)
    calls, end = found.calls, found.end
    while found := _inside(text, text.space(end)):
        calls, end = calls + found.calls, found.end
    return Found(calls, _closed(text, end, tag))


def _inside(text: Text, at: int) -> Found | None:
    if text.starts(at, "```"):
        at = text.space(text.word(at + 3))
    return (
        objects.read_all(text, at, meant=True)
        or functions.read(text, at)
        or python.read_all(text, at)
        or names.read(text, at)
    )


def _closed(text: Text, end: int, tag: str) -> int:
    """Past the end tag, if there is one; some models write the begin tag again."""
    close = text.run(_SURPLUS, end)
    if text.starts(close, "```"):
        close = text.space(close + 3)
    while ending := next((each for each in _CLOSE if text.starts(close, each)), None):
        end = close + len(ending)
        close = text.space(end)
    again = text.starts(close, tag) and not text.char(text.space(close + len(tag)))
    return len(text.text) if again else end


def _broken(text: Text, start: int, tag: str) -> Found | None:
    if text.char(start) != "{":
        return None
    end = text.find("</", start)
    calls = broken_call(text.text[start:end], text.tools) if text.char(end) else ()
    return Found(calls, _closed(text, end, tag)) if calls else None
