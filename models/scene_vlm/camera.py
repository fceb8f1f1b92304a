"""What a camera does to a picture: light, white balance, blur, noise, JPEG, and fewer pixels."""

from __future__ import annotations

import io
import random
from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from .backgrounds import Pixels

_NOISE_SIDE = 1024


def photograph(chance: random.Random, image: Image.Image, side: int, wear: float = 1.0) -> Pixels:
    """`image` as a worn camera sees it, `side` pixels square. `wear` 0 is a perfect camera."""
    image = jpeg(chance, image, 0.35 * wear)
    image = shrink(chance, image, side)
    if chance.random() < 0.5 * wear:
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 1.0) * side / 112))
    pixels = np.asarray(image, np.float32)
    if chance.random() < 0.8 * wear:
        pixels = pixels * light(chance, side)
    if chance.random() < 0.6 * wear:
        pixels = pixels + noise(chance, side, chance.uniform(1, 11))
    return pixels.clip(0, 255).astype(np.uint8)


def jpeg(chance: random.Random, image: Image.Image, odds: float) -> Image.Image:
    if chance.random() >= odds:
        return image
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=chance.randint(35, 92))
    return Image.open(kept).convert("RGB")


def shrink(chance: random.Random, image: Image.Image, side: int) -> Image.Image:
    """Samples as browsers and llama.cpp do: averaging, or from the nearest pixels only."""
    if chance.random() < 0.5:
        return image.resize((side, side), chance.choice((Image.Resampling.BILINEAR, Image.Resampling.BOX)))
    step = (image.width - 1) / side
    return image.transform(
        (side, side), Image.Transform.AFFINE, (step, 0, 0, 0, step, 0), Image.Resampling.BILINEAR
    )


def light(chance: random.Random, side: int) -> np.ndarray:
    """Exposure, white balance and light from one side, as factors [side, side, 3]."""
    gain = chance.uniform(0.75, 1.12)
    balance = np.array([chance.uniform(0.9, 1.1) for _ in range(3)], np.float32)
    line = np.linspace(-1, 1, side, dtype=np.float32)
    slope_x, slope_y = chance.uniform(-0.12, 0.12), chance.uniform(-0.12, 0.12)
    falloff = 1 + slope_x * line[None, :, None] + slope_y * line[:, None, None]
    return falloff * (balance * gain)


def noise(chance: random.Random, side: int, strength: float) -> np.ndarray:
    """A piece of a fixed field of noise: drawing it anew would cost more than the picture."""
    x, y = chance.randrange(_NOISE_SIDE - side), chance.randrange(_NOISE_SIDE - side)
    return _field()[y : y + side, x : x + side] * strength


@cache
def _field() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((_NOISE_SIDE, _NOISE_SIDE, 3), np.float32)
