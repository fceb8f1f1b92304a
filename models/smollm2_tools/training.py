"""Trains the adapter: `python -m models.smollm2_tools.training SCRATCH MODEL [--minutes N] [--from ADAPTER]`.

Workers of one thread each take the next group, reckon its gradient and add it to what they share; none waits
for another, for on a machine with other work one of them is always late. A training that was cut goes on from
its checkpoint.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, multiprocessing
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from build_steps.webllm.gguf import GgufFile
from models.smollm2_tools.adapter import RANK, SCALE, adapter_into
from models.smollm2_tools.batches import batch
from models.smollm2_tools.network import Network
from models.smollm2_tools.supply import Supply
from models.smollm2_tools.tokens import tokenizer_of

_SEED, _BRANCHES = 1, 14
_RATE, _GAIN_RATE = 2e-3, 1e-4
_WARM_STEPS, _FALL = 15, 0.36
_BETAS, _DECAY, _LONGEST_STEP = (0.9, 0.98), 0.01, 1.0
_KEPT_MEAN = 0.97
_SAVE_S = 120
_ROWS = ("weights", "mean", "first", "second")


@dataclass
class Shared:
    """What all workers hold: the weights, their running mean and Adam's moments; groups taken, and steps."""

    state: Tensor
    rates: Tensor
    counts: Any
    lock: Any
    began: float
    before: float
    whole: float

    def trained(self) -> float:
        """Seconds so far, of this run and those before it."""
        return self.before + time.time() - self.began

    def rate(self) -> float:
        """Of the highest rate how much: it rises first and falls to nothing at the end."""
        rest = max(0.0, 1 - self.trained() / self.whole)
        return min(1.0, (self.counts[1] + 1) / _WARM_STEPS, rest / _FALL)

    def step(self, gradient: Tensor) -> float:
        """One step of AdamW along `gradient`; returns its length."""
        weights, mean, first, second = self.state
        long = float(gradient.norm())
        gradient = gradient * min(1.0, _LONGEST_STEP / (long + 1e-6))
        with self.lock:
            self.counts[1] += 1
            number = self.counts[1]
            rates = self.rates * self.rate()
            first.lerp_(gradient, 1 - _BETAS[0])
            second.lerp_(gradient * gradient, 1 - _BETAS[1])
            sizes = (second / (1 - _BETAS[1] ** number)).sqrt_().add_(1e-8)
            weights.sub_(rates * (first / (1 - _BETAS[0] ** number) / sizes))
            # Only the adapter is drawn to nothing; gains stay where they are.
            weights.mul_(1 - (rates >= rates.max()) * rates * _DECAY)
            mean.lerp_(weights, max(1 - _KEPT_MEAN, 1 / number))
        return long


def worker(rank: int, model: Path, scratch: Path, shared: Shared) -> None:
    """Takes groups until the time is over."""
    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    file = GgufFile(model)
    tokenizer = tokenizer_of(file)
    network = Network(file, RANK, SCALE)
    supply = Supply(_SEED, _BRANCHES)
    saved = time.time()
    while shared.trained() < shared.whole:
        with shared.lock:
            number = shared.counts[0]
            shared.counts[0] += 1
            vector_to_parameters(shared.state[0].clone(), network.parameters())
        one = batch([supply.group(number)], tokenizer)
        logits = network(one.tokens, one.places, one.groups, one.wanted)
        loss = one.loss(logits)
        gradient = parameters_to_vector(torch.autograd.grad(loss, list(network.parameters())))
        long = shared.step(gradient)
        right = (logits.argmax(-1) == one.targets).float().mean()
        with (scratch / "log.txt").open("a") as log:
            print(
                f"{shared.counts[1]} {shared.trained():.0f} s loss {loss:.4f} right {right:.3f}"
                f" length {long:.2f}"
                f" rate {shared.rate():.2f} tokens {len(one.tokens)} worker {rank}",
                file=log,
            )
        if rank == 0 and time.time() - saved > _SAVE_S:
            saved = time.time()
            save(scratch, shared)
    if rank == 0:
        save(scratch, shared)


def save(scratch: Path, shared: Shared) -> None:
    """Writes the checkpoint, whole or not at all."""
    with shared.lock:
        kept = dict(zip(_ROWS, shared.state.clone(), strict=True))
        kept |= {"counts": list(shared.counts), "seconds": shared.trained()}
    torch.save(kept, scratch / "part")
    (scratch / "part").rename(scratch / "checkpoint.pt")


def main() -> None:
    """Begins, or goes on."""
    asked = argparse.ArgumentParser()
    asked.add_argument("scratch", type=Path)
    asked.add_argument("model", type=Path)
    asked.add_argument("--minutes", type=float, default=180)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--from", dest="adapter", type=Path)
    given = asked.parse_args()
    given.scratch.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(_SEED)
    network = Network(GgufFile(given.model), RANK, SCALE)
    if given.adapter:
        adapter_into(network, given.adapter)
    weights = parameters_to_vector(network.parameters()).detach()
    state = torch.stack((weights, weights, torch.zeros_like(weights), torch.zeros_like(weights)))
    kinds = [
        torch.full((one.numel(),), _RATE if one.dim() > 1 else _GAIN_RATE) for one in network.parameters()
    ]
    counts, before = [0, 0], 0.0
    kept = given.scratch / "checkpoint.pt"
    if kept.is_file():
        found = torch.load(kept)
        state = torch.stack([found[name] for name in _ROWS])
        counts, before = found["counts"], found["seconds"]
    multiprocessing.set_start_method("spawn", force=True)
    shared = Shared(
        state.share_memory_(),
        torch.cat(kinds).share_memory_(),
        multiprocessing.Array("q", counts, lock=False),
        multiprocessing.Lock(),
        time.time(),
        before,
        given.minutes * 60,
    )
    multiprocessing.spawn(worker, (given.model, given.scratch, shared), nprocs=given.workers)


if __name__ == "__main__":
    main()
