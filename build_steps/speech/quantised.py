"""Weights of 8 bits as ONNX keeps them, in ggml's form Q8_0."""

from __future__ import annotations

import struct

from ..base import BuildError
from .gguf import Q8_0, Tensor

_BLOCK = 32


def q8_0(rows: list[bytes], scale: float, zero: int) -> Tensor:
    """
    Weights `(byte - zero) * scale`. A block of ggml's has a scale of its own and 32 signed bytes, so that
    these are taken as they are; only a block that holds one which needs 9 bits is rounded anew.
    """
    width = len(rows[0])
    if width % _BLOCK:
        raise BuildError(f"{width} weights in a row are no whole blocks.", "Choose another form for it.")
    signed = bytes((byte - zero) & 0xFF for byte in range(256))
    least, most = max(0, zero - 127), min(255, zero + 127)
    usual = struct.pack("<e", scale)
    blocks: list[bytes] = []
    for row in rows:
        for start in range(0, width, _BLOCK):
            block = row[start : start + _BLOCK]
            if max(block) <= most and min(block) >= least:
                blocks += (usual, block.translate(signed))
            else:
                reach = max(zero - min(block), max(block) - zero)
                rounded = (round((byte - zero) * 127 / reach) for byte in block)
                blocks += (struct.pack("<e", scale * reach / 127), struct.pack("<32b", *rounded))
    return Tensor(Q8_0, (len(rows), width), b"".join(blocks))


def q8_0_of_f16(data: bytes) -> bytes:
    """
    The same for weights of 16 bits, as ggml's own quantiser does it: the largest of a block becomes 127.
    """
    return _quantised(data, struct.Struct("<32e"))


def q8_0_of_f32(data: bytes) -> bytes:
    """The same for weights of 32 bits."""
    return _quantised(data, struct.Struct("<32f"))


def _quantised(data: bytes, form: struct.Struct) -> bytes:
    if len(data) % form.size:
        raise BuildError("These weights are no whole blocks.", "Choose another form for them.")
    blocks: list[bytes] = []
    for block in form.iter_unpack(data):
        scale = max(max(block), -min(block)) / 127
        if scale == 0:
            blocks.append(bytes(2 + _BLOCK))
            continue
        blocks.append(struct.pack("<e32b", scale, *[round(weight / scale) for weight in block]))
    return b"".join(blocks)
