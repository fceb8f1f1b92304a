"""
tiny-embed in numpy, in single precision, straight from its shards, one text at a time and so without padding.
Shares nothing with the compiler or with the training.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.shape import TINY_EMBED

from ..bpe import Tokenizer
from .reference import read_shards

Array = NDArray[np.float32]


@dataclass(frozen=True)
class EncoderReference:
    """The network; `weights` by the names of the library."""

    weights: dict[str, Array]
    tokenizer: Tokenizer

    def tokens(self, text: str) -> list[int]:
        """With the special tokens round the text."""
        return self.tokenizer.encode(f"[CLS]{text}[SEP]")

    def vector(self, text: str) -> Array:
        """What the model makes of `text`."""
        shape, w = TINY_EMBED, self.weights
        ids = self.tokens(text)
        width = shape.hidden // shape.heads
        x = self._norm("norm", w["tokens"][ids] + w["positions"][: len(ids)])
        for layer in range(shape.layers):
            name = f"layers.{layer}."
            q, k, v = np.split(x @ w[name + "qkv.weights"], 3, axis=-1)
            mixed = np.empty_like(x)
            for head in range(shape.heads):
                part = np.s_[:, head * width : (head + 1) * width]
                scores = q[part] @ k[part].T / np.float32(width**0.5)
                odds = np.exp(scores - scores.max(-1, keepdims=True))
                mixed[part] = odds / odds.sum(-1, keepdims=True) @ v[part]
            x = self._norm(name + "norm_attention", x + mixed @ w[name + "out.weights"])
            up = x @ w[name + "up.weights"]
            x = self._norm(name + "norm_inner", x + up / (1 + np.exp(-1.702 * up)) @ w[name + "down.weights"])
        return x[0] / np.linalg.norm(x[0])

    def _norm(self, name: str, x: Array) -> Array:
        spread = np.sqrt(x.var(-1, keepdims=True) + np.float32(TINY_EMBED.epsilon))
        return (
            (x - x.mean(-1, keepdims=True)) / spread * self.weights[f"{name}.weight"]
            + self.weights[f"{name}.bias"]
        )  # fmt: skip


def tiny_embed(folder: Path) -> EncoderReference:
    """tiny-embed from its files."""
    return EncoderReference(read_shards(folder), Tokenizer(folder / "tokenizer.json"))
