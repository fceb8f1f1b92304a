"""
The held-out generator: pictures that training never makes. Other seeds, a canvas of 480 or 640 pixels with
smooth edges, other photographs, other fonts, and the camera at full size; then the runtime's own sampling.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from . import camera
from .backgrounds import Pixels, background, background_of
from .drawing import SIDE, Picture, draw
from .scenes import WORDS, Scene, arrange

PICTURES = (
    "sklearn/datasets/images/flower.jpg",
    "skimage/data/motorcycle_right.png",
    "matplotlib/mpl-data/sample_data/grace_hopper.jpg",
)
FONTS = ("STIXGeneralBol", "cmss10", "DejaVuSans-BoldOblique")
SEED = 20_261_121
_WORD_TRIES = 200


def held_out(number: int, scene: Scene, ground: str = "") -> tuple[Image.Image, Picture]:
    """Picture `number` as a file would hold it and as the network gets it, on any ground or one of KINDS."""
    chance = random.Random(f"{SEED} {number}")
    side = chance.choice((480, 640))
    shots: list[Image.Image] = []
    if ground:
        canvas = background_of(chance, side, PICTURES, ground)
    else:
        canvas = background(chance, side, PICTURES, 0.3)
    picture = draw(chance, scene, canvas, FONTS, partial(_photograph, chance, shots))
    return shots[0], picture


def scene_of(number: int, count: int, *, word: bool = False, known: bool = True) -> Scene:
    """Scene `number` with `count` things; with a word, `known` says whether it is one of WORDS."""
    chance = random.Random(f"{SEED} scene {count} {word} {known} {number}")
    for _ in range(_WORD_TRIES):
        scene = arrange(chance, count, word=word)
        if not word or any(thing.is_word and (thing.kind in WORDS) == known for thing in scene):
            return scene
    raise ValueError("no such scene was found")


def runtime_pixels(image: Image.Image) -> Pixels:
    """Resized as llama.cpp does it: from the four nearest pixels, without averaging."""
    source = np.asarray(image, np.float32)
    place = np.arange(SIDE) * ((image.width - 1) / SIDE)
    low = place.astype(int)
    part = (place - low).astype(np.float32)
    high = np.minimum(low + 1, image.width - 1)
    rows = source[low] * (1 - part)[:, None, None] + source[high] * part[:, None, None]
    found = rows[:, low] * (1 - part)[None, :, None] + rows[:, high] * part[None, :, None]
    return found.astype(np.uint8)


def _photograph(chance: random.Random, shots: list[Image.Image], image: Image.Image) -> Pixels:
    """Keeps the finished picture in `shots`."""
    side = image.width
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 2.5) * side / 480))
    pixels = np.asarray(image, np.float32)
    if chance.random() < 0.8:
        pixels = pixels * camera.light(chance, side)
    if chance.random() < 0.6:
        pixels = pixels + camera.noise(chance, side, chance.uniform(1, 10))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    shots.append(camera.jpeg(chance, image, 0.6))
    return runtime_pixels(shots[0])


def stack(pictures: Sequence[Picture]) -> Pixels:
    return np.stack([picture.pixels for picture in pictures])
