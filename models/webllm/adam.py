"""Adam (Kingma and Ba, 2014) with a warm-up and a cosine schedule, for the trainings of our tiny models."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]


class Adam:
    """Changes `weights` in place. `rate` is the highest, after `warm_up` of the `steps`."""

    def __init__(self, weights: Weights, *, rate: float, warm_up: int, steps: int) -> None:
        self._weights = weights
        self._rate, self._warm_up, self._steps = rate, warm_up, steps
        self._mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self._square = {name: np.zeros_like(value) for name, value in weights.items()}

    def step(self, number: int, gradients: Weights) -> None:
        """Takes step `number`, counted from 1."""
        cosine = 0.5 * (1 + math.cos(math.pi * number / self._steps))
        rate = self._rate * min(1, number / self._warm_up) * cosine
        for name, gradient in gradients.items():
            mean, square = self._mean[name], self._square[name]
            mean += 0.1 * (gradient - mean)
            square += 0.01 * (gradient * gradient - square)
            size = rate / (1 - 0.9**number) * (1 - 0.99**number) ** 0.5
            self._weights[name] -= np.float32(size) * mean / (np.sqrt(square) + 1e-8)
