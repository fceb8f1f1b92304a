"""What a tool returned, as a ToolResult that can be told: not every tool keeps to the protocol."""

from __future__ import annotations

import json
import math
from typing import cast

from amplifier_core.models import ToolResult

_NESTED = "(The result is nested too deeply to be read.)"


def settled(returned: object) -> ToolResult:
    """`returned` with an output that JSON can carry; what cannot be carried is described in its place."""
    if not isinstance(returned, ToolResult):
        return ToolResult(output=_plain(returned))
    if _is_plain([returned.output, returned.error]):
        return returned
    error = _plain(returned.error) if returned.error else None
    return ToolResult(
        success=returned.success,
        output=_plain(returned.output),
        error=cast("dict[str, object]", error) if isinstance(error, dict) else None,
        content=returned.content,
    )


def _is_plain(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _plain(value: object) -> object:
    try:
        return _told(value)
    except RecursionError:
        return _NESTED


def _told(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray):
        return f"({len(value):,} bytes of binary data)"
    if isinstance(value, dict):
        items = cast("dict[object, object]", value).items()
        return {str(key): _told(item) for key, item in items}
    if isinstance(value, list | tuple):
        return [_told(item) for item in cast("list[object]", value)]
    return str(value)
