"""f(x=1), [f(x=1), g(y="a")]: calls as Python writes them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from providers.calls.text import Found, Text, WrittenCall
from providers.calls.values import as_python
from providers.json_types import Json

if TYPE_CHECKING:
    import ast

_BETWEEN = re.compile(r"[\s,;]*")
_BLANK = re.compile(r"[ \t;,]*")
_LONGEST_NAME = 256
_NAMESPACES = ("functions.", "tools.", "default_api.")


def read(text: Text, at: int) -> Found | None:
    """Calls that have their lines to themselves; a list of them anywhere."""
    if text.char(at) == "[":
        return _list(text, at)
    found = _call(text, at)
    if found is None:
        return None
    calls, end = found.calls, found.end
    while text.char(after := text.run(_BLANK, end)) == "\n":
        following = _call(text, text.space(after))
        if following is None:
            return Found(calls, end)
        calls, end = calls + following.calls, following.end
    return None if text.char(after) else Found(calls, end)


def read_all(text: Text, at: int) -> Found | None:
    """One call after the other, as far as there are any; or a list."""
    if text.char(at) == "[":
        return _list(text, at)
    calls: list[WrittenCall] = []
    end = at
    while found := _call(text, text.run(_BETWEEN, end) if calls else end):
        calls += found.calls
        end = found.end
    return Found(tuple(calls), end) if calls else None


def _list(text: Text, at: int) -> Found | None:
    found = None
    end = text.space(at + 1)
    calls: list[WrittenCall] = []
    while found := _call(text, end):
        calls += found.calls
        end = text.space(found.end)
        if text.char(end) == "]":
            return Found(tuple(calls), end + 1)
        if text.char(end) != ",":
            return None
        end = text.space(end + 1)
    return None


def _call(text: Text, at: int) -> Found | None:
    start = at
    for namespace in _NAMESPACES:
        if text.starts(start, namespace):
            start += len(namespace)
    end = text.word(start) if _may_be_name(text, start) else start
    name = text.text[start:end]
    if name.endswith(".call"):  # Llama's built-in tools
        name = name.removesuffix(".call")
    if name not in text.tools or text.char(end) != "(":
        return None
    inside = text.brackets(end)
    given = inside and _arguments(inside[0], text.tools[name])
    if inside is None or given is None:
        return None
    return Found((WrittenCall(name, json.dumps(given, ensure_ascii=False)),), inside[1])


def _may_be_name(text: Text, at: int) -> bool:
    """Whether a tool's name stands at `at`, as far as it came: other words are not held back."""
    written = text.text[at : at + _LONGEST_NAME]
    return any(written.startswith(name) or name.startswith(written) for name in text.tools)


def _arguments(brackets: str, schema: Json) -> Json | None:
    """The arguments of (…); None where one is no plain value. Unnamed ones are in the schema's order."""
    import ast  # only where somebody writes Python

    try:
        call = cast("ast.Call", ast.parse(as_python(f"f{brackets}"), mode="eval").body)
        names = list(cast(Json, schema.get("properties") or {}))
        if len(call.args) > len(names) or any(word.arg is None for word in call.keywords):
            return None
        given = {name: ast.literal_eval(value) for name, value in zip(names, call.args, strict=False)}
        given |= {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        return json.loads(json.dumps(given))
    except (SyntaxError, ValueError, TypeError, AttributeError, MemoryError, RecursionError):
        return None
