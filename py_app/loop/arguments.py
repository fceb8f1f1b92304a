"""Checks the arguments of a tool call against the tool's input schema.

What most tools say of theirs (type, enum, const, properties, required, additionalProperties: false, items)
is checked here; a schema that says more is left to `py_app/json_schema.py`.
One that cannot be used constrains nothing: the tool itself has the last word.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import cast

from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.json_schema import Schema

_PLAIN = {"type", "enum", "const", "properties", "required", "additionalProperties", "items"}
_WORDS = {
    "title",
    "description",
    "default",
    "examples",
    "$schema",
    "$id",
    "$comment",
    "deprecated",
    "readOnly",
}
_MOST_SCHEMAS = 64

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def problem_with(value: object, schema: Json, where: str = "arguments") -> str | None:
    """The first way in which `value` breaks `schema`, in words that a model can act on; None if it fits."""
    try:
        if problem := _plain_problem(value, schema, where):
            return problem
        checked = None if _is_plain(schema) else _schema(json.dumps(schema))
    except (TypeError, AttributeError, RecursionError):  # no schema, whatever it is
        return None
    return checked.problem(value, where) if checked else None


def _is_plain(schema: object) -> bool:
    """Whether it says nothing that is not checked here."""
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    rules = cast(Json, schema)
    closed: object = rules.get("additionalProperties", False)
    inside = [*cast(Json, rules.get("properties") or {}).values(), rules.get("items", True)]
    return rules.keys() <= _PLAIN | _WORDS and isinstance(closed, bool) and all(map(_is_plain, inside))


@lru_cache(_MOST_SCHEMAS)
def _schema(text: str) -> Schema | None:
    try:
        return Schema(json.loads(text))
    except AlcoveError:
        return None


def _plain_problem(value: object, schema: Json, where: str) -> str | None:
    types = schema.get("type")
    if types is not None:
        names = cast(list[str], types if isinstance(types, list) else [types])
        if not any(_is(value, name) for name in names):
            return f"{where} must be of type {' or '.join(names)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} must be one of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        return f"{where} must be {schema['const']!r}"
    if isinstance(value, dict):
        return _object_problem(cast(Json, value), schema, where)
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        problems = (
            _plain_problem(v, schema["items"], f"{where}[{i}]")
            for i, v in enumerate(cast(list[object], value))
        )
        return next((problem for problem in problems if problem), None)
    return None


def _object_problem(value: Json, schema: Json, where: str) -> str | None:
    properties: Json = schema.get("properties") or {}
    required: list[str] = schema.get("required") or []
    for name in required:
        if name not in value:
            return f'{where} lacks "{name}"'
    closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
    for name, item in value.items():
        if name in properties and isinstance(properties[name], dict):
            if problem := _plain_problem(item, properties[name], f"{where}.{name}"):
                return problem
        elif name not in properties and closed:
            return f'{where} has no "{name}"'
    return None


def _is(value: object, name: str) -> bool:
    expected = _TYPES.get(name)
    if expected is None:
        return True
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, expected) or (
        name == "integer" and isinstance(value, float) and value.is_integer()
    )
