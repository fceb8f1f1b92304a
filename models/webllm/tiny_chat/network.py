"""tiny-chat's network in numpy, forwards and backwards: what training needs, and nothing of a framework."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.shape import LlamaShape

Array = NDArray[np.float32]
Weights = dict[str, Array]


def initial_weights(shape: LlamaShape, random: np.random.Generator) -> Weights:
    """Matrices [outputs, inputs] and norms by name, as `matrix_shapes()` calls them."""
    weights: Weights = {}
    for name, (inputs, outputs, _) in shape.matrix_shapes().items():
        spread = 0.3 if name == "embedding" else inputs**-0.5
        weights[name] = (random.standard_normal((outputs, inputs)) * spread).astype(np.float32)
    norms = [f"layers.{i}.norm_{part}" for i in range(shape.layers) for part in ("attention", "inner")]
    return weights | {name: np.ones(shape.hidden, np.float32) for name in [*norms, "norm"]}


def loss_and_gradients(
    shape: LlamaShape, weights: Weights, ids: NDArray, mask: Array
) -> tuple[float, Weights]:
    """
    Mean cross-entropy of predicting `ids[:, 1:]` from what is before, where `mask` [batch, n] is 1 for the
    predicted token, and its gradient for every weight.
    """
    tape = _Forward(shape, weights, ids[:, :-1])
    targets, wanted = ids[:, 1:], mask[:, 1:] / mask[:, 1:].sum()
    scores = tape.logits - tape.logits.max(-1, keepdims=True)
    odds = np.exp(scores)
    sums = odds.sum(-1, keepdims=True)
    picked = np.take_along_axis(scores, targets[..., None], -1)[..., 0] - np.log(sums[..., 0])
    gradient = odds / sums
    np.put_along_axis(
        gradient, targets[..., None], np.take_along_axis(gradient, targets[..., None], -1) - 1, -1
    )
    return float(-(picked * wanted).sum()), tape.backward(gradient * wanted[..., None])


class _Forward:
    """One pass over a batch; it remembers what `backward` needs."""

    def __init__(self, shape: LlamaShape, weights: Weights, ids: NDArray) -> None:
        self.shape, self.weights, self.ids = shape, weights, ids
        n = ids.shape[1]
        self.cos, self.sin = _rotation(shape, n)
        self.hidden_future = np.triu(np.full((n, n), -1e9, np.float32), 1)
        x = weights["embedding"][ids]
        self.layers = []
        for index in range(shape.layers):
            x, kept = self._layer(index, x)
            self.layers.append(kept)
        self.last, self.last_scale = _norm(x, shape.epsilon)
        self.normed = self.last * weights["norm"]
        self.logits = self.normed @ weights["embedding"].T

    def _layer(self, index: int, x: Array):
        shape, w = self.shape, self.weights
        name = f"layers.{index}."
        batch, n, _ = x.shape
        normed, scale = _norm(x, shape.epsilon)
        y = normed * w[name + "norm_attention"]
        heads = (y @ w[name + "qkv"].T).reshape(batch, n, -1, shape.head_width).transpose(0, 2, 1, 3)
        q, k, v = np.split(heads, [shape.heads, shape.heads + shape.kv_heads], 1)
        q, k = self._rotate(q), np.repeat(self._rotate(k), shape.heads // shape.kv_heads, 1)
        v = np.repeat(v, shape.heads // shape.kv_heads, 1)
        scores = q @ k.swapaxes(2, 3) * np.float32(shape.head_width**-0.5) + self.hidden_future
        odds = np.exp(scores - scores.max(-1, keepdims=True))
        odds /= odds.sum(-1, keepdims=True)
        mixed = (odds @ v).transpose(0, 2, 1, 3).reshape(batch, n, -1)
        middle = x + mixed @ w[name + "out"].T
        normed2, scale2 = _norm(middle, shape.epsilon)
        y2 = normed2 * w[name + "norm_inner"]
        gate, up = np.split(y2 @ w[name + "gate_up"].T, 2, -1)
        sigmoid = 1 / (1 + np.exp(-gate))
        inner = gate * sigmoid * up
        kept = (normed, scale, y, q, k, v, odds, mixed, normed2, scale2, y2, gate, up, sigmoid, inner)
        return middle + inner @ w[name + "down"].T, kept

    def backward(self, gradient: Array) -> Weights:
        """Gradients of all weights, from the gradient of the logits."""
        w = self.weights
        found: Weights = {"embedding": _outer(gradient, self.normed)}
        x = gradient @ w["embedding"]
        found["norm"] = (x * self.last).sum((0, 1))
        x = _norm_backward(x * w["norm"], self.last, self.last_scale)
        for index in reversed(range(self.shape.layers)):
            x = self._layer_backward(index, x, found)
        np.add.at(found["embedding"], self.ids, x)
        return found

    def _layer_backward(self, index: int, x: Array, found: Weights) -> Array:
        shape, w = self.shape, self.weights
        name = f"layers.{index}."
        normed, scale, y, q, k, v, odds, mixed, normed2, scale2, y2, gate, up, sigmoid, inner = self.layers[
            index
        ]
        batch, n, _ = x.shape
        found[name + "down"] = _outer(x, inner)
        back = x @ w[name + "down"]
        to_gate = back * up * sigmoid * (1 + gate * (1 - sigmoid))
        both = np.concatenate([to_gate, back * gate * sigmoid], -1)
        found[name + "gate_up"] = _outer(both, y2)
        back = both @ w[name + "gate_up"]
        found[name + "norm_inner"] = (back * normed2).sum((0, 1))
        x = x + _norm_backward(back * w[name + "norm_inner"], normed2, scale2)
        found[name + "out"] = _outer(x, mixed)
        back = (x @ w[name + "out"]).reshape(batch, n, shape.heads, -1).transpose(0, 2, 1, 3)
        to_v = odds.swapaxes(2, 3) @ back
        to_odds = back @ v.swapaxes(2, 3)
        to_scores = odds * (to_odds - (to_odds * odds).sum(-1, keepdims=True))
        to_scores *= np.float32(shape.head_width**-0.5)
        to_q = self._rotate(to_scores @ k, -1)
        to_k = self._rotate(self._share(to_scores.swapaxes(2, 3) @ q), -1)
        heads = np.concatenate([to_q, to_k, self._share(to_v)], 1).transpose(0, 2, 1, 3).reshape(batch, n, -1)
        found[name + "qkv"] = _outer(heads, y)
        back = heads @ w[name + "qkv"]
        found[name + "norm_attention"] = (back * normed).sum((0, 1))
        return x + _norm_backward(back * w[name + "norm_attention"], normed, scale)

    def _rotate(self, x: Array, direction: int = 1) -> Array:
        """RoPE on [batch, heads, n, width]; -1 turns back, which is its gradient."""
        first, second = np.split(x, 2, -1)
        turned = np.concatenate([-second, first], -1) * direction
        return x * self.cos + turned * self.sin

    def _share(self, x: Array) -> Array:
        """The gradient of a head that several query heads share."""
        batch, _, n, width = x.shape
        return x.reshape(batch, self.shape.kv_heads, -1, n, width).sum(2)


def _rotation(shape: LlamaShape, n: int) -> tuple[Array, Array]:
    steps = 1 / shape.rope_theta ** (np.arange(0, shape.head_width, 2) / shape.head_width)
    angles = np.tile(np.arange(n)[:, None] * steps, 2)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _norm(x: Array, epsilon: float) -> tuple[Array, Array]:
    scale = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(epsilon))
    return x * scale, scale


def _norm_backward(gradient: Array, normed: Array, scale: Array) -> Array:
    return scale * (gradient - normed * (gradient * normed).mean(-1, keepdims=True))


def _outer(gradient: Array, inputs: Array) -> Array:
    """Gradient of W in `inputs @ W.T`."""
    return gradient.reshape(-1, gradient.shape[-1]).T @ inputs.reshape(-1, inputs.shape[-1])
