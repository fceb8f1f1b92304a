"""
SmolLM2's GGUF blocks as the WebLLM library wants them: the same 4 and 8 bits and the same half-precision
scales, in another order. Nothing is rounded, so both engines compute with the same weights. Plain Python:
bytes are sliced, translated and combined as whole strings, so that 98 MB take seconds.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from pathlib import Path

from ..base import BuildError
from .folder import Tensor, chat_config, tokenizer, tokenizer_config, write_weights
from .gguf import GgufFile
from .shape import LlamaShape

_GROUP = 32
_LOW_NIBBLE = bytes(byte & 15 for byte in range(256))
_LOW_TO_HIGH = bytes(byte << 4 & 0xF0 for byte in range(256))
_HIGH_NIBBLE = bytes(byte & 0xF0 for byte in range(256))
_HIGH_TO_LOW = bytes(byte >> 4 for byte in range(256))
_TO_UNSIGNED = bytes((byte + 128) % 256 for byte in range(256))
_CONTROL_TOKEN = 3


def convert(gguf_path: Path, shape: LlamaShape, system: str, folder: Path) -> None:
    """Writes everything but the library into `folder`. Raises BuildError for a GGUF of another network."""
    gguf = GgufFile(gguf_path)
    _check(gguf, shape)
    write_weights(folder, _tensors(gguf, shape))
    values = gguf.values
    kinds: list[int] = values["tokenizer.ggml.token_type"]
    special = [index for index, kind in enumerate(kinds) if kind == _CONTROL_TOKEN]
    text = tokenizer(values["tokenizer.ggml.tokens"], values["tokenizer.ggml.merges"], special)
    (folder / "tokenizer.json").write_bytes(text.encode())
    (folder / "tokenizer_config.json").write_bytes(tokenizer_config().encode())
    (folder / "mlc-chat-config.json").write_bytes(chat_config(shape, system).encode())


def pack_q4_1(blocks: bytes, inputs: int) -> tuple[bytes, bytes]:
    """
    Q4_1 blocks of rows of `inputs` weights → (words [inputs / 8, rows] of 8 weights each, the first in the
    lowest bits; scales [inputs / 32, rows], scale below minimum).
    A block: half scale, half minimum, 16 bytes whose low nibbles are weights 0-15, the high ones 16-31.
    """
    count = len(blocks) // 20
    scales, nibbles = _split_blocks(blocks, 4, 20)
    even, odd = nibbles[0::2], nibbles[1::2]
    first = _either(even.translate(_LOW_NIBBLE), odd.translate(_LOW_TO_HIGH))
    second = _either(even.translate(_HIGH_TO_LOW), odd.translate(_HIGH_NIBBLE))
    # A block's 32 weights: 8 bytes of the first half, then 8 of the second.
    halves = array("Q", bytes(16 * count))
    halves[0::2], halves[1::2] = array("Q", first), array("Q", second)
    words = array("I", halves.tobytes())
    return _turned(words, inputs // 8), _turned(array("I", scales), inputs // _GROUP)


def pack_q8_0(blocks: bytes, inputs: int) -> tuple[bytes, bytes]:
    """
    Q8_0 blocks of rows of `inputs` weights → (words [inputs / 4, rows] of 4 weights + 128 each; scales
    [inputs / 64, rows], two to a word). A block: half scale, 32 signed bytes.
    """
    scales, weights = _split_blocks(blocks, 2, 34)
    words = array("I", weights.translate(_TO_UNSIGNED))
    return _turned(words, inputs // 4), _turned(array("I", scales), inputs // (2 * _GROUP))


def _split_blocks(blocks: bytes, head: int, size: int) -> tuple[bytes, bytes]:
    """Heads and bodies of blocks of `size` bytes, each in one string."""
    halves = array("H", blocks)
    per_block, per_head = size // 2, head // 2
    heads = array("H", bytes(len(halves) // per_block * head))
    bodies = array("H", bytes(len(blocks) - len(heads) * 2))
    for i in range(per_head):
        heads[i::per_head] = halves[i::per_block]
    for i in range(per_block - per_head):
        bodies[i :: per_block - per_head] = halves[per_head + i :: per_block]
    return heads.tobytes(), bodies.tobytes()


def _either(first: bytes, second: bytes) -> bytes:
    """Bitwise or."""
    both = int.from_bytes(first, sys.byteorder) | int.from_bytes(second, sys.byteorder)
    return both.to_bytes(len(first), sys.byteorder)


def _turned(words: array[int], width: int) -> bytes:
    """[rows, width] → [width, rows]."""
    return b"".join(words[column::width].tobytes() for column in range(width))


def _tensors(gguf: GgufFile, shape: LlamaShape) -> Iterator[Tensor]:
    yield from _matrix(gguf, "embedding", ["token_embd"], shape)
    for layer in range(shape.layers):
        ours, theirs = f"layers.{layer}", f"blk.{layer}"
        yield _norm(gguf, f"{ours}.norm_attention.weight", f"{theirs}.attn_norm.weight")
        yield _norm(gguf, f"{ours}.norm_inner.weight", f"{theirs}.ffn_norm.weight")
        for name, parts in (
            ("qkv", ["attn_q", "attn_k", "attn_v"]),
            ("out", ["attn_output"]),
            ("gate_up", ["ffn_gate", "ffn_up"]),
            ("down", ["ffn_down"]),
        ):
            yield from _matrix(gguf, f"{ours}.{name}", [f"{theirs}.{part}" for part in parts], shape)
    yield _norm(gguf, "norm.weight", "output_norm.weight")


def _matrix(gguf: GgufFile, name: str, parts: list[str], shape: LlamaShape) -> Iterator[Tensor]:
    inputs, outputs, kind = shape.matrix_shapes()[name]
    blocks = b"".join(_rows(gguf, f"{part}.weight", kind, shape) for part in parts)
    words, scales = (pack_q4_1 if kind == "q4_1" else pack_q8_0)(blocks, inputs)
    for leaf, data in (("weights", words), ("scales", scales)):
        yield Tensor(f"{name}.{leaf}", (len(data) // 4 // outputs, outputs), "uint32", data)


def _rows(gguf: GgufFile, name: str, kind: str, shape: LlamaShape) -> bytes:
    stored = gguf.tensors[name]
    if stored.kind != kind:
        raise BuildError(f"{name} is {stored.kind}, not {kind}.", "Compile a library for it.")
    data = gguf.data(name)
    if not name.endswith(("attn_q.weight", "attn_k.weight")):
        return data
    # llama.cpp rotates neighbouring pairs, TVM the two halves of a head: its rows 0, 2, 4, …, 1, 3, 5, …
    rows = stored.shape[0]
    size = len(data) // rows
    order = (
        head * shape.head_width + pair * 2 + half
        for head in range(rows // shape.head_width)
        for half in (0, 1)
        for pair in range(shape.head_width // 2)
    )
    return b"".join(data[row * size : (row + 1) * size] for row in order)


def _norm(gguf: GgufFile, name: str, stored: str) -> Tensor:
    return Tensor(name, gguf.tensors[stored].shape, "float32", gguf.data(stored))


def _check(gguf: GgufFile, shape: LlamaShape) -> None:
    values = gguf.values
    wanted = {
        "general.architecture": "llama",
        "llama.block_count": shape.layers,
        "llama.embedding_length": shape.hidden,
        "llama.feed_forward_length": shape.inner,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.kv_heads,
        "llama.rope.dimension_count": shape.head_width,
        "llama.rope.freq_base": float(shape.rope_theta),
        "llama.vocab_size": shape.vocabulary,
    }
    wrong = {key: values.get(key) for key, value in wanted.items() if values.get(key) != value}
    if wrong:
        raise BuildError(f"The GGUF is of another network: {wrong}.", "Compile a library for it.")
