"""What is said about a scene, and a caption read back into attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .scenes import COLOURS, DIGITS, SHAPES, SIZES, Scene, Thing

NO_SHAPE = "I see no shape."
NO_TEXT = "I see no text."
PLACES = {
    (0, 0): "at the top left",
    (1, 0): "at the top",
    (2, 0): "at the top right",
    (0, 1): "on the left",
    (1, 1): "in the centre",
    (2, 1): "on the right",
    (0, 2): "at the bottom left",
    (1, 2): "at the bottom",
    (2, 2): "at the bottom right",
}
NUMBERS = ("None", "One", "Two", "Three")
Attributes = tuple[str, str, str, str]
_PHRASE = re.compile(
    rf"(?:an? (?P<size>{'|'.join(SIZES)}) (?P<colour>{'|'.join(COLOURS)}) "
    rf"(?:(?P<shape>{'|'.join(SHAPES)})|digit (?P<digit>\d))"
    rf"|the (?P<ink>{'|'.join(COLOURS)}) word (?P<word>[A-Z]+))"
    rf" (?P<place>{'|'.join(sorted(PLACES.values(), key=len, reverse=True))})"
)


def attributes(thing: Thing) -> Attributes:
    """Size, colour, kind and place: what a caption says of a thing."""
    return thing.size, thing.colour, thing.kind, PLACES[thing.cell]


def caption(scene: Scene) -> str:
    """One sentence: "A large red circle on the left and a small blue star at the top right.\""""
    return sentence([f"{_noun(thing)} {PLACES[thing.cell]}" for thing in scene])


def read_caption(text: str) -> list[Attributes] | None:
    """The attributes that a caption names, in its order; None when it is not a caption."""
    if text == NO_SHAPE:
        return []
    found: list[Attributes] = []
    rest = text[:1].lower() + text[1:]
    while match := _PHRASE.match(rest):
        kind = match["shape"] or match["digit"] or match["word"]
        found.append((match["size"] or "", match["colour"] or match["ink"], kind, match["place"]))
        rest = rest[match.end() :]
        if rest == ".":
            return found
        joint = re.match(r", | and ", rest)
        if joint is None:
            return None
        rest = rest[joint.end() :]
    return None


def count(scene: Scene) -> str:
    return f"{NUMBERS[len(scene)]}." if scene else NO_SHAPE


def colours(scene: Scene) -> str:
    return sentence([thing.colour for thing in scene])


def shapes(scene: Scene) -> str:
    return sentence([_kind(thing) for thing in scene])


def places(scene: Scene) -> str:
    return sentence([PLACES[thing.cell] for thing in scene])


def text_in(scene: Scene) -> str:
    """The words and digits of a scene, in order."""
    texts = [thing.kind for thing in scene if thing.is_text]
    return " ".join(texts) + "." if texts else NO_TEXT


def is_there(scene: Scene, colour: str, kind: str) -> str:
    if not scene:
        return NO_SHAPE
    return "Yes." if any(thing.colour == colour and thing.kind == kind for thing in scene) else "No."


def sentence(parts: Sequence[str]) -> str:
    """The parts as a list in English, or NO_SHAPE."""
    if not parts:
        return NO_SHAPE
    joined = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return joined[0].upper() + joined[1:] + "."


def _noun(thing: Thing) -> str:
    if thing.is_word:
        return f"the {thing.colour} word {thing.kind}"
    kind = f"digit {thing.kind}" if thing.kind in DIGITS else thing.kind
    return f"a {thing.size} {thing.colour} {kind}"


def _kind(thing: Thing) -> str:
    if thing.is_word:
        return f"the word {thing.kind}"
    return f"a digit {thing.kind}" if thing.kind in DIGITS else f"a {thing.kind}"
