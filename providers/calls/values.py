"""JSON as models write it, and the calls that it describes."""

from __future__ import annotations

import json
import re
from typing import cast

from providers.calls.text import Tools, WrittenCall
from providers.json_types import Json

NAMES = ("name", "tool", "function", "tool_name", "function_name", "action")
ARGUMENTS = ("arguments", "parameters", "input", "args", "params", "action_input")
WRAPPERS = ("function", "function_call", "tool_call")
LISTS = ("tool_calls", "calls")
BESIDE = ("type", "id", "thought", "thoughts", "reasoning")
"""What may stand beside a call and says nothing of it."""

_STRING = r""""[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'"""
_CONSTANTS = re.compile(rf"({_STRING})|\b(true|false|null)\b", re.DOTALL)
_PYTHON = {"true": "True", "false": "False", "null": "None"}
_NAMED = re.compile(rf"""["']?(?:{"|".join(NAMES)})["']?\s*:\s*["']([^"']+)["']""")
_GIVEN = re.compile(rf"""["']?(?:{"|".join(ARGUMENTS)})["']?\s*:\s*""")


def parse(text: str) -> object:
    """The value of JSON, or of what Python would take for a literal. Raises ValueError for anything else."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    import ast  # only for what is no JSON

    try:
        return json.loads(json.dumps(ast.literal_eval(as_python(text))))
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from error


def as_python(text: str) -> str:
    """JSON's constants in Python's words."""
    return _CONSTANTS.sub(lambda found: found[1] or _PYTHON[found[2]], text)


def calls_in(value: object, tools: Tools) -> tuple[WrittenCall, ...]:
    """The calls that a value describes; () unless all of it is calls of these tools."""
    if isinstance(value, list):
        each = [calls_in(item, tools) for item in cast(list[object], value)]
        return tuple(call for calls in each for call in calls) if all(each) else ()
    if not isinstance(value, dict):
        return ()
    fields = cast(Json, value)
    for key in LISTS:
        if isinstance(fields.get(key), list):
            return calls_in(fields[key], tools)
    for key in WRAPPERS:
        if isinstance(fields.get(key), dict):
            return calls_in(fields[key], tools)
    return _flat(fields, tools)


def broken_call(text: str, tools: Tools) -> tuple[WrittenCall, ...]:
    """The call that was meant by an object that cannot be read: the model is told what is wrong with it."""
    named = _NAMED.search(text)
    if not named or named[1] not in tools:
        return ()
    given = _GIVEN.search(text)
    return (WrittenCall(named[1], text[given.end() :].strip() if given else text),)


def _flat(fields: Json, tools: Tools) -> tuple[WrittenCall, ...]:
    for key in NAMES:
        name: object = fields.get(key)
        if isinstance(name, str) and (name := _bare(name)) in tools:
            return _call(name, tools[name], {k: v for k, v in fields.items() if k != key and k not in BESIDE})
    if len(fields) == 1:  # {"name of the tool": {…}}
        [(name, given)] = fields.items()
        if name in tools and isinstance(given, dict):
            return (WrittenCall(name, _json(cast(Json, given))),)
    return ()


def _call(name: str, schema: Json, rest: Json) -> tuple[WrittenCall, ...]:
    key = next((key for key in ARGUMENTS if key in rest), None)
    if key is None:  # the arguments stand beside the name, if there are any
        known: Json = schema.get("properties") or {}
        return (WrittenCall(name, _json(rest)),) if rest.keys() <= known.keys() else ()
    given = rest[key]
    if isinstance(given, str):  # JSON in JSON, as OpenAI sends it
        return (WrittenCall(name, given or "{}"),)
    if not isinstance(given, dict | None) or _is_schema(cast(object, given)):
        return ()
    return (WrittenCall(name, _json(cast(Json, given) or {})),)


def _is_schema(given: object) -> bool:
    """Whether the description of a tool is shown, and no call."""
    return isinstance(given, dict) and {"type", "properties"} <= cast(Json, given).keys()


def _bare(name: str) -> str:
    return name.strip().removeprefix("functions.")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
