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

_PLAIN_HEADERS = re.compile(r"(?:accept|content|mcp)-[\w-]+|accept|user-agent", re.I)
"""Of a server in a plan; in any other one may lie what lets it know the person."""
_IN_ADDRESS = re.compile(r"(?<=://)[^/?#\s]+(?=@)|(?<=\?)[^#\s]+")
"""A name and a password, and the query."""


def is_secret(name: str, value: object) -> bool:
    """Whether `value` is one, by its name; a number or a switch is none."""
    return _NAMES.search(name) is not None and not isinstance(value, bool | int | float | None)


def without_secrets(value: object, name: str = "", *, text: Callable[[str], str] = str) -> object:
    """`value` (parsed JSON) with `REDACTED` for each secret; `text` is applied to every other text."""
    if is_secret(name, value):
        return REDACTED
    if isinstance(value, dict):
        table = cast(Json, value)
        if name.lower() == "headers":
            return {key: item if _PLAIN_HEADERS.fullmatch(key) else REDACTED for key, item in table.items()}
        return {key: without_secrets(item, key, text=text) for key, item in table.items()}
    if isinstance(value, list):
        return [without_secrets(item, text=text) for item in cast("list[object]", value)]
    return text(value) if isinstance(value, str) else value


def plan_without_secrets(plan: object) -> object:
    """A mount plan without secrets, those in the addresses that it names too."""
    return without_secrets(plan, text=_masked)


def _masked(text: str) -> str:
    return _IN_ADDRESS.sub(REDACTED, text) if re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", text, re.I) else text
