"""What a batch is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A part of a branch; what is `learnt` is what the model is to say, each token with its `weight`."""

    text: str
    learnt: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Texts:
    """A prefix, and what may follow it."""

    prefix: str
    branches: Sequence[Sequence[Piece]]
