"""Colours by name as ranges, and one that can be told from what is behind it."""

from __future__ import annotations

import colorsys
import random

from .scenes import COLOURS

Rgb = tuple[int, int, int]
# Hue in degrees, saturation, value. The gaps between the ranges leave room for the camera's white balance.
_RANGES = {
    "red": ((-9, 6), (0.8, 1), (0.65, 0.95)),
    "orange": ((22, 34), (0.85, 1), (0.88, 1)),
    "yellow": ((50, 59), (0.75, 1), (0.88, 1)),
    "green": ((100, 150), (0.6, 1), (0.4, 0.8)),
    "blue": ((208, 235), (0.7, 1), (0.55, 1)),
    "purple": ((270, 290), (0.55, 0.85), (0.45, 0.72)),
    "pink": ((322, 345), (0.3, 0.55), (0.94, 1)),
    "brown": ((16, 30), (0.55, 0.8), (0.3, 0.48)),
    "black": ((0, 360), (0, 0.3), (0, 0.1)),
    "white": ((0, 360), (0, 0.05), (0.94, 1)),
}
_CONTRAST = 90.0


def shade(chance: random.Random, name: str) -> Rgb:
    """A shade of a colour."""
    (hue_low, hue_high), saturation, value = _RANGES[name]
    hue = chance.uniform(hue_low, hue_high) % 360 / 360
    red, green, blue = colorsys.hsv_to_rgb(hue, chance.uniform(*saturation), chance.uniform(*value))
    return round(red * 255), round(green * 255), round(blue * 255)


def visible(chance: random.Random, wanted: str, behind: tuple[float, float, float]) -> tuple[str, Rgb]:
    """The wanted colour, or another when it would not be seen against the mean colour `behind`."""
    best = ("", (0, 0, 0), -1.0)
    for name in (wanted, *chance.sample(COLOURS, len(COLOURS))):
        rgb = shade(chance, name)
        contrast = sum((a - b) ** 2 for a, b in zip(rgb, behind, strict=True)) ** 0.5
        if contrast > _CONTRAST:
            return name, rgb
        best = max(best, (name, rgb, contrast), key=lambda found: found[2])
    return best[0], best[1]
