"""SmolLM2 as PyTorch computes it, in 32 bits, with the adapter beside its attention.

A batch is one row of tokens: groups, each a prefix and branches that stand side by side after it. A branch
sees the prefix and itself, so that many requests share the cost of one list of tools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from gguf.constants import GGMLQuantizationType
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn import functional

from build_steps.webllm.gguf import GgufFile

_KINDS = {"q4_1": GGMLQuantizationType.Q4_1, "q8_0": GGMLQuantizationType.Q8_0}


@dataclass(frozen=True)
class Group:
    """Where a group lies in the row, and which of its tokens sees which."""

    start: int
    end: int
    seen: Tensor


def weight(file: GgufFile, name: str) -> Tensor:
    """A tensor in 32 bits."""
    stored = file.tensors[name]
    if stored.kind == "f32":
        values = np.frombuffer(file.data(name), np.float32)
    else:
        rows = np.frombuffer(file.data(name), np.uint8).reshape(stored.shape[0], -1)
        values = dequantize(rows, _KINDS[stored.kind])
    return torch.from_numpy(np.array(values, np.float32).reshape(stored.shape))


class LowRank(nn.Module):
    """What the adapter adds to a product: `scale * up(down(x))`."""

    def __init__(self, inputs: int, outputs: int, rank: int, scale: float) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)
        self.up = nn.Parameter(torch.zeros(outputs, rank))
        self._scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(functional.linear(x, self.down), self.up * self._scale)


class Layer(nn.Module):
    """One block: attention, then the gated network."""

    def __init__(self, file: GgufFile, place: int, heads: tuple[int, int], rank: int, scale: float) -> None:
        super().__init__()
        at = f"blk.{place}."
        self._heads, self._shared = heads
        q, k, v = (weight(file, f"{at}attn_{name}.weight") for name in "qkv")
        self._sizes = [q.shape[0], k.shape[0], v.shape[0]]
        self.register_buffer("qkv", torch.cat((q, k, v)))
        self.register_buffer("out", weight(file, f"{at}attn_output.weight"))
        gate, up = (weight(file, f"{at}ffn_{name}.weight") for name in ("gate", "up"))
        self.register_buffer("gate_up", torch.cat((gate, up)))
        self.register_buffer("ffn_down", weight(file, f"{at}ffn_down.weight"))
        self.attn_norm = nn.Parameter(weight(file, f"{at}attn_norm.weight"))
        self.ffn_norm = nn.Parameter(weight(file, f"{at}ffn_norm.weight"))
        width = q.shape[1]
        self.attn_q = LowRank(width, self._sizes[0], rank, scale)
        self.attn_k = LowRank(width, self._sizes[1], rank, scale)
        self.attn_v = LowRank(width, self._sizes[2], rank, scale)
        self.attn_output = LowRank(self._sizes[0], width, rank, scale)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], groups: list[Group], epsilon: float) -> Tensor:
        h = functional.rms_norm(x, x.shape[-1:], self.attn_norm, epsilon)
        q, k, v = functional.linear(h, self.qkv).split(self._sizes, -1)
        q, k, v = q + self.attn_q(h), k + self.attn_k(h), v + self.attn_v(h)
        q = rotated(q.view(len(x), self._heads, -1), turn).transpose(0, 1)
        k = rotated(k.view(len(x), self._shared, -1), turn).transpose(0, 1)
        v = v.view(len(x), self._shared, -1).transpose(0, 1)
        times = self._heads // self._shared
        k, v = k.repeat_interleave(times, 0), v.repeat_interleave(times, 0)
        looked = [
            functional.scaled_dot_product_attention(
                q[None, :, g.start : g.end], k[None, :, g.start : g.end], v[None, :, g.start : g.end], g.seen
            )[0]
            for g in groups
        ]
        h = torch.cat(looked, 1).transpose(0, 1).reshape(len(x), -1)
        x = x + functional.linear(h, self.out) + self.attn_output(h)
        h = functional.rms_norm(x, x.shape[-1:], self.ffn_norm, epsilon)
        gate, up = functional.linear(h, self.gate_up).chunk(2, -1)
        return x + functional.linear(functional.silu(gate) * up, self.ffn_down)


class Network(nn.Module):
    """The whole model. What is trained are its parameters: the adapter, and the gains of its norms."""

    def __init__(self, file: GgufFile, rank: int, scale: float) -> None:
        super().__init__()
        values = file.values
        heads = values["llama.attention.head_count"], values["llama.attention.head_count_kv"]
        self._epsilon: float = values["llama.attention.layer_norm_rms_epsilon"]
        width = values["llama.rope.dimension_count"]
        base = values["llama.rope.freq_base"]
        self.register_buffer("embedding", weight(file, "token_embd.weight"))
        self.output_norm = nn.Parameter(weight(file, "output_norm.weight"))
        self.register_buffer("speeds", base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width))
        self.layers = nn.ModuleList(
            Layer(file, place, heads, rank, scale) for place in range(values["llama.block_count"])
        )

    def forward(self, tokens: Tensor, places: Tensor, groups: list[Group], wanted: Tensor) -> Tensor:
        """What comes next after each token of `wanted`, as logits."""
        angles = places[:, None].double() * self.speeds
        turn = angles.cos().float()[:, None], angles.sin().float()[:, None]
        x = functional.embedding(tokens, self.embedding)
        for layer in self.layers:
            x = layer(x, turn, groups, self._epsilon)
        x = functional.rms_norm(x[wanted], x.shape[-1:], self.output_norm, self._epsilon)
        return functional.linear(x, self.embedding)


def rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """With its places told: neighbours are turned together, as ggml stores them."""
    cos, sin = turn
    one, other = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((one * cos - other * sin, one * sin + other * cos), -1).flatten(-2)
