"""
Reading a model in ONNX Runtime's own format (.ort, a FlatBuffer): its weights, and what each node takes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ..base import BuildError

# ONNX's number of a type → its letter in `struct`. Others are not asked for.
_KINDS = {1: "f", 2: "B", 7: "q"}


@dataclass(frozen=True)
class Weight:
    """`shape` has the outermost dimension first; `data` is little-endian."""

    kind: str
    shape: tuple[int, ...]
    data: bytes

    @property
    def numbers(self) -> tuple[float, ...]:
        return struct.unpack(f"<{prod(self.shape)}{self.kind}", self.data)


@dataclass(frozen=True)
class Node:
    name: str
    operation: str
    inputs: tuple[str, ...]


class OrtModel:
    """The weights by their names and the nodes in their order, of the graph and of those inside its nodes."""

    def __init__(self, data: bytes) -> None:
        """Raises BuildError for another format."""
        self.weights: dict[str, Weight] = {}
        self.nodes: list[Node] = []
        try:
            if data[4:8] != b"ORTM":
                raise struct.error
            session = _Table(data, struct.unpack_from("<I", data)[0])
            self._read(session.table(1).table(7))
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise BuildError(
                "This is no model in ONNX Runtime's format.", "Correct the pin of its package."
            ) from error

    def _read(self, graph: _Table) -> None:
        for weight in graph.tables(0):
            kind = _KINDS.get(weight.integer(3))
            if kind:
                self.weights.setdefault(weight.text(0), Weight(kind, weight.longs(2), weight.bytes(4)))
        for node in graph.tables(2):
            self.nodes.append(Node(node.text(0), node.text(5), tuple(node.texts(8))))
            for attribute in node.tables(10):
                if attribute.has(7):
                    self._read(attribute.table(7))


class _Table:
    """
    A table of a FlatBuffer; its fields are asked for by their numbers in ONNX Runtime's schema (ort.fbs).
    """

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at
        self._fields = at - self._unpack("<i", at)
        self._count = (self._unpack("<H", self._fields) - 4) // 2

    def has(self, field: int) -> bool:
        return self._place(field) != 0

    def integer(self, field: int) -> int:
        place = self._place(field)
        return self._unpack("<i", place) if place else 0

    def table(self, field: int) -> _Table:
        return _Table(self._data, self._follow(self._place(field)))

    def tables(self, field: int) -> Iterator[_Table]:
        start, count = self._vector(field)
        for index in range(count):
            yield _Table(self._data, self._follow(start + 4 * index))

    def text(self, field: int) -> str:
        return self.bytes(field).decode()

    def texts(self, field: int) -> Iterator[str]:
        start, count = self._vector(field)
        for index in range(count):
            at = self._follow(start + 4 * index)
            yield self._data[at + 4 : at + 4 + self._unpack("<I", at)].decode()

    def bytes(self, field: int) -> bytes:
        start, count = self._vector(field)
        return self._data[start : start + count]

    def longs(self, field: int) -> tuple[int, ...]:
        start, count = self._vector(field)
        return struct.unpack_from(f"<{count}q", self._data, start)

    def _vector(self, field: int) -> tuple[int, int]:
        """Where the first of its items lies, and how many there are."""
        place = self._place(field)
        if not place:
            return 0, 0
        at = self._follow(place)
        return at + 4, self._unpack("<I", at)

    def _place(self, field: int) -> int:
        offset = self._unpack("<H", self._fields + 4 + 2 * field) if field < self._count else 0
        return self._at + offset if offset else 0

    def _follow(self, place: int) -> int:
        return place + self._unpack("<I", place)

    def _unpack(self, layout: str, at: int) -> int:
        return struct.unpack_from(layout, self._data, at)[0]
