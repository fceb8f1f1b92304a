"""Calls of tools from the pieces of a stream, of which servers have many ways.

Pieces of one call may share an index, an id, both or neither; several calls may share an index; a name may
come at once, in pieces or with every piece; arguments may be an object instead of its JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

from providers.json_types import Json

_KNOWN = {"index", "id", "type", "function", "name", "arguments"}


@dataclass
class _Call:
    index: int | None
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])
    fields: Json = field(default_factory=Json)
    """What the server adds of its own."""

    @property
    def arguments(self) -> str:
        return "".join(self.pieces)

    @property
    def whole(self) -> bool:
        """Whether its arguments are all there."""
        return _is_object(self.arguments)

    def json(self) -> Json:
        arguments = self.arguments
        # Each piece may have held all that there was.
        if len(self.pieces) > 1 and not _is_object(arguments) and _is_object(self.pieces[-1]):
            arguments = self.pieces[-1]
        call: Json = {"id": self.id, "type": "function"}
        call["function"] = {"name": self.name, "arguments": arguments}
        return {**call, "fields": self.fields} if self.fields else call


class CallPieces:
    """Adds up the pieces of calls, in the order in which the calls began."""

    def __init__(self, names: Collection[str] = ()) -> None:
        """`names` of the tools, where they are known: one of them is no piece of another."""
        self._names = names
        self._calls: list[_Call] = []

    def add(self, delta: Json) -> None:
        given: object = delta.get("function")
        function = cast("Json", given) if isinstance(given, dict) else delta
        index: object = delta.get("index")
        place = index if isinstance(index, int) and not isinstance(index, bool) else None
        call_id, name = str(delta.get("id") or ""), str(function.get("name") or "")
        arguments: object = function.get("arguments")
        piece = (
            arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)
        )
        call = self._find(place, call_id, name, piece)
        if call is None:
            call = _Call(place)
            self._calls.append(call)
        call.id = call.id or call_id
        if name != call.name:  # not said once more
            call.name = name if name.startswith(call.name) else call.name + name
        if piece and not (call.whole and piece == call.arguments):
            call.pieces.append(piece)
        call.fields |= {key: value for key, value in delta.items() if key not in _KNOWN}
        if function is not delta and (others := {k: v for k, v in function.items() if k not in _KNOWN}):
            call.fields["function"] = {**call.fields.get("function", {}), **others}

    def all(self) -> list[Json]:
        """The calls so far: {"id" (maybe ""), "type", "function", "fields"?}."""
        return [call.json() for call in self._calls]

    def _find(self, index: int | None, call_id: str, name: str, piece: str) -> _Call | None:
        """The call that a piece belongs to; None if it begins one."""
        if not self._calls:
            return None
        here = self._calls if index is None else [call for call in self._calls if call.index == index]
        if not here:
            return None if call_id or name else self._calls[-1]
        last = here[-1]
        if call_id and last.id and call_id != last.id:
            return next((call for call in reversed(here) if call.id == call_id), None)
        return None if self._begins(last, name, piece) else last

    def _begins(self, last: _Call, name: str, piece: str) -> bool:
        """Whether a piece that follows those of `last`, and has no other id, begins another call."""
        if not name or not last.name:
            return False
        if last.whole:
            return name != last.name or (piece != "" and piece != last.arguments)
        if last.pieces or (last.name in self._names and name in self._names):
            return name != last.name
        return False


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
