"""
`python -m models.scene_vlm.training FOLDER [--minutes N]`: trains scene-vlm, or goes on where it was cut.

The schedule follows the time that was trained, so that it fits any machine; data and first weights follow
from the seed. FOLDER holds photographs/*/*.jpg and gets checkpoint.pt, log.txt and, every few minutes, the
two GGUF files.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .backgrounds import TRAINING_PICTURES
from .evaluate import quick_figures
from .export import write_pair
from .hints import Hints
from .muon import Muon
from .network import SceneVlm
from .supply import Batch, batches
from .tokens import tokeniser
from .workers import Worker, gather

SEED = 1
MINUTES = 118.0
_BATCH = 48
_PIECE = 8
_WORKERS = 2
# Until then it only learns to see: the text model has nothing to read before.
_SIGHT_ONLY = 0.33
_RATE, _RATE_REST = 1.5e-3, 1e-3
_WARM_UP = 100
# From here on the rates fall. The state before it is kept, since training can go on from there for longer.
_PLATEAU = 0.65
_KEEP_EVERY = 120.0
_SAY_EVERY = 50
_SHOW_EVERY = 900.0
_SHOW_EACH = 30
_LANDSCAPES = "endless-sky-data"
_NEAR = 3


class Trainer:
    """Network, optimisers and how far they are."""

    def __init__(self, folder: Path, minutes: float) -> None:
        self.folder, self.budget = folder, minutes * 60
        self.photographs = _photographs(folder / "photographs")
        torch.manual_seed(SEED)
        self.model = SceneVlm(tokeniser().get_vocab_size())
        self.hints = Hints(self.model.shape.sight_width)
        self.optimisers = _optimisers(self.model, self.hints)
        self.parameters = [*self.model.parameters(), *self.hints.parameters()]
        self.workers = [Worker(self.model, self.hints, SEED) for _ in range(_WORKERS)]
        self.pool = ThreadPoolExecutor(_WORKERS, initializer=torch.set_num_threads, initargs=(1,))
        self.step, self.seconds, self.number, self.stopped = 0, 0.0, 0, False
        signal.signal(signal.SIGTERM, self._stop)
        kept = folder / "checkpoint.pt"
        if kept.exists():
            self._load(torch.load(kept, weights_only=True))

    def run(self) -> None:
        """Trains until the time is used up."""
        shown = self.seconds
        recent: list[dict[str, float]] = []
        supply = batches(SEED, self.number, _BATCH, self.photographs)
        last = kept = time.monotonic()
        for batch in supply:
            right = self._train(batch)
            now = time.monotonic()
            self.seconds += now - last
            last = now
            self.step, self.number = self.step + 1, batch.number + 1
            recent.append(right)
            if self.step % _SAY_EVERY == 0:
                self._say(" ".join(f"{name} {value:.3f}" for name, value in _means(recent).items()))
                recent.clear()
            done = self.seconds >= self.budget or self.stopped
            if done or now - kept > _KEEP_EVERY:
                self._keep()
                kept = now
            if (done and not self.stopped) or self.seconds - shown > _SHOW_EVERY:
                shown = self.seconds
                if self.progress > _SIGHT_ONLY:
                    write_pair(self.model, self.folder)
                    self._say(quick_figures(self.model, _SHOW_EACH))
                last = time.monotonic()
            if done:
                return

    @property
    def progress(self) -> float:
        return min(1.0, self.seconds / self.budget)

    def _train(self, batch: Batch) -> dict[str, float]:
        """One step: the pieces of a batch are shared out to the workers, their gradients are added up."""
        self._set_rates()
        talking = self.progress > _SIGHT_ONLY
        pieces = batch.parts(_PIECE)
        waiting = iter(pieces)
        results = list(self.pool.map(lambda worker: worker.work(waiting, talking), self.workers))
        found = [right for rights in results for right in rights]
        gather(self.parameters, self.workers, len(pieces))
        nn.utils.clip_grad_norm_([weight for weight in self.parameters if weight.grad is not None], 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        return _means(found)

    def _set_rates(self) -> None:
        """Warm-up, a long plateau, then a straight fall to nearly nothing."""
        fall = max(0.0, (self.progress - _PLATEAU) / (1 - _PLATEAU))
        factor = min(1.0, (self.step + 1) / _WARM_UP) * (1 - 0.98 * fall)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * factor

    def _say(self, text: str) -> None:
        line = f"{self.seconds / 60:.1f} min, step {self.step}, {self.step * _BATCH} pictures: {text}"
        print(line, flush=True)
        with (self.folder / "log.txt").open("a") as log:
            log.write(line + "\n")

    def _stop(self, *_: object) -> None:
        """The end after this step, with a checkpoint."""
        self.stopped = True

    def _keep(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "hints": self.hints.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "seconds": self.seconds,
            "number": self.number,
        }
        torch.save(state, self.folder / "checkpoint.new")
        (self.folder / "checkpoint.new").replace(self.folder / "checkpoint.pt")
        if self.progress < _PLATEAU:
            shutil.copy(self.folder / "checkpoint.pt", self.folder / "plateau.pt")

    def _load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.hints.load_state_dict(state["hints"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.seconds, self.number = state["step"], state["seconds"], state["number"]


def _photographs(folder: Path) -> tuple[str, ...]:
    """All there are. What is near counts more than the many landscapes, where little looks like a thing."""
    far = sorted((folder.absolute() / _LANDSCAPES).glob("*.jpg"))
    near = sorted(set(folder.absolute().glob("*/*.jpg")).difference(far))
    return (*map(str, far), *((*TRAINING_PICTURES, *map(str, near)) * _NEAR))


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """The mean of each value over the rows that have it."""
    names = sorted({name for row in rows for name in row})
    values = {name: [row[name] for row in rows if name in row] for name in names}
    return {name: sum(value) / len(value) for name, value in values.items()}


def _optimisers(model: nn.Module, hints: nn.Module) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of layers, AdamW for everything else."""
    layers: list[Tensor] = []
    others: list[Tensor] = []
    for name, weight in model.named_parameters():
        (layers if weight.ndim == 2 and ".layers." in f".{name}" else others).append(weight)
    made: list[torch.optim.Optimizer] = [
        Muon(layers, _RATE),
        torch.optim.AdamW(
            [*others, *hints.parameters()], lr=_RATE_REST, betas=(0.9, 0.98), weight_decay=0.01
        ),
    ]
    for optimiser in made:
        for group in optimiser.param_groups:
            group["base"] = group["lr"]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    Trainer(options.folder, options.minutes).run()


if __name__ == "__main__":
    main()
