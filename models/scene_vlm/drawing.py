"""Draws a scene, and maps for learning: which thing, and which letter, each patch of the picture shows."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageStat

from .backgrounds import Pixels
from .outlines import outline
from .paint import visible
from .scenes import Scene, Thing

SIDE = 112
PATCH = 14
GRID = SIDE // PATCH
FINE = 7
WHOLE = 12
MOST = 3
# In Pillow and in matplotlib's wheel ("" is Pillow's own Aileron).
TRAINING_FONTS = ("", "DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif-Bold", "DejaVuSansMono-Bold")
_COVERED = 0.07
# Enough points to judge the colour behind a thing.
_PROBE, _NEAREST = (48, 48), Image.Resampling.NEAREST
Map = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """
    Pixels, what they show, and by patch: the number of its thing (1..., 0 for none), the letter there (1 is
    A) and the letter's place in its word (from 1). `mask` is finer: FINE x FINE points a patch. `whole` is
    the outline of each thing alone, as large as it is: [MOST, WHOLE, WHOLE].
    """

    pixels: Pixels
    scene: Scene
    owner: Map
    letter: Map
    place: Map
    mask: Map
    whole: Map


def draw(
    chance: random.Random,
    scene: Scene,
    canvas: Image.Image,
    fonts: tuple[str, ...],
    finish: Callable[[Image.Image], Pixels],
) -> Picture:
    """
    Draws `scene` on `canvas`, which `finish` then makes into pixels. A thing that would not be seen there
    gets another colour, so the picture's scene is the one to describe.
    """
    drawn: list[Thing] = []
    cover = np.zeros((len(scene) + 1, GRID, GRID), np.float32)
    cover[0] = _COVERED
    letter, place = np.zeros((2, GRID, GRID), np.uint8)
    fine = np.zeros((GRID * FINE, GRID * FINE), np.uint8)
    whole = np.zeros((MOST, WHOLE, WHOLE), np.uint8)
    for index, thing in enumerate(scene):
        stencil, letters = _stencil(chance, thing, canvas.width, fonts)
        behind = ImageStat.Stat(canvas.resize(_PROBE, _NEAREST), stencil.resize(_PROBE, _NEAREST)).mean
        name, rgb = visible(chance, thing.colour, (behind[0], behind[1], behind[2]))
        canvas.paste(rgb, (0, 0), stencil)
        drawn.append(replace(thing, colour=name))
        small = np.asarray(stencil.resize((GRID * FINE, GRID * FINE), Image.Resampling.BOX))
        whole[index] = _whole(thing, stencil)
        fine |= (small > 127).astype(np.uint8)
        cover[index + 1] = small.reshape(GRID, FINE, GRID, FINE).mean((1, 3)) / 255
        _mark(letters, cover[index + 1] > _COVERED, letter, place)
    owner = cover.argmax(0).astype(np.uint8)
    return Picture(finish(canvas), tuple(drawn), owner, letter, place, fine, whole)


Letters = list[tuple[str, float, float, float]]


def _stencil(
    chance: random.Random, thing: Thing, side: int, fonts: tuple[str, ...]
) -> tuple[Image.Image, Letters]:
    """A mask of the whole picture, and where a word's letters are: (letter, x, y, reach)."""
    stencil = Image.new("L", (side, side))
    if thing.is_text:
        return stencil, _write(chance, thing, stencil, fonts)
    pen = ImageDraw.Draw(stencil)
    cos, sin = math.cos(thing.turn) * thing.radius * side, math.sin(thing.turn) * thing.radius * side
    x, y = thing.x * side, thing.y * side
    for level, points in zip((255, 0), outline(thing.kind), strict=False):
        pen.polygon([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in points], fill=level)
    return stencil, []


def _whole(thing: Thing, stencil: Image.Image) -> Map:
    """The square round a thing."""
    side, reach = stencil.width, thing.radius * 1.1
    corners = (thing.x - reach, thing.y - reach, thing.x + reach, thing.y + reach)
    box = tuple(corner * side for corner in corners)
    cut = stencil.transform((WHOLE, WHOLE), Image.Transform.EXTENT, box, Image.Resampling.BILINEAR)
    return (np.asarray(cut) > 127).astype(np.uint8)


def _write(chance: random.Random, thing: Thing, stencil: Image.Image, fonts: tuple[str, ...]) -> Letters:
    side, text = stencil.width, thing.kind
    room = 2 * thing.radius * side
    size = room / len(text) * 1.35 if thing.is_word else 2.3 * thing.radius * side
    font = _font(chance.choice(fonts), max(6, round(size)))
    if thing.is_word and font.getlength(text) > room:
        font = font.font_variant(size=max(6, int(font.size * room / font.getlength(text))))
    bold = chance.random() < 0.5 if thing.is_word else True
    stroke = round(side / 180) if bold else 0
    half = math.ceil(max(room, font.size * 1.3) / 2) + 2
    tile = Image.new("L", (2 * half, 2 * half))
    top, bottom = font.getbbox("H", anchor="ls")[1::2]
    pen = ImageDraw.Draw(tile)
    pen.text((half, half - (top + bottom) / 2), text, 255, font, "ms", stroke_width=stroke)
    tile = tile.rotate(-math.degrees(thing.turn), Image.Resampling.BILINEAR)
    stencil.paste(tile, (round(thing.x * side) - half, round(thing.y * side) - half))
    if not thing.is_word:
        return []
    found: Letters = []
    start = -font.getlength(text) / 2
    for index, character in enumerate(text):
        width = font.getlength(character)
        middle = font.getlength(text[:index]) + start + width / 2
        x = thing.x + middle * math.cos(thing.turn) / side
        found.append((character, x, thing.y + middle * math.sin(thing.turn) / side, width / side / 2))
    return found


def _mark(letters: Letters, covered: NDArray[np.bool_], letter: Map, place: Map) -> None:
    """Writes into each covered patch the letter whose middle is nearest to it."""
    if not letters:
        return
    centres = (np.arange(GRID) + 0.5) / GRID
    far = np.stack([np.hypot(centres[None] - x, (centres[:, None] - y) * 0.5) for _, x, y, _ in letters])
    nearest = far.argmin(0)
    codes = np.array([ord(character) - 64 for character, *_ in letters], np.uint8)
    np.copyto(letter, codes[nearest], where=covered)
    np.copyto(place, (nearest + 1).astype(np.uint8), where=covered)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    if not name:
        loaded = ImageFont.load_default(size)
        assert isinstance(loaded, ImageFont.FreeTypeFont)
        return loaded
    if "/" in name:
        return ImageFont.truetype(name, size)
    folder = Path(np.__file__).parents[1] / "matplotlib/mpl-data/fonts/ttf"
    return ImageFont.truetype(folder / f"{name}.ttf", size)
