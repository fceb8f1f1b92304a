"""JSON Schema, as far as tools use it: its references."""

from __future__ import annotations

from typing import cast
from urllib.parse import unquote

from providers.json_types import Json

_MOST_HOPS = 32


def resolved(schema: object, root: Json) -> Json:
    """`schema`, or what its `$ref` within `root` leads to; {} for what leads nowhere: no constraint."""
    found: object = schema
    for _ in range(_MOST_HOPS):
        if not isinstance(found, dict):
            return {}
        here = cast(Json, found)
        if not isinstance(here.get("$ref"), str):
            return here
        target = _at(here["$ref"], root)
        beside = {key: value for key, value in here.items() if key != "$ref"}
        found = {**target, **beside} if beside else target
    return {}


def _at(reference: str, root: Json) -> Json:
    place, _, path = reference.partition("#")
    found: object = None if place else root
    for step in unquote(path).split("/")[1:]:
        key: str | int = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = dict(enumerate(cast(list[object], found)))
            key = int(key) if key.isdecimal() else -1
        found = cast(dict[object, object], found).get(key) if isinstance(found, dict) else None
    return cast(Json, found) if isinstance(found, dict) else Json()
