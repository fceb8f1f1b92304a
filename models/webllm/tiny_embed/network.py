"""tiny-embed's network in numpy, forwards and backwards: what training needs, and nothing of a framework."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.shape import EncoderShape

Array = NDArray[np.float32]
Weights = dict[str, Array]

_NEVER = np.float32(-1e9)
_STEEP = np.float32(1.702)


def initial_weights(shape: EncoderShape, random: np.random.Generator) -> Weights:
    """Matrices [outputs, inputs], tables [rows, hidden] and norms by name."""

    def normal(*sizes: int, spread: float) -> Array:
        return (random.standard_normal(sizes) * spread).astype(np.float32)

    weights: Weights = {
        "tokens": normal(shape.vocabulary, shape.hidden, spread=0.3),
        "positions": normal(shape.context, shape.hidden, spread=0.1),
    }
    for name, (inputs, outputs) in shape.matrix_shapes().items():
        weights[name] = normal(outputs, inputs, spread=inputs**-0.5)
    for name in shape.norm_names():
        weights[f"{name}.weight"] = np.ones(shape.hidden, np.float32)
        weights[f"{name}.bias"] = np.zeros(shape.hidden, np.float32)
    return weights


class Forward:
    """One pass over a batch; it remembers what `backward` needs. `vectors` [batch, hidden] have length 1."""

    def __init__(self, shape: EncoderShape, weights: Weights, ids: NDArray, mask: NDArray) -> None:
        """`mask` [batch, n] is 1 for a token and 0 for padding."""
        self.shape, self.weights, self.ids = shape, weights, ids
        self.hidden_padding = np.where(mask[:, None, None, :] > 0, np.float32(0), _NEVER)
        x = weights["tokens"][ids] + weights["positions"][: ids.shape[1]]
        x, self.first = self._norm("norm", x)
        self.layers = []
        for index in range(shape.layers):
            x, kept = self._layer(f"layers.{index}.", x)
            self.layers.append(kept)
        self.size = np.sqrt((x[:, 0] ** 2).sum(-1, keepdims=True))
        self.vectors = x[:, 0] / self.size

    def backward(self, gradient: Array) -> Weights:
        """Gradients of all weights, from the gradient of the vectors."""
        batch, n = self.ids.shape
        found: Weights = {}
        x = np.zeros((batch, n, self.shape.hidden), gradient.dtype)
        along = (gradient * self.vectors).sum(-1, keepdims=True)
        x[:, 0] = (gradient - self.vectors * along) / self.size
        for index in reversed(range(self.shape.layers)):
            x = self._layer_backward(f"layers.{index}.", x, self.layers[index], found)
        x = self._norm_backward("norm", x, self.first, found)
        found["tokens"] = np.zeros_like(self.weights["tokens"])
        np.add.at(found["tokens"], self.ids, x)
        found["positions"] = np.zeros_like(self.weights["positions"])
        found["positions"][:n] = x.sum(0)
        return found

    def _layer(self, name: str, x: Array):
        w = self.weights
        q, k, v = (self._heads(part) for part in np.split(x @ w[name + "qkv"].T, 3, -1))
        scores = q @ k.swapaxes(2, 3) * self._scale(q) + self.hidden_padding
        odds = np.exp(scores - scores.max(-1, keepdims=True))
        odds /= odds.sum(-1, keepdims=True)
        mixed = self._rows(odds @ v)
        middle, norm = self._norm(name + "norm_attention", x + mixed @ w[name + "out"].T)
        up = middle @ w[name + "up"].T
        gate = 1 / (1 + np.exp(-_STEEP * up))
        y, norm2 = self._norm(name + "norm_inner", middle + (up * gate) @ w[name + "down"].T)
        return y, (x, q, k, v, odds, mixed, norm, middle, up, gate, norm2)

    def _layer_backward(self, name: str, back: Array, kept: tuple, found: Weights) -> Array:
        w = self.weights
        x, q, k, v, odds, mixed, norm, middle, up, gate, norm2 = kept
        back = self._norm_backward(name + "norm_inner", back, norm2, found)
        found[name + "down"] = _outer(back, up * gate)
        to_up = back @ w[name + "down"] * (gate + up * _STEEP * gate * (1 - gate))
        found[name + "up"] = _outer(to_up, middle)
        back = back + to_up @ w[name + "up"]
        back = self._norm_backward(name + "norm_attention", back, norm, found)
        found[name + "out"] = _outer(back, mixed)
        to_mixed = self._heads(back @ w[name + "out"])
        to_odds = to_mixed @ v.swapaxes(2, 3)
        to_scores = odds * (to_odds - (to_odds * odds).sum(-1, keepdims=True)) * self._scale(q)
        parts = (to_scores @ k, to_scores.swapaxes(2, 3) @ q, odds.swapaxes(2, 3) @ to_mixed)
        to_qkv = np.concatenate([self._rows(part) for part in parts], -1)
        found[name + "qkv"] = _outer(to_qkv, x)
        return back + to_qkv @ w[name + "qkv"]

    def _norm(self, name: str, x: Array):
        centred = x - x.mean(-1, keepdims=True)
        scale = 1 / np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(self.shape.epsilon))
        normed = centred * scale
        return normed * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"], (normed, scale)

    def _norm_backward(self, name: str, back: Array, kept: tuple[Array, Array], found: Weights) -> Array:
        normed, scale = kept
        found[f"{name}.weight"] = (back * normed).sum((0, 1))
        found[f"{name}.bias"] = back.sum((0, 1))
        back = back * self.weights[f"{name}.weight"]
        spread = back.mean(-1, keepdims=True) + normed * (back * normed).mean(-1, keepdims=True)
        return scale * (back - spread)

    def _heads(self, x: Array) -> Array:
        batch, n, _ = x.shape
        return x.reshape(batch, n, self.shape.heads, -1).transpose(0, 2, 1, 3)

    def _rows(self, x: Array) -> Array:
        batch, _, n, _ = x.shape
        return x.transpose(0, 2, 1, 3).reshape(batch, n, -1)

    def _scale(self, q: Array) -> np.float32:
        return np.float32(q.shape[-1] ** -0.5)


def _outer(gradient: Array, inputs: Array) -> Array:
    """Gradient of W in `inputs @ W.T`."""
    return gradient.reshape(-1, gradient.shape[-1]).T @ inputs.reshape(-1, inputs.shape[-1])
