"""
Gradients in several threads, each with one core. PyTorch's own threads wait for one another in every small
operation, which costs most of the time where other programs need the cores too; these wait once in a step.
"""

from __future__ import annotations

import copy
import random
import threading
from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .hints import Hints
from .network import SceneVlm, as_input
from .prompts import pack
from .supply import Batch

_SAID = 5.0
_KEPT = 30
_lock = threading.Lock()


class Worker:
    """A copy of the network with the same weights and gradients of its own."""

    def __init__(self, model: SceneVlm, hints: Hints, seed: int) -> None:
        self.seed = seed
        self.model, self.hints = copy.deepcopy(model), copy.deepcopy(hints)
        self.parameters = [*self.model.parameters(), *self.hints.parameters()]
        for own, shared in zip(self.parameters, [*model.parameters(), *hints.parameters()], strict=True):
            own.data = shared.data

    def work(self, waiting: Iterator[Batch], talking: bool) -> list[dict[str, float]]:
        """Takes pieces until none is left and adds up their gradients; returns how right it was."""
        for weight in self.parameters:
            weight.grad = None
        found: list[dict[str, float]] = []
        while True:
            with _lock:
                piece = next(waiting, None)
            if piece is None:
                return found
            # The text model costs as much as sight and learns far faster: it gets one piece in three.
            heard = talking and piece.number % 3 == 0
            kept = None if heard else self._kept(piece)
            features = self.model.sight(as_input(torch.from_numpy(piece.pixels)), kept)
            loss, right = self.hints(features, piece, kept)
            if heard:
                said, token = self._talk(features, piece)
                loss = said * _SAID + loss
                right |= {"said": said.item(), "token": token}
            loss.backward()
            found.append(right | {"loss": loss.item()})

    def _kept(self, piece: Batch) -> Tensor:
        """The patches with things, and some of the others: as much is learned in half the time."""
        owned = piece.owner.reshape(len(piece.owner), -1) > 0
        drawn = np.random.default_rng((self.seed, piece.number)).random(owned.shape)
        return torch.from_numpy(np.argsort(drawn - 0.8 * owned, 1)[:, :_KEPT])

    def _talk(self, features: Tensor, piece: Batch) -> tuple[Tensor, float]:
        """The loss of the answers to questions about the piece, and the share of right tokens."""
        asked = pack(random.Random(f"{self.seed} {piece.number} asked"), piece.scenes)
        embedding = self.model.text.embedding
        parts = [embedding(asked.start), self.model.embed(features), embedding(asked.rest)]
        hidden = self.model.text(torch.cat(parts, 1), asked.positions, asked.seen)
        learned = asked.wanted >= 0
        scores = self.model.text.scores(hidden[learned])
        wanted = asked.wanted[learned]
        return F.cross_entropy(scores, wanted), (scores.argmax(1) == wanted).float().mean().item()


def gather(shared: Sequence[nn.Parameter], workers: Sequence[Worker], pieces: int) -> None:
    """The mean of the pieces' gradients, into the shared parameters."""
    for index, weight in enumerate(shared):
        grads = [worker.parameters[index].grad for worker in workers]
        known = [grad for grad in grads if grad is not None]
        weight.grad = sum(known[1:], known[0]) / pieces if known else None
