"""What scenes are drawn upon: plain colours, gradients, textures and pieces of photographs."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
KINDS = ("plain", "texture", "photograph")
# Bundled in the wheels of scikit-image and scikit-learn. Not those that show discs, letters or silhouettes.
TRAINING_PICTURES = (
    "skimage/data/astronaut.png",
    "skimage/data/brick.png",
    "skimage/data/camera.png",
    "skimage/data/chelsea.png",
    "skimage/data/coffee.png",
    "skimage/data/grass.png",
    "skimage/data/gravel.png",
    "skimage/data/hubble_deep_field.jpg",
    "skimage/data/ihc.png",
    "skimage/data/rocket.jpg",
    "sklearn/datasets/images/china.jpg",
)


@cache
def picture(name: str) -> Image.Image:
    """A picture by its path, from site-packages on or absolute; its shorter side at most 512 pixels."""
    site = Path(np.__file__).parents[1]
    image = Image.open(site / name).convert("RGB")
    scale = 512 / min(image.size)
    if scale < 1:
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BOX)
    return image


def background(
    chance: random.Random, side: int, pictures: Sequence[str], plain: float, *, varied: bool = False
) -> Image.Image:
    """
    A square background; `plain` is the part of them that are of one colour. `varied` makes more of few
    photographs: two in one, turned, in other colours, and clutter instead.
    """
    kind = chance.random()
    if kind < plain:
        return Image.new("RGB", (side, side), _colour(chance))
    rest = (kind - plain) / (1 - plain)
    if rest < 0.5:
        if varied and chance.random() < 0.3:
            return _clutter(chance, side)
        piece = _piece(chance, side, picture(chance.choice(pictures)))
        return _varied(chance, piece, pictures) if varied else piece
    if rest < 0.75:
        return _blend(chance, side, _ramp(chance))
    return _blend(chance, side, _texture(chance))


def background_of(chance: random.Random, side: int, pictures: Sequence[str], kind: str) -> Image.Image:
    """A background of one of KINDS."""
    match kind:
        case "plain":
            return Image.new("RGB", (side, side), _colour(chance))
        case "texture":
            return _blend(chance, side, _ramp(chance) if chance.random() < 0.5 else _texture(chance))
        case "photograph":
            return _piece(chance, side, picture(chance.choice(pictures)))
        case _:
            raise ValueError(f"no background is called {kind}")


def _colour(chance: random.Random) -> tuple[int, int, int]:
    """Often grey, light or dark as walls and paper are, sometimes of any colour."""
    if chance.random() < 0.6:
        level, tint = chance.choice((8, 60, 128, 190, 235, 248)), 14
        return tuple(max(0, min(255, level + chance.randint(-tint, tint))) for _ in range(3))  # type: ignore[return-value]
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def _piece(chance: random.Random, side: int, whole: Image.Image) -> Image.Image:
    size = round(chance.uniform(0.35, 1) * min(whole.size))
    x, y = chance.randint(0, whole.width - size), chance.randint(0, whole.height - size)
    piece = whole.resize((side, side), Image.Resampling.BILINEAR, (x, y, x + size, y + size))
    if chance.random() < 0.5:
        piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if chance.random() < 0.4:
        # Faded, as a poster or a blurred room behind the things.
        piece = Image.blend(piece, Image.new("RGB", (side, side), _colour(chance)), chance.uniform(0.2, 0.7))
    return piece


def _varied(chance: random.Random, piece: Image.Image, pictures: Sequence[str]) -> Image.Image:
    if chance.random() < 0.4:
        piece = Image.merge("RGB", chance.sample(piece.split(), 3))
    if chance.random() < 0.3:
        piece = piece.transpose(chance.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180)))
    if chance.random() < 0.3:
        other = _piece(chance, piece.width, picture(chance.choice(pictures)))
        piece = Image.blend(piece, other, chance.uniform(0.2, 0.8))
    return piece


def _clutter(chance: random.Random, side: int) -> Image.Image:
    """Ragged patches over one another, as photographs are made of; none of them is a shape with a name."""
    small = chance.choice((40, 64, 112))
    image = Image.new("RGB", (small, small), _colour(chance))
    pen = ImageDraw.Draw(image)
    ink = [_colour(chance) for _ in range(chance.randint(2, 6))]
    for _ in range(chance.randint(4, 50)):
        x, y = chance.uniform(0, small), chance.uniform(0, small)
        size, long, lean = small * 0.05 / chance.uniform(0.1, 1), chance.uniform(1, 3), chance.uniform(0, 3)
        points: list[tuple[float, float]] = []
        for k in range(chance.randint(5, 9)):
            angle, reach = k * 0.8 + chance.uniform(0, 0.6), size * chance.uniform(0.4, 1.3)
            a, b = reach * long * math.cos(angle), reach * math.sin(angle)
            points.append(
                (x + a * math.cos(lean) - b * math.sin(lean), y + a * math.sin(lean) + b * math.cos(lean))
            )
        colour = tuple(max(0, min(255, part + chance.randint(-25, 25))) for part in chance.choice(ink))
        pen.polygon(points, fill=colour)
    return image.resize((side, side), Image.Resampling.BICUBIC)


def _blend(chance: random.Random, side: int, mask: Image.Image) -> Image.Image:
    first = Image.new("RGB", (side, side), _colour(chance))
    second = Image.new("RGB", (side, side), _colour(chance))
    second = Image.blend(first, second, chance.uniform(0.15, 1))
    return Image.composite(second, first, mask.resize((side, side), Image.Resampling.BILINEAR))


def _ramp(chance: random.Random) -> Image.Image:
    corners = np.array([[chance.randrange(256) for _ in range(2)] for _ in range(2)], np.uint8)
    return Image.fromarray(corners)


def _texture(chance: random.Random) -> Image.Image:
    """Soft blots, or stripes."""
    numbers = np.random.default_rng(chance.randrange(1 << 32))
    if chance.random() < 0.6:
        n = chance.choice((4, 8, 16, 32))
        return Image.fromarray(numbers.integers(0, 256, (n, n), np.uint8))
    y, x = np.mgrid[0:96, 0:96] / 96
    wave = np.sin((x * chance.uniform(-1, 1) + y * chance.uniform(-1, 1)) * chance.uniform(8, 90))
    return Image.fromarray((wave * 127 + 128).clip(0, 255).astype(np.uint8))
