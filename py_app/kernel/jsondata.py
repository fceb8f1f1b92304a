"""Event data as it looks after a trip through JSON, without making the text.

The native engine turns data into JSON and back, so handlers see plain sorted dicts, lists, strings
and numbers. `canonical` gives the same value directly; only data that JSON cannot carry is
written out as text, to report the error at the place where a JSON parser would.
"""

import json
import re
from collections.abc import Callable
from typing import Any, cast

Json = dict[str, Any]
"""A JSON object, as event data and mount plans are."""

_MAX_DEPTH = 126
_MIN_INT, _MAX_INT = -(2**63), 2**64 - 1
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity|[\[\]{}]|-?\d{300,}')
_SURROGATE = re.compile(r"\\\\|\\u([dD][89abAB]..)(\\u([dD][c-fC-F]..))?|\\u([dD][c-fC-F]..)")


class _NotJsonError(Exception):
    """Inner signal: go and find out where."""


def canonical(data: object, what: str = "Invalid JSON") -> Any:
    """`data` as JSON would give it back, in new containers with sorted keys.

    What JSON does not know becomes `str(value)`; integers outside 64 bits become floats.

    Raises:
        RuntimeError: NaN, infinity, a lone surrogate or too deep nesting (message starts with `what`).
        TypeError, ValueError: from `json.dumps`, for keys or cycles that it refuses.
    """
    try:
        return _convert(data, 0)
    except _NotJsonError:
        text = json.dumps(data, default=str)
        raise RuntimeError(f"{what}: {_first_error(text)}") from None


def clone(value: Any) -> Any:
    """A deep copy of a canonical value."""
    copy = _COPY.get(value.__class__)
    return copy(value) if copy else value


def _clone_object(value: Json) -> Json:
    return {k: _COPY[v.__class__](v) if v.__class__ in _COPY else v for k, v in value.items()}


def _clone_list(value: list[Any]) -> list[Any]:
    return [_COPY[v.__class__](v) if v.__class__ in _COPY else v for v in value]


_COPY: dict[type, Callable[[Any], Any]] = {dict: _clone_object, list: _clone_list}
"""How what holds other values is copied; the others never change."""


def _convert(value: Any, depth: int) -> Any:
    kind = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is str:
        return value if value.isascii() else _text(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        return value if _MIN_INT <= value <= _MAX_INT else _big(value)
    if kind is float:
        if value - value != 0.0:
            raise _NotJsonError
        return value
    if isinstance(value, dict):
        return _mapping(cast("dict[object, object]", value), depth + 1)
    if isinstance(value, (list, tuple)):
        if depth > _MAX_DEPTH:
            raise _NotJsonError
        return [_convert(item, depth + 1) for item in cast("list[object]", value)]
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        return _convert(int(value), depth)
    if isinstance(value, float):
        return _convert(float(value), depth)
    return _text(str(value))


def _mapping(value: dict[object, object], depth: int) -> Json:
    if depth > _MAX_DEPTH + 1:
        raise _NotJsonError
    out: Json = {}
    for key, item in value.items():
        if type(key) is not str:
            key = _key(key)
        elif not key.isascii():
            _text(key)
        plain = type(item) is str and item.isascii()
        out[key] = item if plain else _convert(item, depth)
    return out if len(out) < 2 else {key: out[key] for key in sorted(out)}


def _key(key: object) -> str:
    if isinstance(key, str):
        return _text(str.__str__(key))
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    # The encoder words this error, and it names the type.
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # A high surrogate followed by a low one is a pair to a JSON parser.
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise _NotJsonError from None
    return text


def _big(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _NotJsonError from None


def _first_error(text: str) -> str:
    """What a JSON parser says about the first thing in `text` that it cannot take."""
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] in "[{":
            depth += 1
            if depth > _MAX_DEPTH + 1:
                return f"recursion limit exceeded at line 1 column {match.end()}"
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == '"':
            problem = _lone_surrogate(text, match.start(), token)
            if problem:
                return problem
        elif token == "-Infinity":
            return f"invalid number at line 1 column {match.start() + 2}"
        elif token[0] in "NI":
            return f"expected value at line 1 column {match.start() + 1}"
        else:
            return f"number out of range at line 1 column {match.end()}"
    return "unexpected data"


def _lone_surrogate(text: str, start: int, token: str) -> str | None:
    for pair in _SURROGATE.finditer(token):
        end = start + pair.end()
        if pair[4]:
            return f"lone leading surrogate in hex escape at line 1 column {end}"
        if pair[1] and not pair[2]:
            if text[end : end + 2] == "\\u":
                return f"lone leading surrogate in hex escape at line 1 column {end + 6}"
            return f"unexpected end of hex escape at line 1 column {end + 1}"
    return None
