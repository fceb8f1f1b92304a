"""Pictures for training in batches, made in a process of its own. Batch n is the same in every run."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from queue import Full

import numpy as np

from .backgrounds import Pixels, background
from .camera import photograph
from .drawing import SIDE, TRAINING_FONTS, Map, Picture, draw
from .mirror import mirrored
from .scenes import Scene, any_scene, arrange

# In batches. Shapes are learned from large ones first, and long before anything else is any use.
_EASY_UNTIL, _HARDER_IN = 1500, 1000
_CANVASES = (112, 128, 160, 224)


@dataclass(frozen=True)
class Batch:
    """Pictures [n, ...], as in drawing.Picture, and their scenes."""

    number: int
    pixels: Pixels
    scenes: list[Scene]
    owner: Map
    letter: Map
    place: Map
    mask: Map
    whole: Map

    def parts(self, size: int) -> list[Batch]:
        """The batch in pieces of `size` pictures."""
        cuts = [slice(start, start + size) for start in range(0, len(self.scenes), size)]
        return [
            Batch(
                self.number * len(cuts) + index,
                self.pixels[cut],
                self.scenes[cut],
                self.owner[cut],
                self.letter[cut],
                self.place[cut],
                self.mask[cut],
                self.whole[cut],
            )
            for index, cut in enumerate(cuts)
        ]


def training_picture(chance: random.Random, pictures: Sequence[str], hardness: float = 1.0) -> Picture:
    """
    A picture of the training generator; `hardness` from 0 (large shapes, plain and clean) to 1, `pictures` to
    draw upon.
    """
    scene = any_scene(chance) if chance.random() < hardness else _easy_scene(chance)
    # Photographs without a thing are what it has to learn to refuse.
    plain = (1 - 0.8 * hardness) * (1 if scene else 0.5)
    canvas = background(chance, chance.choice(_CANVASES), pictures, plain, varied=True)
    return draw(
        chance, scene, canvas, TRAINING_FONTS, lambda image: photograph(chance, image, SIDE, hardness)
    )


def _easy_scene(chance: random.Random) -> Scene:
    return arrange(chance, chance.choice((1, 2)), digits=0, sizes=("large",))


def make(seed: int, number: int, size: int, photographs: Sequence[str]) -> Batch:
    """Batch `number`. The first ones are easier."""
    chance = random.Random(f"{seed} {number}")
    hardness = min(1.0, max(0.2, (number - _EASY_UNTIL) / _HARDER_IN))
    pictures = [training_picture(chance, photographs, hardness) for _ in range(size)]
    return Batch(
        number,
        np.stack([picture.pixels for picture in pictures]),
        [picture.scene for picture in pictures],
        np.stack([picture.owner for picture in pictures]),
        np.stack([picture.letter for picture in pictures]),
        np.stack([picture.place for picture in pictures]),
        np.stack([picture.mask for picture in pictures]),
        np.stack([picture.whole for picture in pictures]),
    )


def batches(seed: int, first: int, size: int, photographs: Sequence[str]) -> Iterator[Batch]:
    """Batches from number `first` on, without end, made ahead by another process. Odd ones are mirrored."""
    queue: Queue[Batch] = multiprocessing.get_context("spawn").Queue(8)
    maker = multiprocessing.get_context("spawn").Process(
        target=_fill, args=(queue, seed, first // 2 * 2, size, tuple(photographs), os.getpid()), daemon=True
    )
    maker.start()
    while True:
        batch = queue.get()
        yield batch
        yield _again(seed, batch)


def _again(seed: int, batch: Batch) -> Batch:
    chance = random.Random(f"{seed} {batch.number} mirrored")
    arrays = [batch.pixels, batch.letter, batch.place, batch.mask]
    scenes, (pixels, letter, place, mask), owner, whole = mirrored(
        chance, batch.scenes, arrays, batch.owner, batch.whole
    )
    return Batch(batch.number + 1, pixels, scenes, owner, letter, place, mask, whole)


def _fill(
    queue: Queue[Batch], seed: int, first: int, size: int, photographs: Sequence[str], parent: int
) -> None:
    batch = make(seed, first, size, photographs)
    while os.getppid() == parent:
        try:
            queue.put(batch, timeout=5)
        except Full:
            continue
        batch = make(seed, batch.number + 2, size, photographs)
