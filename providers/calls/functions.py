"""<function=name>…</function>: with JSON (Llama, Functionary) or with a tag for each argument (Qwen)."""

from __future__ import annotations

import json
import re
from typing import cast

from providers.calls import objects
from providers.calls.text import Found, Text, WrittenCall
from providers.json_types import Json

_HEADS = ("<function=", '<function name="', '<invoke name="', '<tool_call name="')
_ENDS = ("</function>", "</invoke>", "</tool_call>")
_PARAMETERS = ("<parameter=", '<parameter name="')
_NAME = re.compile(r"[\w.\-]*")
_AFTER_NAME = re.compile(r'["\s]*')
_SURPLUS = re.compile(r"[\s}\]]*")


def read(text: Text, at: int) -> Found | None:
    head = next((head for head in _HEADS if text.starts(at, head)), None)
    if head is None:
        return None
    opened = _named(text, at + len(head))
    if opened is None or opened[0] not in text.tools:
        return None
    name, end = opened
    start = text.space(end)
    found = objects.arguments(text, start, name) or _parameters(text, start, name)
    if found is None:
        return None
    close = text.run(_SURPLUS, found.end)
    for tag in _ENDS:
        if text.starts(close, tag):
            return Found(found.calls, close + len(tag))
    return found


def _named(text: Text, at: int) -> tuple[str, int] | None:
    """The name at `at` and where the tag that holds it ends."""
    end = text.run(_NAME, at)
    close = text.run(_AFTER_NAME, end)
    return (text.text[at:end], close + 1) if text.char(close) == ">" else None


def _parameters(text: Text, at: int, name: str) -> Found | None:
    schema: Json = text.tools[name].get("properties") or {}
    given: Json = {}
    while (head := next((head for head in _PARAMETERS if text.starts(at, head)), None)) is not None:
        opened = _named(text, at + len(head))
        if opened is None:
            return None
        key, start = opened
        end = text.find("</parameter>", start)
        if text.char(end) == "":
            return None
        given[key] = _value(text.text[start:end], schema.get(key))
        at = text.space(end + len("</parameter>"))
    closed = any(text.starts(at, tag) for tag in _ENDS)
    return Found((WrittenCall(name, json.dumps(given, ensure_ascii=False)),), at) if given or closed else None


def _value(written: str, schema: object) -> object:
    """Text where the tool wants text; else what it says as JSON."""
    value = written.removeprefix("\n").removesuffix("\n")
    if isinstance(schema, dict) and cast(Json, schema).get("type") != "string":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            pass
    return value
