"""
Moonshine tiny from its authors' package, where it lies for ONNX Runtime, to the GGUF that transcribe.cpp
reads.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from ..base import BuildError
from .gguf import F32, Tensor, gguf
from .ort import OrtModel
from .quantised import q8_0

_LAYERS, _WIDTH, _HEADS, _INNER, _VOCABULARY = 6, 288, 8, 1152, 32768
# The longest answer in tokens.
_LONGEST = 194
_CONTROL, _NORMAL, _BYTE = 3, 1, 6
# After <unk>, <s> and </s>, the tokens of single bytes.
_BYTES = range(3, 259)


def moonshine(encoder: bytes, decoder: bytes, tokenizer: bytes) -> bytes:
    """
    The GGUF, from `encoder_model.ort`, `decoder_model_merged.ort` and `tokenizer.bin`. Weights of 8 bits stay
    what they are, those of the convolutions stay F32, which is fastest. Raises BuildError for another model.
    """
    try:
        tensors = {**_encoder(_Graph(encoder)), **_decoder(_Graph(decoder))}
        return gguf(_values(list(_tokens(tokenizer))), tensors)
    except (KeyError, StopIteration, IndexError) as error:
        raise BuildError(f"This is another Moonshine: {error}.", "Correct the pin of its package.") from error


class _Graph:
    def __init__(self, data: bytes) -> None:
        self._model = OrtModel(data)
        self._nodes = {node.name: node for node in self._model.nodes}

    def plain(self, name: str, shape: tuple[int, ...] | None = None) -> Tensor:
        weight = self._model.weights[name]
        return Tensor(F32, shape or weight.shape, weight.data)

    def kernel(self, name: str) -> Tensor:
        """A convolution's, whose channels our engine wants innermost."""
        weight = self._model.weights[name]
        outputs, channels, length = weight.shape
        numbers = weight.numbers
        size = channels * length
        turned = (
            number
            for start in range(0, outputs * size, size)
            for place in range(length)
            for number in numbers[start + place : start + size : length]
        )
        return Tensor(F32, (outputs, length, channels), struct.pack(f"<{len(numbers)}f", *turned))

    def first(self, pattern: str) -> Tensor:
        name = next(name for name in self._model.weights if re.fullmatch(pattern, name))
        return self.plain(name, (_WIDTH,))

    def norm(self, node: str) -> Tensor:
        return self.plain(self._nodes[node].inputs[1])

    def product(self, node: str) -> Tensor:
        """The weights of a product, which ONNX has by columns and ggml by rows."""
        name = next(
            each for each in self._nodes[node].inputs if each.endswith("_quantized") and self.has(each)
        )
        weight = self._model.weights[name]
        columns = weight.shape[1]
        return self.eight_bits(name, [weight.data[column::columns] for column in range(columns)])

    def bias(self, node: str) -> Tensor:
        return self.plain(next(each for each in self._nodes[node].inputs if "bias" in each))

    def table(self, name: str) -> Tensor:
        weight = self._model.weights[name]
        width = weight.shape[1]
        rows = [weight.data[at : at + width] for at in range(0, len(weight.data), width)]
        return self.eight_bits(name, rows)

    def eight_bits(self, name: str, rows: list[bytes]) -> Tensor:
        stem = name.removesuffix("_quantized")
        [scale] = self._model.weights[f"{stem}_scale"].numbers
        [zero] = self._model.weights[f"{stem}_zero_point"].numbers
        return q8_0(rows, scale, int(zero))

    def has(self, name: str) -> bool:
        return name in self._model.weights


def _encoder(graph: _Graph) -> dict[str, Tensor]:
    tensors = {"enc.conv.0.weight": graph.plain("conv1.weight_add_tensor")}
    tensors |= {f"enc.conv.{at}.weight": graph.kernel(f"conv{at + 1}.weight_add_tensor") for at in (1, 2)}
    tensors |= {f"enc.conv.{at}.bias": graph.plain(f"conv{at + 1}.bias") for at in (1, 2)}
    tensors["enc.conv.norm.weight"] = graph.first(r"onnx::Mul_\d+")
    tensors["enc.conv.norm.bias"] = graph.first(r"onnx::Add_\d+")
    tensors["enc.final_norm.weight"] = graph.plain("layer_norm.weight")
    for layer in range(_LAYERS):
        node, name = f"/layers.{layer}", f"enc.blocks.{layer}"
        tensors[f"{name}.norm_attn.weight"] = graph.norm(f"{node}/input_layernorm/LayerNormalization")
        tensors[f"{name}.norm_ffn.weight"] = graph.norm(f"{node}/post_attention_layernorm/LayerNormalization")
        tensors |= _attention(graph, f"{node}/self_attn", f"{name}.attn")
        tensors |= _inner(graph, node, name)
    return tensors


