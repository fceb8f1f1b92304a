"""Secrets, by the names that they go by, do not leave a session."""

from __future__ import annotations

import re
from typing import cast

from providers.json_types import Json

REDACTED = "[redacted]"
_NAMES = re.compile(
    r"api[_-]?key|authorization|password|passwd|secret|credential|(?:^|[_-])token$|bearer", re.I
)


def is_secret(name: str, value: object) -> bool:
    """Whether `value` is one, by its name; a number or a switch is none."""
    return _NAMES.search(name) is not None and not isinstance(value, bool | int | float | None)


def without_secrets(value: object, name: str = "") -> object:
    """`value` (parsed JSON) with `REDACTED` in the place of secrets."""
    if is_secret(name, value):
        return REDACTED
    if isinstance(value, dict):
        return {key: without_secrets(item, key) for key, item in cast(Json, value).items()}
    if isinstance(value, list):
        return [without_secrets(item) for item in cast("list[object]", value)]
    return value
