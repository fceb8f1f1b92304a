"""Groups of texts → one row of tokens, as `network.py` takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from models.smollm2_tools.network import Group
from models.smollm2_tools.texts import Texts

_DECIDES = 10.0
"""What a reply's first token counts: it says whether a call comes, or words."""
_FORM = re.compile(r'<tool_call>\n\{"name": "|", "arguments": \{|\}\n</tool_call>')
_FORM_IN = 5
"""What is alike in all calls is soon known: one branch in so many learns it."""


@dataclass(frozen=True)
class Batch:
    """`wanted` are the tokens after which `targets` are to come, each as important as its weight."""

    tokens: Tensor
    places: Tensor
    groups: list[Group]
    wanted: Tensor
    targets: Tensor
    weights: Tensor

    def loss(self, logits: Tensor) -> Tensor:
        """How unlikely the targets are."""
        each = functional.cross_entropy(logits, self.targets, reduction="none")
        return (each * self.weights).sum() / self.weights.sum()


def batch(groups: Sequence[Texts], tokenizer: Any) -> Batch:
    """One row of all of them."""
    tokens: list[int] = []
    places: list[int] = []
    wanted: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    made: list[Group] = []
    for group in groups:
        start = len(tokens)
        prefix = tokenizer.encode(group.prefix).ids
        tokens += prefix
        places += range(len(prefix))
        whose = [-1] * len(prefix)
        for number, branch in enumerate(group.branches):
            at = len(prefix)
            for piece in branch:
                encoded = tokenizer.encode(piece.text)
                ids = encoded.ids
                if piece.learnt:
                    form = [found.span() for found in _FORM.finditer(piece.text)] if number % _FORM_IN else []
                    for place, (first, last) in enumerate(encoded.offsets):
                        if place and any(start <= first and last <= end for start, end in form):
                            continue
                        wanted.append(len(tokens) + place - 1)
                        targets.append(ids[place])
                        weights.append(piece.weight if place else _DECIDES)
                tokens += ids
                places += range(at, at + len(ids))
                whose += [number] * len(ids)
                at += len(ids)
        made.append(Group(start, len(tokens), _seen(torch.tensor(whose))))
    return Batch(
        torch.tensor(tokens),
        torch.tensor(places),
        made,
        torch.tensor(wanted),
        torch.tensor(targets),
        torch.tensor(weights),
    )


def _seen(whose: Tensor) -> Tensor:
    """What is added to attention, so that each sees what came before of the prefix and of its own branch."""
    mine = (whose[None, :] == -1) | (whose[None, :] == whose[:, None])
    seen = mine & torch.ones(len(whose), len(whose), dtype=torch.bool).tril()
    return torch.zeros(seen.shape).masked_fill(~seen, float("-inf"))
