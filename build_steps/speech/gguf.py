"""Writing a GGUF file, version 3: key-value pairs and tensors that are already as ggml stores them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ALIGNMENT = 32
F32, F16, Q8_0 = 0, 1, 8
_U32, _I32, _F32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9


@dataclass(frozen=True)
class Tensor:
    """`kind` is ggml's number of a type, `shape` has the outermost dimension first."""

    kind: int
    shape: tuple[int, ...]
    data: bytes


def gguf(values: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> bytes:
    """The file. A value is a text (or its bytes), a bool, an int, a float, or a list of one of these."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(values))]
    for key, value in values.items():
        number, content = _value(value)
        head += [_text(key), struct.pack("<I", number), content]
    at = 0
    for name, tensor in tensors.items():
        sizes = struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *reversed(tensor.shape))
        head += [_text(name), sizes, struct.pack("<IQ", tensor.kind, at)]
        at += len(_padded(tensor.data))
    return b"".join([_padded(b"".join(head)), *(_padded(tensor.data) for tensor in tensors.values())])


def _value(value: Any) -> tuple[int, bytes]:
    match value:
        case str() | bytes():
            return _STRING, _text(value)
        case bool():
            return _BOOL, struct.pack("<?", value)
        case int():
            return _U32, struct.pack("<I", value)
        case float():
            return _F32, struct.pack("<f", value)
        case _:
            return _ARRAY, _array(value)


def _array(items: Sequence[Any]) -> bytes:
    if isinstance(items[0], int):
        return struct.pack(f"<IQ{len(items)}i", _I32, len(items), *items)
    number = _value(items[0])[0]
    return struct.pack("<IQ", number, len(items)) + b"".join(_value(item)[1] for item in items)


def _text(value: str | bytes) -> bytes:
    content = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(content)) + content


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
