"""
The networks in numpy, in single precision, straight from their files: tiny-chat's shards, or
SmolLM2's GGUF as llama.cpp reads it. Shares nothing with the compiler or with the conversion.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.gguf import GgufFile
from build_steps.webllm.shape import SMOLLM2_135M, TINY_CHAT, LlamaShape

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Reference:
    """A network: `weight` gives a matrix [outputs, inputs] or a norm by llama.cpp's name for it."""

    shape: LlamaShape
    weight: Callable[[str], Array]
    neighbours: bool
    """Whether RoPE turns neighbouring pairs (llama.cpp) instead of a head's two halves."""

    def logits(self, ids: Sequence[int], first: int = 0) -> Array:
        """Logits [tokens - first, vocabulary] after each token from index `first` on."""
        shape, weight = self.shape, self.weight
        n = len(ids)
        embedding = weight("token_embd")
        x = embedding[np.asarray(ids)]
        future = np.triu(np.full((n, n), -np.inf, np.float32), 1)
        group = shape.heads // shape.kv_heads
        for layer in range(shape.layers):
            name = f"blk.{layer}."
            y = self._norm(x, weight(name + "attn_norm"))
            q = self._rotate((y @ weight(name + "attn_q").T).reshape(n, shape.heads, -1))
            k = self._rotate((y @ weight(name + "attn_k").T).reshape(n, shape.kv_heads, -1))
            v = (y @ weight(name + "attn_v").T).reshape(n, shape.kv_heads, -1)
            mixed = np.empty((n, shape.heads, shape.head_width), np.float32)
            for head in range(shape.heads):
                scores = q[:, head] @ k[:, head // group].T * np.float32(shape.head_width**-0.5) + future
                odds = np.exp(scores - scores.max(-1, keepdims=True))
                mixed[:, head] = odds / odds.sum(-1, keepdims=True) @ v[:, head // group]
            x = x + mixed.reshape(n, -1) @ weight(name + "attn_output").T
            y = self._norm(x, weight(name + "ffn_norm"))
            gate, up = y @ weight(name + "ffn_gate").T, y @ weight(name + "ffn_up").T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ weight(name + "ffn_down").T
        return self._norm(x[first:], weight("output_norm")) @ embedding.T

    def _norm(self, x: Array, weight: Array) -> Array:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(self.shape.epsilon)) * weight

    def _rotate(self, x: Array) -> Array:
        width = self.shape.head_width
        steps = self.shape.rope_theta ** (-np.arange(0, width, 2) / width)
        angles = (np.arange(len(x))[:, None] * steps)[:, None]
        cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        pairs = (np.s_[..., 0::2], np.s_[..., 1::2])
        if not self.neighbours:
            pairs = (np.s_[..., : width // 2], np.s_[..., width // 2 :])
        turned = np.empty_like(x)
        turned[pairs[0]] = x[pairs[0]] * cos - x[pairs[1]] * sin
        turned[pairs[1]] = x[pairs[1]] * cos + x[pairs[0]] * sin
        return turned


def smollm2(gguf: Path) -> Reference:
    """SmolLM2 with every block of the GGUF dequantised."""
    file = GgufFile(gguf)
    weights: dict[str, Array] = {}
    for name, tensor in file.tensors.items():
        raw = np.frombuffer(file.data(name), np.uint8)
        weights[name.removesuffix(".weight")] = _DEQUANTISE[tensor.kind](raw).reshape(tensor.shape)
    return Reference(SMOLLM2_135M, weights.__getitem__, neighbours=True)


def read_shards(folder: Path) -> dict[str, Array]:
    """The tensors (f32) of a model by name."""
    tensors: dict[str, Array] = {}
    for shard in json.loads((folder / "tensor-cache.json").read_text())["records"]:
        data = (folder / shard["dataPath"]).read_bytes()
        for entry in shard["records"]:
            part = data[entry["byteOffset"] : entry["byteOffset"] + entry["nbytes"]]
            tensors[entry["name"]] = np.frombuffer(part, np.float32).reshape(entry["shape"])
    return tensors


def tiny_chat(folder: Path) -> Reference:
    """tiny-chat from its shards."""
    tensors = read_shards(folder)
    shape = TINY_CHAT
    weights = {"token_embd": tensors["embedding.weights"].T, "output_norm": tensors["norm.weight"]}
    queries, keys = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
    for layer in range(shape.layers):
        ours, theirs = f"layers.{layer}.", f"blk.{layer}."
        q, k, v = np.split(tensors[ours + "qkv.weights"].T, [queries, queries + keys])
        gate, up = np.split(tensors[ours + "gate_up.weights"].T, 2)
        weights |= {
            theirs + "attn_norm": tensors[ours + "norm_attention.weight"],
            theirs + "ffn_norm": tensors[ours + "norm_inner.weight"],
            theirs + "attn_q": q,
            theirs + "attn_k": k,
            theirs + "attn_v": v,
            theirs + "attn_output": tensors[ours + "out.weights"].T,
            theirs + "ffn_gate": gate,
            theirs + "ffn_up": up,
            theirs + "ffn_down": tensors[ours + "down.weights"].T,
        }
    return Reference(shape, weights.__getitem__, neighbours=False)


def _q4_1(raw: NDArray[np.uint8]) -> Array:
    blocks = raw.reshape(-1, 20)
    scale = blocks[:, 0:2].copy().view(np.float16).astype(np.float32)
    least = blocks[:, 2:4].copy().view(np.float16).astype(np.float32)
    weights = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], -1)
    return weights.astype(np.float32) * scale + least


def _q8_0(raw: NDArray[np.uint8]) -> Array:
    blocks = raw.reshape(-1, 34)
    scale = blocks[:, 0:2].copy().view(np.float16).astype(np.float32)
    return blocks[:, 2:].copy().view(np.int8).astype(np.float32) * scale


def _f32(raw: NDArray[np.uint8]) -> Array:
    return raw.view(np.float32)


_DEQUANTISE = {"f32": _f32, "q4_1": _q4_1, "q8_0": _q8_0}
