"""Answers of the network in torch, as the runtime gives them: the likeliest token each time."""

from __future__ import annotations

import numpy as np
import torch

from .backgrounds import Pixels
from .network import TOKENS, SceneVlm, as_input
from .prompts import Layout
from .tokens import END, decode

_LONGEST = 60


@torch.no_grad()
def answer_all(model: SceneVlm, pixels: Pixels, question: str, layout: Layout | None = None) -> list[str]:
    """The answers to one question about each of the pictures [n, side, side, 3]."""
    layout = layout or Layout()
    n = len(pixels)
    seen_by = model.embed(model.sight(as_input(torch.from_numpy(np.ascontiguousarray(pixels)))))
    start, rest = layout.start(question), layout.rest(question)
    said = torch.tensor([rest]).expand(n, -1)
    before = model.text.embedding(torch.tensor([start]).expand(n, -1))
    done = torch.zeros(n, dtype=torch.bool)
    for _ in range(_LONGEST):
        x = torch.cat([before, seen_by, model.text.embedding(said)], 1)
        total = x.shape[1]
        assert total == len(start) + TOKENS + said.shape[1]
        positions = torch.arange(total).expand(n, -1)
        seen = torch.ones(total, total, dtype=torch.bool).tril().expand(n, -1, -1)
        following = model.text.scores(model.text(x, positions, seen)[:, -1]).argmax(1)
        said = torch.cat([said, following[:, None]], 1)
        done |= following == END
        if bool(done.all()):
            break
    rows = said[:, len(rest) :].tolist()
    return [decode(row[: row.index(END)] if END in row else row) for row in rows]
