"""The world: which things a scene holds, where and how large. Every attribute stays clear of its borders."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

SHAPES = ("circle", "ring", "square", "triangle", "star", "cross", "heart", "crescent")
DIGITS = tuple("0123456789")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")
SIZES = ("small", "large")
WORDS = ("STOP", "GO", "YES", "NO", "OPEN", "HELP", "EXIT", "CAT", "DOG", "SUN", "HI", "HOT", "COLD", "UP")
WORDS += ("DOWN", "LEFT", "RIGHT", "ON", "OFF", "IN", "OUT", "HELLO", "WATER", "FIRE", "BUS", "TAXI")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Radii as parts of the picture's side; nothing is drawn between the two bands.
RADII = {"small": (0.085, 0.12), "large": (0.16, 0.34)}
# Centres keep out of these bands, so that "left" and "centre" are never in doubt.
BANDS = ((0.30, 0.37), (0.63, 0.70))
_GAP = 0.02
_DIGITS = 0.2
_DIGIT_TURN = 0.3
_WORD_TURN = 0.15
_LETTER_PITCH = (0.125, 0.17)


@dataclass(frozen=True)
class Thing:
    """One shape, digit or word. `x`, `y` and `radius` are parts of the picture's side; `turn` in radians."""

    kind: str
    colour: str
    size: str
    x: float
    y: float
    radius: float
    turn: float = 0.0

    @property
    def is_word(self) -> bool:
        return self.kind.isupper()

    @property
    def is_text(self) -> bool:
        return self.is_word or self.kind in DIGITS

    @property
    def cell(self) -> tuple[int, int]:
        """Column and row of the centre in a 3x3 grid."""
        return _third(self.x), _third(self.y)


Scene = tuple[Thing, ...]


def _third(value: float) -> int:
    return 0 if value < BANDS[0][1] else 1 if value < BANDS[1][1] else 2


def arrange(
    chance: random.Random,
    count: int,
    *,
    word: bool = False,
    digits: float = _DIGITS,
    sizes: Sequence[str] = SIZES,
) -> Scene:
    """
    A scene of `count` things, in the order in which they are named: by column, then by row. No two share a
    cell of the grid or touch. Should there be no room, it starts anew.
    """
    while True:
        things: list[Thing] = []
        for index in range(count):
            for _ in range(30):
                made = _word(chance) if word and index == 0 else _thing(chance, digits, sizes)
                if made is not None and all(_apart(made, other) for other in things):
                    things.append(made)
                    break
        if len(things) == count:
            return tuple(sorted(things, key=lambda thing: thing.cell))


def any_scene(chance: random.Random, *, words: float = 0.14, empty: float = 0.28) -> Scene:
    """A scene as training meets them: none to three things, sometimes with a word."""
    if chance.random() < empty:
        return ()
    if chance.random() < words:
        return arrange(chance, 1 if chance.random() < 0.75 else 2, word=True)
    return arrange(chance, chance.choices((1, 2, 3), (0.4, 0.36, 0.24))[0])


def _thing(chance: random.Random, digits: float, sizes: Sequence[str]) -> Thing | None:
    size = chance.choice(sizes)
    radius = chance.uniform(*RADII[size])
    kind = chance.choice(DIGITS) if chance.random() < digits else chance.choice(SHAPES)
    turn = chance.uniform(-_DIGIT_TURN, _DIGIT_TURN) if kind in DIGITS else chance.uniform(0, 2 * math.pi)
    centre = _centre(chance, radius, radius)
    return centre and Thing(kind, chance.choice(COLOURS), size, *centre, radius, turn)


def _word(chance: random.Random) -> Thing | None:
    """A word's radius is half its width. It has no size: a caption does not mention one."""
    if chance.random() < 0.6:
        text = chance.choice(WORDS)
    else:
        text = "".join(chance.choices(LETTERS, k=chance.randint(2, 5)))
    pitch = chance.uniform(*_LETTER_PITCH)
    half = pitch * len(text) / 2
    centre = _centre(chance, half, pitch)
    turn = chance.uniform(-_WORD_TURN, _WORD_TURN)
    return centre and Thing(text, chance.choice(COLOURS), "", *centre, half, turn)


def _centre(chance: random.Random, half_width: float, half_height: float) -> tuple[float, float] | None:
    """A place inside the picture and outside the bands, or None when none was found."""
    found: list[float] = []
    for half in (half_width, half_height):
        low = min(half + 0.01, 0.45)
        value = chance.uniform(low, 1 - low)
        if any(start < value < end for start, end in BANDS):
            return None
        found.append(value)
    return found[0], found[1]


def _apart(one: Thing, other: Thing) -> bool:
    if one.cell == other.cell:
        return False
    if one.is_word or other.is_word:
        return abs(one.y - other.y) > _half_height(one) + _half_height(other) + _GAP
    return math.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius + _GAP


def _half_height(thing: Thing) -> float:
    """Of a word, with its slant; of anything else the radius."""
    if not thing.is_word:
        return thing.radius
    return thing.radius / len(thing.kind) * 1.2 + thing.radius * abs(math.sin(thing.turn))
