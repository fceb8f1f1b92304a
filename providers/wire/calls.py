"""Calls of tools: as a history holds them, and as a server sends them."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from typing import NoReturn, cast

from amplifier_core.llm_errors import InvalidToolCallError
from amplifier_core.message_models import ToolCall

from providers.json_types import Json
from providers.wire.text import clean_json, clean_text

_DEEPEST = 100
"""Levels of arguments: the kernel's events take 127, and hold some of their own."""


def call_json(call_id: str, name: str, arguments: object, fields: Json | None = None) -> Json:
    """A call as it is sent; `fields` are those of the server's own that it wants back."""
    extra = fields or {}
    written = arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False)
    function: Json = {**(extra.get("function") or {}), "name": name, "arguments": written}
    return {**extra, "id": call_id, "type": "function", "function": function}


def stored_call(call: object) -> Json:
    """A call as a context stores it: ours ({id, name, arguments, fields?}), one that says "tool" for the
    name, or OpenAI's own ({id, type, function: {name, arguments}})."""
    outer = cast("Json", call if isinstance(call, Mapping) else call.__dict__)
    function: object = outer.get("function")
    inner = cast("Json", function) if isinstance(function, Mapping) else outer
    name = inner.get("name") or outer.get("tool") or ""
    return call_json(str(outer.get("id") or ""), str(name), inner.get("arguments"), outer.get("fields"))


class _Call(ToolCall):
    """A call that can be read as a table too: official loops do so where its arguments are empty."""

    def get(self, name: str, default: object = None) -> object:
        """`name` is "id", "tool" or "arguments"."""
        return getattr(self, "name" if name == "tool" else name, default)


def tool_call(call: Json, taken: set[str]) -> ToolCall:
    """The ToolCall of a call that a server sent, under an id that is not among `taken`, which it joins.

    Arguments that are no JSON object stand in `raw_arguments`, and why in `invalid`, so that the loop can
    tell the model; `fields` are those of the server's own.
    """
    function: Json = call.get("function") or {}
    name = clean_text(str(function.get("name") or ""))
    extra: Json = {"fields": call["fields"]} if call.get("fields") else {}
    arguments: Json = {}
    try:
        arguments = parse_arguments(name, function.get("arguments"))
    except InvalidToolCallError as error:
        extra |= {"raw_arguments": error.raw_arguments, "invalid": str(error)}
    return _Call(id=_unique(call.get("id"), taken), name=name, arguments=arguments, **extra)


def _unique(given: object, taken: set[str]) -> str:
    """Results are found by it. Some servers give none, or the same one in every answer."""
    call_id = clean_text(str(given or ""))
    while not call_id or call_id in taken:
        call_id = uuid.uuid4().hex[:9]  # Mistral's take nine letters and digits, nothing else
    taken.add(call_id)
    return call_id


def parse_arguments(name: str, raw: object) -> Json:
    """The arguments of a tool call. Raises InvalidToolCallError unless `raw` is (the JSON of) an object."""
    value: object = Json() if raw is None else raw
    try:
        if isinstance(raw, str):
            # NaN and Infinity are no JSON, and the kernel's events refuse them.
            written = clean_text(raw).strip() or "{}"
            value = json.loads(written, parse_constant=_no_constant, parse_float=_finite)
        value = clean_json(value, _DEEPEST)
    except (ValueError, RecursionError) as error:
        raise InvalidToolCallError(
            f"The arguments are not valid JSON: {error}", tool_name=name, raw_arguments=_readable(raw)
        ) from error
    if not isinstance(value, dict):
        raise InvalidToolCallError(
            "The arguments are not a JSON object.", tool_name=name, raw_arguments=_readable(raw)
        )
    return cast("Json", value)


def _readable(raw: object) -> str:
    try:
        return clean_text(str(raw))
    except RecursionError:
        return ""


def _finite(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise ValueError(f"{written} is too large")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not allowed")
