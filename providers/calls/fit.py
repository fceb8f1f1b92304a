"""Arguments as the tool wants them, where its schema leaves no doubt what was meant.

Whatever remains wrong is for whoever checks them: it is told to the model.
"""

from __future__ import annotations

import json
import math
import re
from typing import cast

from providers.json_types import Json
from providers.schema import resolved

_INTEGER = re.compile(r"[+-]?\d+(?:\.0+)?")
_OPEN_KEYS = ("patternProperties", "anyOf", "oneOf", "allOf", "if", "unevaluatedProperties")
"""With these, keys that `properties` does not name may be meant."""
_DEEPEST = 100


def fitted(arguments: Json, schema: Json) -> Json:
    """`arguments` without what the tool does not know, and with "3" as 3 where it wants a number."""
    try:
        value = _value(arguments, schema, schema, 0)
    except (TypeError, AttributeError):  # no schema, whatever it is
        return arguments
    return cast(Json, value) if isinstance(value, dict) else arguments


def _value(value: object, schema: object, root: Json, depth: int) -> object:
    if depth > _DEEPEST:
        return value
    rules = resolved(schema, root)
    types = _types(rules)
    if types and not any(_is(value, name) for name in types):
        value = _converted(value, types)
    if isinstance(value, str) and isinstance(rules.get("enum"), list):
        value = _choice(value, rules["enum"])
    if isinstance(value, dict):
        return _object(cast(Json, value), rules, root, depth)
    if isinstance(value, list) and "items" in rules:
        return [_value(item, rules["items"], root, depth + 1) for item in cast(list[object], value)]
    return cast(object, value)


def _object(value: Json, rules: Json, root: Json, depth: int) -> Json:
    given: object = rules.get("properties")
    known: Json = cast(Json, given) if isinstance(given, dict) else {}
    closed = rules.get("additionalProperties", not known) is False or (
        "additionalProperties" not in rules and bool(known)
    )
    if any(key in rules for key in _OPEN_KEYS):
        closed = False
    required: list[object] = rules.get("required") or []
    out: Json = {}
    for key, item in value.items():
        if key not in known:
            if not closed:
                out[key] = item
            continue
        types = _types(resolved(known[key], root))
        if item is None and key not in required and types and "null" not in types:
            continue  # left out, in a model's words
        out[key] = _value(item, known[key], root, depth + 1)
    return out


def _types(rules: Json) -> list[str]:
    types: object = rules.get("type")
    names = cast(list[object], types if isinstance(types, list) else [types])
    return [name for name in names if isinstance(name, str)]


def _converted(value: object, types: list[str]) -> object:
    """`value` as one of `types`, if it can be read as exactly one value of it."""
    if isinstance(value, str):
        return _read(value, types)
    if "string" in types and isinstance(value, int | float):
        return json.dumps(value)
    if "array" in types and isinstance(value, int | float | dict):
        return [cast(object, value)]
    if "boolean" in types and value in (0, 1):
        return bool(value)
    return value


def _read(text: str, types: list[str]) -> object:
    said = text.strip()
    if ("integer" in types or "number" in types) and _INTEGER.fullmatch(said) and len(said) < 400:
        return int(said.split(".")[0])
    if "number" in types:
        try:
            number = float(said)
            return number if math.isfinite(number) else text
        except ValueError:
            pass
    if "boolean" in types and said.lower() in ("true", "false"):
        return said.lower() == "true"
    if "null" in types and said.lower() in ("null", "none", ""):
        return None
    if "array" in types or "object" in types:
        try:
            read: object = json.loads(said)
        except (ValueError, RecursionError):
            read = None
        if ("array" in types and isinstance(read, list)) or ("object" in types and isinstance(read, dict)):
            return cast(object, read)
        return [text] if types == ["array"] else text
    return text


def _choice(value: str, allowed: list[object]) -> object:
    """The allowed value that is meant by one in another case."""
    if value in allowed:
        return value
    meant = [item for item in allowed if isinstance(item, str) and item.lower() == value.strip().lower()]
    return meant[0] if len(meant) == 1 else value


def _is(value: object, name: str) -> bool:
    match name:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case "null":
            return value is None
        case _:
            return True
