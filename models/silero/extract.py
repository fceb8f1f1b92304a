"""
Silero's voice activity network, taken out of its ONNX file: the weights for 16 kHz, one after the other as
32-bit floats, in the order in which workers/activity/silero.ts reads them.

    npm pack @ricky0123/vad-web@0.0.31
    python3 models/silero/extract.py ricky0123-vad-web-0.0.31.tgz

It takes no package besides Python's own: of ONNX (protocol buffers) it reads only where a tensor's name and
bytes lie.
"""

from __future__ import annotations

import hashlib
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

_MEMBER = "package/dist/silero_vad_v6.onnx"
_SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
# Of the branch that is taken for 16 kHz; the other is for 8 kHz.
_PREFIX = b"If_0_then_branch__Inline_0__"
_TENSORS = {
    "stft.forward_basis_buffer": 258 * 256,
    **{
        f"encoder.{layer}.reparam_conv.{part}": size
        for layer, (outputs, inputs) in enumerate([(128, 129), (64, 128), (64, 64), (128, 64)])
        for part, size in (("weight", outputs * inputs * 3), ("bias", outputs))
    },
    **{f"decoder.rnn.weight_{way}": 512 * 128 for way in ("ih", "hh")},
    **{f"decoder.rnn.bias_{way}": 512 for way in ("ih", "hh")},
    "decoder.decoder.2.weight": 128,
    "decoder.decoder.2.bias": 1,
}
# Numbers of fields in onnx.proto.
_MODEL_GRAPH, _GRAPH_NODE, _NODE_OUTPUT, _NODE_ATTRIBUTE = 7, 1, 2, 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _TENSOR_RAW = 5, 6, 9


def main() -> None:
    with tarfile.open(sys.argv[1]) as package:
        member = package.extractfile(_MEMBER)
        onnx = member.read() if member else b""
    if hashlib.sha256(onnx).hexdigest() != _SHA256:
        raise SystemExit(f"{_MEMBER} is not the file that was looked at: expected sha256 {_SHA256}")
    (graph,) = _fields(onnx, _MODEL_GRAPH)
    found = dict(_constants(graph))
    weights = b""
    for name, size in _TENSORS.items():
        tensor = found[_PREFIX + name.encode()]
        if len(tensor) != size * 4:
            raise SystemExit(f"{name} has {len(tensor)} bytes, not {size * 4}")
        weights += tensor
    target = Path(__file__).with_name("silero-vad.bin")
    target.write_bytes(weights)
    print(f"{target.name}: {len(weights)} bytes, sha256 {hashlib.sha256(weights).hexdigest()}")


def _constants(graph: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and the bytes of every constant, those of inner graphs too."""
    for node in _fields(graph, _GRAPH_NODE):
        output = next(_fields(node, _NODE_OUTPUT), b"")
        for attribute in _fields(node, _NODE_ATTRIBUTE):
            for tensor in _fields(attribute, _ATTRIBUTE_TENSOR):
                for raw in _fields(tensor, _TENSOR_RAW):
                    yield output, raw
            for inner in _fields(attribute, _ATTRIBUTE_GRAPH):
                yield from _constants(inner)


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """The values of a length-delimited field."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            _, at = _varint(message, at)
        elif kind == 2:
            length, at = _varint(message, at)
            if number == wanted:
                yield message[at : at + length]
            at += length
        else:
            at += {1: 8, 5: 4}[kind]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


if __name__ == "__main__":
    main()
