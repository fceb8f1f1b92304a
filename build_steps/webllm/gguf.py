"""Reading a GGUF file: its key-value pairs and where its tensors lie. Only what a conversion needs."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base import BuildError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
# ggml type → (name, weights in a block, bytes of a block)
_TYPES = {0: ("f32", 1, 4), 3: ("q4_1", 32, 20), 8: ("q8_0", 32, 34)}


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies. `shape` is as in numpy, the outermost dimension first."""

    kind: str
    shape: tuple[int, ...]
    offset: int
    size: int


class GgufFile:
    """
    A GGUF file, version 3. `values` holds its key-value pairs, `tensors` its tensors by name.
    Raises BuildError when it is no such file or is cut short.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = 0
        self.values: dict[str, Any] = {}
        self.tensors: dict[str, StoredTensor] = {}
        try:
            self._read()
        except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def data(self, name: str) -> bytes:
        """The bytes of a tensor as they are stored."""
        tensor = self.tensors[name]
        return self._data[tensor.offset : tensor.offset + tensor.size]

    def _read(self) -> None:
        if self._data[:4] != b"GGUF":
            raise self._damaged()
        self._at = 4
        version, tensors, pairs = self._take("<IQQ")
        if version != 3:
            raise self._damaged()
        for _ in range(pairs):
            key = self._string()
            self.values[key] = self._value(self._take("<I")[0])
        found: list[tuple[str, str, tuple[int, ...], int, int]] = []
        for _ in range(tensors):
            name = self._string()
            (dimensions,) = self._take("<I")
            inner_first: tuple[int, ...] = self._take(f"<{dimensions}Q")
            number, offset = self._take("<IQ")
            kind, weights, size = _TYPES[number]
            count = 1
            for extent in inner_first:
                count *= extent
            found.append((name, kind, inner_first[::-1], offset, count // weights * size))
        alignment = int(self.values.get("general.alignment", 32))
        start = -(-self._at // alignment) * alignment
        for name, kind, shape, offset, size in found:
            if start + offset + size > len(self._data):
                raise self._damaged()
            self.tensors[name] = StoredTensor(kind, shape, start + offset, size)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _string(self) -> str:
        (size,) = self._take("<Q")
        text = self._data[self._at : self._at + size].decode()
        self._at += size
        return text

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._take("<" + _SCALARS[kind])[0]
        item, count = self._take("<IQ")
        if item in _SCALARS:
            return list(self._take(f"<{count}{_SCALARS[item]}"))
        return [self._value(item) for _ in range(count)]

    def _damaged(self) -> BuildError:
        return BuildError(
            f"{self._path.name} is no GGUF file that can be converted.", "Remove it and run this again."
        )
