"""Secrets, by the names that they go by, do not leave a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from providers.json_types import Json

REDACTED = "[redacted]"
_NAMES = re.compile(
    r"api[_-]?key|authorization|password|passwd|secret|credential|(?:^|[_-])token$|bearer|(?:^|-)auth$|-key$|cookie",
    re.I,
)


def is_secret(name: str, value: object) -> bool:
    """Whether `value` is one, by its name; a number or a switch is none."""
    return _NAMES.search(name) is not None and not isinstance(value, bool | int | float | None)


def without_secrets(value: object, name: str = "", *, text: Callable[[str], str] = str) -> object:
    """`value` (parsed JSON) with `REDACTED` for each secret; `text` is applied to every other text."""
    if is_secret(name, value):
        return REDACTED
    if isinstance(value, dict):
        return {key: without_secrets(item, key, text=text) for key, item in cast(Json, value).items()}
    if isinstance(value, list):
        return [without_secrets(item, text=text) for item in cast("list[object]", value)]
    return text(value) if isinstance(value, str) else value
