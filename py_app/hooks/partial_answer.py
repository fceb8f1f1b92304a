"""What of an answer under a schema is there while it comes."""

from __future__ import annotations

from typing import cast

from pydantic_core import from_json

from providers.json_types import Json


class PartialAnswer:
    """An answer that comes in pieces, as the object that it is so far."""

    def __init__(self) -> None:
        self._text = ""
        self._last: object = None

    def add(self, text: str) -> Json | list[object] | None:
        """The object with `text` added, if it grew; None while there is nothing new of it."""
        self._text += text
        start = min((at for at in map(self._text.find, "{[") if at >= 0), default=-1)
        if start < 0:
            return None
        try:
            value = from_json(self._text[start:], allow_partial="trailing-strings")
        except ValueError:
            return None
        if not isinstance(value, dict | list) or value == self._last:
            return None
        self._last = cast(object, value)
        return cast("Json | list[object]", value)
