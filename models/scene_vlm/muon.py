"""Muon: momentum whose matrices are made orthogonal. It learns in fewer steps than AdamW alone."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

_MOMENTUM = 0.95
_DECAY = 0.02
_ROUNDS = 4
# Of the quintic Newton-Schulz iteration, from the method's description.
_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(torch.optim.Optimizer):
    """PyTorch's own one works in bfloat16, which takes most of a step on a processor without such units."""

    def __init__(self, weights: Iterable[Tensor], lr: float) -> None:
        super().__init__(list(weights), {"lr": lr})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step; matrices of the same shape are turned together."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[tuple[Tensor, Tensor]]] = {}
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["momentum"] = torch.zeros_like(weight)
                momentum: Tensor = state["momentum"]
                momentum.lerp_(weight.grad, 1 - _MOMENTUM)
                alike.setdefault(weight.shape, []).append((weight, weight.grad.lerp(momentum, _MOMENTUM)))
            for shape, pairs in alike.items():
                turned = orthogonal(torch.stack([update for _, update in pairs]))
                # So that the rates of AdamW fit: the same mean size of a step.
                rate = group["lr"] * 0.2 * max(shape) ** 0.5
                for (weight, _), update in zip(pairs, turned, strict=True):
                    weight.mul_(1 - group["lr"] * _DECAY).add_(update, alpha=-rate)


def orthogonal(x: Tensor) -> Tensor:
    """Each matrix [n, a, b] with its singular values near one."""
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(_ROUNDS):
        square = x @ x.mT
        x = _A * x + (_B * square + _C * square @ square) @ x
    return x.mT if tall else x
