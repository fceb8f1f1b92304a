"""The network as llama.cpp builds it from the two files: a vision transformer, a projector, a llama."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .drawing import GRID, PATCH

TOKENS = GRID * GRID


@dataclass(frozen=True)
class Shape:
    """Widths and depths of both halves."""

    sight_width: int = 160
    sight_depth: int = 5
    sight_heads: int = 5
    sight_inner: int = 320
    text_width: int = 96
    text_depth: int = 3
    text_heads: int = 3
    text_inner: int = 256
    context: int = 512
    sight_epsilon: float = 1e-6
    text_epsilon: float = 1e-5


class SightLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, inner = shape.sight_width, shape.sight_inner
        self.heads = shape.sight_heads
        self.ln1 = nn.LayerNorm(width, shape.sight_epsilon)
        self.ln2 = nn.LayerNorm(width, shape.sight_epsilon)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.ln1(x)
        q, k, v = (_heads(part(y), self.heads) for part in (self.q, self.k, self.v))
        x = x + self.out(_joined(F.scaled_dot_product_attention(q, k, v)))
        return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh"))


class Sight(nn.Module):
    """
    Pictures [n, 3, side, side] in -1...1 to one feature for each patch; or only for the patches `kept`
    [n, k], as if the picture had no others.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, shape.sight_width, PATCH, PATCH)
        self.position = nn.Parameter(_positions(shape.sight_width))
        self.layers = nn.ModuleList(SightLayer(shape) for _ in range(shape.sight_depth))
        self.post = nn.LayerNorm(shape.sight_width, shape.sight_epsilon)

    def forward(self, pictures: Tensor, kept: Tensor | None = None) -> Tensor:
        n = pictures.shape[0]
        # A matrix product instead of a convolution: the same sums, and far faster on a processor.
        cut = pictures.view(n, 3, GRID, PATCH, GRID, PATCH).permute(0, 2, 4, 1, 3, 5).reshape(n, TOKENS, -1)
        position = self.position
        if kept is not None:
            cut, position = cut[torch.arange(n)[:, None], kept], position[kept]
        x = F.linear(cut, self.patch.weight.flatten(1), self.patch.bias) + position
        for layer in self.layers:
            x = layer(x)
        return self.post(x)


class Past:
    """Keys and values of the tokens that a layer has had."""

    def __init__(self) -> None:
        self._kept: tuple[Tensor, Tensor] | None = None

    def extended(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        if self._kept is not None:
            keys, values = torch.cat([self._kept[0], keys], 2), torch.cat([self._kept[1], values], 2)
        self._kept = keys, values
        return keys, values


class TextLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, inner = shape.text_width, shape.text_inner
        self.heads = shape.text_heads
        self.norm1 = nn.RMSNorm(width, shape.text_epsilon)
        self.norm2 = nn.RMSNorm(width, shape.text_epsilon)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(width, inner, bias=False) for _ in range(2))
        self.down = nn.Linear(inner, width, bias=False)

    def forward(
        self, x: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor | None, past: Past | None
    ) -> Tensor:
        y = self.norm1(x)
        q, k, v = (_heads(part(y), self.heads) for part in (self.q, self.k, self.v))
        q, k = _rotated(q, turn), _rotated(k, turn)
        if past is not None:
            k, v = past.extended(k, v)
        mixed = F.scaled_dot_product_attention(q, k, v, seen)
        x = x + self.out(_joined(mixed))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Text(nn.Module):
    def __init__(self, shape: Shape, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, shape.text_width)
        self.layers = nn.ModuleList(TextLayer(shape) for _ in range(shape.text_depth))
        self.norm = nn.RMSNorm(shape.text_width, shape.text_epsilon)
        self.head_width = shape.text_width // shape.text_heads

    def forward(
        self, x: Tensor, positions: Tensor, seen: Tensor | None, past: Sequence[Past] | None = None
    ) -> Tensor:
        """
        Hidden states of tokens at `positions` [n, t]. `seen` [n, t, t] says what each may attend to; without
        it that is everything, `past` included.
        """
        speeds = 10000.0 ** (-torch.arange(0, self.head_width, 2) / self.head_width)
        angles = positions[:, None, :, None] * speeds
        turn = (angles.cos(), angles.sin())
        seen = None if seen is None else seen[:, None]
        for index, layer in enumerate(self.layers):
            x = layer(x, turn, seen, past and past[index])
        return self.norm(x)

    def scores(self, hidden: Tensor) -> Tensor:
        return hidden @ self.embedding.weight.t()


class SceneVlm(nn.Module):
    def __init__(self, vocabulary: int, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape or Shape()
        self.sight = Sight(self.shape)
        self.bridge0 = nn.Linear(self.shape.sight_width, self.shape.text_width)
        self.bridge2 = nn.Linear(self.shape.text_width, self.shape.text_width)
        self.text = Text(self.shape, vocabulary)
        for name, weight in self.named_parameters():
            if weight.ndim == 2 and "position" not in name:
                small = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, 0, 0.015 if small else 0.04)

    def embed(self, features: Tensor) -> Tensor:
        """Features of patches as tokens of the text model."""
        return self.bridge2(F.gelu(self.bridge0(features), approximate="tanh"))


def as_input(pixels: Tensor) -> Tensor:
    """Bytes [n, side, side, 3] to what the network takes: mean and deviation .5, as the files say."""
    return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1


def _heads(x: Tensor, heads: int) -> Tensor:
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def _joined(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)


def _rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Rotary positions on neighbouring pairs, as llama.cpp does for "llama"."""
    cos, sin = turn
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)


def _positions(width: int) -> Tensor:
    line = torch.arange(GRID).float()
    y, x = torch.meshgrid(line, line, indexing="ij")
    speeds = 3.0 ** (-torch.arange(width // 4).float() / (width // 16))
    waves = [wave(v.reshape(-1, 1) * speeds) for v in (x, y) for wave in (torch.sin, torch.cos)]
    return cast(Tensor, torch.cat(waves, 1) * 0.3)
