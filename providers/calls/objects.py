"""{"name": …, "arguments": {…}}, as bare JSON or within another spelling; lists of them too."""

from __future__ import annotations

import json
import re

from providers.calls.text import Found, Text, UnfinishedError, WrittenCall
from providers.calls.values import ARGUMENTS, BESIDE, LISTS, NAMES, WRAPPERS, broken_call, calls_in, parse

_KEYS = {*NAMES, *ARGUMENTS, *WRAPPERS, *LISTS, *BESIDE}
# {"key": "value, as far as it goes
_HEAD = re.compile(r"""\{\s*(?:["']?([\w.-]*)(?:["']?\s*(:)?\s*(?:["']([^"'\\]*)(["'])?)?)?)?""")
_BETWEEN = re.compile(r"[\s,;]*")


def read(text: Text, at: int) -> Found | None:
    """Bare JSON: one call, or a list of them."""
    if text.char(at) not in ("{", "[") or not _begins(text, at):
        return None
    return _value(text, at, meant=False)


def read_all(text: Text, at: int, *, meant: bool) -> Found | None:
    """One value after the other, as far as they are calls.

    `meant`: what leads here says that a call follows, so one that cannot be read is told to the model.
    """
    calls: list[WrittenCall] = []
    end = at
    while True:
        start = text.run(_BETWEEN, end) if calls else text.space(end)
        if text.char(start) not in ("{", "["):
            break
        found = _value(text, start, meant=meant) if meant or _begins(text, start) else None
        if found is None:
            break
        calls += found.calls
        end = found.end
    return Found(tuple(calls), end) if calls else None


def arguments(text: Text, at: int, name: str) -> Found | None:
    """The call of `name` with the object at `at`, after any white space."""
    start = text.space(at)
    if text.char(start) != "{":
        return None
    inside = text.brackets(start)
    return inside and Found((WrittenCall(name, _as_json(inside[0])),), inside[1])


def _as_json(written: str) -> str:
    """An object as JSON, where it can be read: models write Python's too."""
    try:
        return json.dumps(parse(written), ensure_ascii=False)
    except ValueError:
        return written


def _value(text: Text, at: int, *, meant: bool) -> Found | None:
    inside = text.brackets(at)
    if inside is None:
        return None
    written, end = inside
    try:
        calls = calls_in(parse(written), text.tools)
    except ValueError:
        calls = broken_call(written, text.tools) if meant else ()
    return Found(calls, end) if calls else None


def _begins(text: Text, at: int) -> bool:
    """Whether a call may begin here: known as soon as it cannot, so that other JSON is not held back."""
    if text.char(at) == "[":
        at = text.space(at + 1)
        if text.char(at) != "{":
            return False
    head = _HEAD.match(text.text, at)
    if head is None:
        return False
    key, colon, value, closed = head.groups()
    ends = head.end() == len(text.text) and not text.over
    if not colon:
        if ends and any(known.startswith(key or "") for known in (*_KEYS, *text.tools)):
            raise UnfinishedError
        return False
    if key not in NAMES or (key in WRAPPERS and value is None):
        return key in _KEYS or key in text.tools
    if closed:
        return value.strip().removeprefix("functions.") in text.tools
    names = (spelled for name in text.tools for spelled in (name, f"functions.{name}"))
    if ends and any(name.startswith(value or "") for name in names):
        raise UnfinishedError
    return False
