"""What each patch has to know while training: without these heads the network does not learn to see."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor, nn

from .drawing import FINE, GRID, PATCH, WHOLE
from .scenes import COLOURS, DIGITS, SHAPES, SIZES
from .supply import Batch

_KINDS = (*SHAPES, *DIGITS)
# Classes by head, and the weight of its loss. A thing's facts are asked of its own patches only.
_HEADS = {"colour": (10, 1.0), "kind": (19, 2.0), "size": (3, 0.5), "cell": (9, 0.5), "rank": (3, 1.0)}
_LETTERS = {"letter": (26, 1.0), "place": (5, 0.5)}


class Hints(nn.Module):
    """Heads on the features of patches. They are not part of the finished model."""

    def __init__(self, width: int) -> None:
        super().__init__()
        classes = {name: number for name, (number, _) in (_HEADS | _LETTERS).items()}
        self.heads = nn.ModuleDict({name: nn.Linear(width, number) for name, number in classes.items()})
        self.count = nn.Linear(width, 4)
        self.mask = nn.Linear(width, FINE * FINE)
        self.owned = nn.Linear(width, 1)
        self.centre = nn.Linear(width, 3)
        self.whole = nn.Linear(width, WHOLE * WHOLE)

    def forward(
        self, features: Tensor, batch: Batch, kept: Tensor | None = None
    ) -> tuple[Tensor, dict[str, float]]:
        """
        The loss, and for each head how often it is right (the mask: its loss). `kept` [n, k] says which
        patches there are features of, when it is not all.
        """
        flat = features.flatten(0, 1)
        count = len(batch.scenes)
        all_kept = torch.arange(GRID * GRID).expand(count, -1) if kept is None else kept
        here = (torch.arange(count)[:, None] * GRID * GRID + all_kept).flatten()
        owner = torch.from_numpy(batch.owner).flatten().long()[here]
        mask = torch.from_numpy(by_patch(batch.mask)).flatten(0, 1).float()[here]
        mask_loss = F.binary_cross_entropy_with_logits(self.mask(flat), mask)
        owned = self.owned(flat)[:, 0]
        loss = mask_loss * 2 + F.binary_cross_entropy_with_logits(owned, (owner > 0).float())
        right = {"mask": mask_loss.item(), "owned": _share((owned > 0) == (owner > 0))}
        counts = torch.tensor([len(scene) for scene in batch.scenes]).repeat_interleave(all_kept.shape[1])
        guess = self.count(flat)
        loss = loss + 0.3 * F.cross_entropy(guess, counts)
        right["count"] = _share(guess.argmax(1) == counts)
        shown = flat[owner > 0]
        facts, centres = (torch.from_numpy(table)[here][owner > 0] for table in _facts(batch))
        loss = loss + 4 * F.smooth_l1_loss(self.centre(shown), centres, beta=0.1)
        # Without this one, shapes are told apart only after very many pictures.
        outlines = torch.from_numpy(_outlines(batch))[here][owner > 0].float()
        whole_loss = F.binary_cross_entropy_with_logits(self.whole(shown), outlines)
        loss = loss + whole_loss * 4
        right["whole"] = whole_loss.item()
        for column, (name, (_, weight)) in enumerate(_HEADS.items()):
            guess = self.heads[name](shown)
            loss = loss + weight * F.cross_entropy(guess, facts[:, column])
            right[name] = _share(guess.argmax(1) == facts[:, column])
        letters = torch.from_numpy(batch.letter).flatten().long()[here]
        places = torch.from_numpy(batch.place).flatten().long()[here]
        written = letters > 0
        if written.any():
            for name, wanted in (
                ("letter", letters),
                ("place", places),
            ):
                guess = self.heads[name](flat[written])
                loss = loss + _LETTERS[name][1] * F.cross_entropy(guess, wanted[written] - 1)
                right[name] = _share(guess.argmax(1) == wanted[written] - 1)
        return loss, right


def by_patch(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """[n, GRID * FINE, GRID * FINE] to [n, patches, FINE * FINE]."""
    n = len(mask)
    return mask.reshape(n, GRID, FINE, GRID, FINE).transpose(0, 1, 3, 2, 4).reshape(n, GRID * GRID, FINE**2)


def _facts(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """
    Of the thing that each patch shows, for the patches of all pictures: colour, kind, size, cell and rank
    [n, 5]; the way to its centre and its radius [n, 3], in patches.
    """
    count = len(batch.scenes)
    table = np.zeros((count, 4, 5), np.int64)
    places = np.zeros((count, 4, 3), np.float32)
    for number, scene in enumerate(batch.scenes):
        for rank, thing in enumerate(scene):
            kind = len(_KINDS) if thing.is_word else _KINDS.index(thing.kind)
            size = 2 if thing.is_word else SIZES.index(thing.size)
            cell = thing.cell[0] * 3 + thing.cell[1]
            table[number, rank + 1] = COLOURS.index(thing.colour), kind, size, cell, rank
            places[number, rank + 1] = thing.x * GRID, thing.y * GRID, thing.radius * GRID
    rows, owner = np.arange(count)[:, None], batch.owner.reshape(count, -1)
    middle_y, middle_x = (part.ravel() + 0.5 for part in np.indices((GRID, GRID)))
    middles = np.stack([middle_x, middle_y, np.zeros(GRID * GRID)], 1)
    ways = (places[rows, owner] - middles).astype(np.float32)
    return table[rows, owner].reshape(-1, 5), ways.reshape(-1, 3)


def _outlines(batch: Batch) -> NDArray[np.uint8]:
    """The outline of the thing that each patch shows: [patches of all pictures, WHOLE * WHOLE]."""
    count = len(batch.scenes)
    owner = np.maximum(batch.owner.reshape(count, -1), 1) - 1
    return batch.whole[np.arange(count)[:, None], owner].reshape(-1, WHOLE * WHOLE)


def _share(right: Tensor) -> float:
    return right.float().mean().item()


assert PATCH % FINE == 0