def _decoder(graph: _Graph) -> dict[str, Tensor]:
    tensors = {
        "dec.token_embd.weight": graph.table("model.decoder.embed_tokens.weight_merged_0_quantized"),
        "dec.final_norm.weight": graph.norm("/model/decoder/norm/LayerNormalization"),
    }
    norms = {"input_layernorm": "self", "post_attention_layernorm": "cross", "final_layernorm": "ffn"}
    for layer in range(_LAYERS):
        node, name = f"/model/decoder/layers.{layer}", f"dec.blocks.{layer}"
        for theirs, ours in norms.items():
            tensors[f"{name}.norm_{ours}.weight"] = graph.norm(f"{node}/{theirs}/LayerNormalization")
        tensors |= _attention(graph, f"{node}/self_attn", f"{name}.self_attn")
        tensors |= _attention(graph, f"{node}/encoder_attn", f"{name}.cross_attn")
        tensors |= _inner(graph, node, name)
    return tensors


def _attention(graph: _Graph, node: str, name: str) -> dict[str, Tensor]:
    parts = {"q": "q", "k": "k", "v": "v", "o": "out"}
    return {
        f"{name}.{ours}.weight": graph.product(f"{node}/{theirs}_proj/MatMul_quant")
        for theirs, ours in parts.items()
    }


def _inner(graph: _Graph, node: str, name: str) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for part in ("fc1", "fc2"):
        tensors[f"{name}.ffn.{part}.weight"] = graph.product(f"{node}/mlp/{part}/MatMul_quant")
        tensors[f"{name}.ffn.{part}.bias"] = graph.bias(f"{node}/mlp/{part}/MatMul_quant")
    return tensors


def _values(
    tokens: list[bytes],
) -> dict[str, str | bytes | int | float | list[int] | list[bytes] | list[str] | list[float]]:
    shape = {
        f"stt.moonshine.{side}.{name}": value
        for side in ("encoder", "decoder")
        for name, value in {
            "n_layers": _LAYERS,
            "d_model": _WIDTH,
            "n_heads": _HEADS,
            "n_kv_heads": _HEADS,
            "ffn_dim": _INNER,
        }.items()
    }
    return {
        "general.architecture": "moonshine",
        "general.name": "Moonshine tiny English",
        "general.license": "mit",
        "general.languages": ["en"],
        "stt.variant": "moonshine-tiny",
        **shape,
        "stt.moonshine.encoder.activation": "gelu",
        "stt.moonshine.decoder.activation": "silu",
        "stt.moonshine.decoder.vocab_size": _VOCABULARY,
        "stt.moonshine.decoder.max_position_embeddings": _LONGEST,
        "stt.moonshine.bos_token_id": 1,
        "stt.moonshine.eos_token_id": 2,
        "stt.moonshine.pad_token_id": 2,
        "stt.moonshine.decoder_start_token_id": 1,
        "stt.moonshine.partial_rotary_factor": 0.9,
        "stt.moonshine.rope_theta": 10000.0,
        "stt.moonshine.conv_stem.channels": [_WIDTH, 2 * _WIDTH, _WIDTH],
        "stt.moonshine.conv_stem.kernel_sizes": [127, 7, 3],
        "stt.moonshine.conv_stem.strides": [64, 3, 2],
        "stt.frontend.type": "raw",
        "stt.frontend.sample_rate": 16000,
        "tokenizer.ggml.model": "bpe",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [_kind(at, token) for at, token in enumerate(tokens)],
        "tokenizer.ggml.scores": [0.0] * len(tokens),
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
    }


def _tokens(data: bytes) -> Iterator[bytes]:
    """
    Each after its length: a byte, or, from 128 on, two. Single bytes get the names that ggml has for them.
    """
    at = number = 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length += (data[at] - 1) * 128
            at += 1
        token = data[at : at + length]
        at += length
        single = number in _BYTES
        yield b"<0x%02X>" % token[0] if single else token or b"<unused%d>" % number
        number += 1


def _kind(at: int, token: bytes) -> int:
    if at < _BYTES.start:
        return _CONTROL
    return _BYTE if at in _BYTES else _NORMAL
