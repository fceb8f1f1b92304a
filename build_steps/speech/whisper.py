"""
Whisper from CTranslate2's form, as a package on PyPI holds it, to the file of whisper.cpp that our engine
reads.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

from ..base import BuildError
from .gguf import F16, F32, Q8_0
from .quantised import q8_0_of_f16

_MAGIC = 0x67676D6C
# whisper.cpp's number for "most weights are Q8_0", with the version of that form.
_FORM = 7 + 2000
_AUDIO_CONTEXT, _TEXT_CONTEXT, _MELS, _FFT, _RATE = 1500, 448, 80, 400, 16000
_TEXT_TOKENS = 50257
_FLOAT16 = 4


class _Stored(NamedTuple):
    """F16, the outermost dimension first."""

    shape: tuple[int, ...]
    data: bytes


def whisper(first: bytes, second: bytes, vocabulary: bytes) -> bytes:
    """
    The file, from the two parts of `model.bin` and `vocabulary.txt`. Products get 8 bits (Q8_0), convolutions
    stay F16. Raises BuildError for another model.
    """
    try:
        stored = dict(_stored(first + second))
        heads = stored["encoder/num_heads"].data[0]
        tensors = dict(_renamed(stored))
    except (KeyError, struct.error, IndexError) as error:
        raise BuildError(f"This is another Whisper: {error}.", "Correct the pin of its package.") from error
    vocabulary_size, width = tensors["decoder.token_embedding.weight"].shape
    layers = len({name.split(".")[2] for name in tensors if name.startswith("encoder.blocks.")})
    sizes = (
        vocabulary_size,
        _AUDIO_CONTEXT,
        width,
        heads,
        layers,
        _TEXT_CONTEXT,
        width,
        heads,
        layers,
        _MELS,
    )
    parts = [struct.pack("<I11i", _MAGIC, *sizes, _FORM), _filters(), *_tokens(vocabulary)]
    for name, tensor in tensors.items():
        parts += _tensor(name, tensor)
    return b"".join(parts)


def _stored(data: bytes) -> Iterator[tuple[str, _Stored]]:
    """
    The variables of a `model.bin` of CTranslate2 6: names, shapes and F16 (or, of settings, a single number).
    """
    at = 0

    def take(layout: str) -> tuple[int, ...]:
        nonlocal at
        found = struct.unpack_from("<" + layout, data, at)
        at += struct.calcsize("<" + layout)
        return found

    def text() -> str:
        nonlocal at
        (length,) = take("H")
        at += length
        return data[at - length : at - 1].decode()

    take("I")
    text()
    take("I")
    (count,) = take("I")
    for _ in range(count):
        name = text()
        (rank,) = take("B")
        shape = take(f"{rank}I")
        kind, size = take("BI")
        if rank and kind != _FLOAT16:
            raise KeyError(f"{name} of kind {kind}")
        yield name, _Stored(shape, data[at : at + size])
        at += size


def _renamed(stored: dict[str, _Stored]) -> Iterator[tuple[str, _Stored]]:
    yield "encoder.positional_embedding", stored["encoder/position_encodings/encodings"]
    yield "decoder.positional_embedding", stored["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", stored["decoder/embeddings/weight"]
    for name in ("conv1", "conv2"):
        yield f"encoder.{name}.weight", stored[f"encoder/{name}/weight"]
        bias = stored[f"encoder/{name}/bias"]
        yield f"encoder.{name}.bias", _Stored((*bias.shape, 1), bias.data)
    for side in ("encoder", "decoder"):
        layers = {name.split("/")[1] for name in stored if name.startswith(f"{side}/layer_")} - {"layer_norm"}
        for layer in range(len(layers)):
            yield from _block(
                stored, f"{side}/layer_{layer}", f"{side}.blocks.{layer}", cross=side == "decoder"
            )
    yield from _norm(stored, "encoder/layer_norm", "encoder.ln_post")
    yield from _norm(stored, "decoder/layer_norm", "decoder.ln")


def _block(
    stored: dict[str, _Stored], theirs: str, ours: str, *, cross: bool
) -> Iterator[tuple[str, _Stored]]:
    own = f"{theirs}/self_attention"
    yield from _norm(stored, f"{own}/layer_norm", f"{ours}.attn_ln")
    yield from _joined(
        stored, f"{own}/linear_0", [f"{ours}.attn.{part}" for part in ("query", "key", "value")]
    )
    yield from _linear(stored, f"{own}/linear_1", f"{ours}.attn.out")
    if cross:
        other = f"{theirs}/attention"
        yield from _norm(stored, f"{other}/layer_norm", f"{ours}.cross_attn_ln")
        yield from _linear(stored, f"{other}/linear_0", f"{ours}.cross_attn.query")
        yield from _joined(
            stored, f"{other}/linear_1", [f"{ours}.cross_attn.{part}" for part in ("key", "value")]
        )
        yield from _linear(stored, f"{other}/linear_2", f"{ours}.cross_attn.out")
    yield from _norm(stored, f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
    yield from _linear(stored, f"{theirs}/ffn/linear_0", f"{ours}.mlp.0")
    yield from _linear(stored, f"{theirs}/ffn/linear_1", f"{ours}.mlp.2")


def _norm(stored: dict[str, _Stored], theirs: str, ours: str) -> Iterator[tuple[str, _Stored]]:
    yield f"{ours}.weight", stored[f"{theirs}/gamma"]
    yield f"{ours}.bias", stored[f"{theirs}/beta"]


def _linear(stored: dict[str, _Stored], theirs: str, ours: str) -> Iterator[tuple[str, _Stored]]:
    yield f"{ours}.weight", stored[f"{theirs}/weight"]
    yield f"{ours}.bias", stored[f"{theirs}/bias"]


def _joined(stored: dict[str, _Stored], theirs: str, ours: list[str]) -> Iterator[tuple[str, _Stored]]:
    """Products that CTranslate2 does in one; whisper.cpp has no bias for keys, where it is zero."""
    weight, bias = stored[f"{theirs}/weight"], stored[f"{theirs}/bias"]
    rows = weight.shape[0] // len(ours)
    for at, name in enumerate(ours):
        size, short = len(weight.data) // len(ours), len(bias.data) // len(ours)
        yield f"{name}.weight", _Stored((rows, weight.shape[1]), weight.data[at * size : (at + 1) * size])
        part = bias.data[at * short : (at + 1) * short]
        if not name.endswith(".key"):
            yield f"{name}.bias", _Stored((rows,), part)
        elif any(struct.unpack(f"<{rows}e", part)):
            raise KeyError(f"{theirs} has a bias for its keys")


def _tensor(name: str, tensor: _Stored) -> list[bytes]:
    weights = len(tensor.shape) >= 2 and not name.endswith(".bias") and "positional" not in name
    if not weights:
        count = len(tensor.data) // 2
        kind, data = F32, struct.pack(f"<{count}f", *struct.unpack(f"<{count}e", tensor.data))
    elif "conv" in name:
        kind, data = F16, tensor.data
    else:
        kind, data = Q8_0, q8_0_of_f16(tensor.data)
    text = name.encode()
    head = struct.pack("<3i", len(tensor.shape), len(text), kind)
    return [head, struct.pack(f"<{len(tensor.shape)}i", *reversed(tensor.shape)), text, data]


def _tokens(vocabulary: bytes) -> list[bytes]:
    """Each token's bytes after its length; the file spells bytes as GPT-2 does, one letter for each."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {chr(byte): byte for byte in shown} | {chr(256 + at): byte for at, byte in enumerate(hidden)}
    tokens = vocabulary.decode().split("\n")[:_TEXT_TOKENS]
    spelled = (bytes(letters[letter] for letter in token) for token in tokens)
    return [struct.pack("<i", len(tokens)), *(struct.pack("<i", len(token)) + token for token in spelled)]


def _filters() -> bytes:
    """Slaney's mel filters, which Whisper was trained with."""
    linear, step = 200 / 3, math.log(6.4) / 27

    def hertz(mel: float) -> float:
        return mel * linear if mel < 15 else 1000 * math.exp(step * (mel - 15))

    most = 15 + math.log(_RATE / 2 / 1000) / step
    edges = [hertz(most * at / (_MELS + 1)) for at in range(_MELS + 2)]
    bins = _FFT // 2 + 1
    values: list[float] = []
    for low, middle, high in zip(edges, edges[1:], edges[2:], strict=False):
        for at in range(bins):
            frequency = at * _RATE / _FFT
            rise, fall = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
            values.append(max(0.0, min(rise, fall)) * 2 / (high - low))
    return struct.pack(f"<2i{len(values)}f", _MELS, bins, *values)
