"""A conversation with tools as the model reads it: what `chat.jinja` writes in llama.cpp."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]
END = "<|im_end|>"
ASSISTANT = "<|im_start|>assistant\n"
_PLAIN = ("string", "number", "integer", "boolean")
_USE = (
    'To use a tool, reply with <tool_call>\n{"name": "NAME", "arguments": {...}}\n</tool_call>.'
    " Otherwise answer in plain text."
)


def system(words: str, tools: Sequence[Json]) -> str:
    """The system message; of `tools` each is {name, description, parameters}."""
    told = f"{words}\n\nYou can use these tools:\n{''.join(map(line, tools))}{_USE}" if tools else words
    return f"<|im_start|>system\n{told}{END}\n"


def line(tool: Json) -> str:
    """A tool in one line."""
    fields = _fields(tool["parameters"]) if tool["parameters"].get("properties") else ""
    about = f": {tool['description']}" if tool.get("description") else ""
    return f"- {tool['name']}({fields}){about}\n"


def _fields(schema: Mapping[str, Any]) -> str:
    told: list[str] = []
    for name, about in schema["properties"].items():
        mark = "" if name in schema.get("required", ()) else "?"
        words = f" ({about['description']})" if about.get("description") else ""
        told.append(f"{name}{mark}: {_kind(about)}{words}")
    return ", ".join(told)


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "|".join(_json(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind in _PLAIN:
        return str(kind)
    if kind == "array" and isinstance(schema.get("items"), Mapping):
        return f"{_kind(schema['items'])}[]"
    if kind == "object" and "properties" in schema:
        return f"{{{_fields(schema)}}}"
    return _json(schema)


def user(words: str) -> str:
    """What the person says, and the beginning of the reply."""
    return f"<|im_start|>user\n{words}{END}\n{ASSISTANT}"


def result(name: str, words: str) -> str:
    """What a tool said, and the beginning of the reply."""
    return user(f"Result of {name}: {words}")


def call(name: str, arguments: Json) -> str:
    """A call as it is written."""
    return f'<tool_call>\n{{"name": {_json(name)}, "arguments": {_json(arguments)}}}\n</tool_call>'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
