"""What a scenario saw, as JSON that two engines can be compared by."""

import inspect
import math
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

_PATTERNS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"), "<time>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"0x[0-9a-f]+"), "<address>"),
)


class Trace:
    """Labelled values, in order."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []

    def add(self, label: str, value: Any = None) -> None:
        """Note a value."""
        self.entries.append([label, plain(value)])

    async def attempt(self, label: str, call: Callable[[], Any], *, message: bool = True) -> Any:
        """Note what `call()` gives, awaited if need be, or the error it raises (by type, and its text)."""
        try:
            value = call()
            if inspect.isawaitable(value):
                value = await value
        except BaseException as error:
            what = [type(error).__name__, str(error)] if message else [type(error).__name__]
            self.add(label, {"raises": what})
            return None
        self.add(label, value)
        return value


def plain(value: Any) -> Any:
    """`value` as JSON, without times, ids, addresses and the order of dict keys."""
    if isinstance(value, str):
        # Lone surrogates are noted as escapes, or the trace could not be written out.
        value = value.encode("utf-8", "backslashreplace").decode()
        for pattern, name in _PATTERNS:
            value = pattern.sub(name, value)
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else f"<{value}>"
    if isinstance(value, BaseModel):
        return {type(value).__name__: plain(value.model_dump(exclude_defaults=True))}
    if isinstance(value, dict):
        return {plain(str(key)): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return f"<{type(value).__name__}>"


def without_time(data: Any) -> Any:
    """Event data without its timestamp."""
    return (
        {key: value for key, value in data.items() if key != "timestamp"} if isinstance(data, dict) else data
    )
