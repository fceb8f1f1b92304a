"""
Pictures and exchanges laid out as the runtime does: a start, the picture's tokens, what follows.

Several exchanges share one picture: each continues after it as if the others were not there. That costs one
pass over the picture's tokens instead of one for each question.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .network import TOKENS
from .questions import STRAYS, SYSTEMS, caption_exchange, other_exchange
from .scenes import Scene
from .tokens import ASSISTANT, END, PAD, SYSTEM, USER, encode

NEW_LINE = encode("\n")


@dataclass(frozen=True)
class Layout:
    """
    How the runtime writes a message. llama.cpp knows our template's marks as another model's and may write a
    new line after each (`lines`); the picture may have new lines round it; the text may come before it.
    """

    system: str = ""
    lines: bool = False
    line_after_picture: bool = True
    text_first: bool = False

    def start(self, question: str = "") -> list[int]:
        """Up to the picture."""
        line = NEW_LINE if self.lines else ()
        ids: list[int] = []
        if self.system:
            ids += [SYSTEM, *line, *encode(self.system), END, *line]
        ids += [USER, *line]
        if self.text_first:
            ids += [*encode(question), *(NEW_LINE if self.line_after_picture else ())]
        return ids

    def rest(self, question: str) -> list[int]:
        """From the picture to the answer."""
        line = NEW_LINE if self.lines else ()
        ids: list[int] = []
        if not self.text_first:
            ids += encode(("\n" if self.line_after_picture else "") + question)
        return [*ids, END, *line, ASSISTANT, *line]


def random_layout(chance: random.Random, *, system: bool) -> Layout:
    text = ""
    if system:
        text = " ".join(chance.sample((*SYSTEMS, *STRAYS), chance.randint(1, 2)))
    return Layout(text, chance.random() < 0.5, chance.random() < 0.6, chance.random() < 0.15)


@dataclass(frozen=True)
class Pack:
    """`start` [n, p] (padded on the left), `rest` [n, r]; over p + TOKENS + r: positions, seen, wanted."""

    start: Tensor
    rest: Tensor
    positions: Tensor
    seen: Tensor
    wanted: Tensor


def pack(chance: random.Random, scenes: list[Scene], others: int = 1) -> Pack:
    """A caption and `others` other exchanges for each scene; `wanted` is -1 where nothing is learned."""
    with_system = chance.random() < 0.25
    rows: list[tuple[list[int], list[tuple[list[int], list[int]]]]] = []
    for scene in scenes:
        layout = random_layout(chance, system=with_system and chance.random() < 0.7)
        pairs = [caption_exchange(chance, scene)]
        if layout.text_first:
            pairs = [chance.choice((caption_exchange, other_exchange))(chance, scene)]
        else:
            pairs += [other_exchange(chance, scene) for _ in range(others)]
        branches = [(layout.rest(question), [*encode(answer), END]) for question, answer in pairs]
        rows.append((layout.start(pairs[0][0]), branches))
    ahead = max(len(start) for start, _ in rows)
    behind = max(sum(len(a) + len(b) for a, b in branches) for _, branches in rows)
    total = ahead + TOKENS + behind
    ids = np.full((len(rows), total), PAD, np.int64)
    positions = np.zeros((len(rows), total), np.int64)
    wanted = np.full((len(rows), total), -1, np.int64)
    seen = np.zeros((len(rows), total, total), np.bool_)
    first = ahead + TOKENS
    triangle = np.tri(total, dtype=np.bool_)
    for row, (start, branches) in enumerate(rows):
        left = ahead - len(start)
        ids[row, left:ahead] = start
        positions[row, left:first] = np.arange(first - left)
        seen[row, :first, left:first] = triangle[:first, left:first]
        at = first
        for question, answer in branches:
            end = at + len(question) + len(answer)
            ids[row, at:end] = question + answer
            positions[row, at:end] = np.arange(first - left, first - left + end - at)
            seen[row, at:end, left:first] = True
            seen[row, at:end, at:end] = triangle[at:end, at:end]
            wanted[row, end - len(answer) - 1 : end - 1] = answer
            at = end
        # Padding has to see something: a row without anything to attend to becomes NaN.
        seen[row, :left, :left] = triangle[:left, :left]
        seen[row, at:, at:] = triangle[at:, at:]
    parts = (ids[:, :ahead], ids[:, first:], positions, seen, wanted)
    return Pack(*(torch.from_numpy(np.ascontiguousarray(part)) for part in parts))
