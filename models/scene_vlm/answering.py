"""Answers of the network in torch, as the runtime gives them: the likeliest token each time."""

from __future__ import annotations

import numpy as np
import torch

from .backgrounds import Pixels
from .network import Past, SceneVlm, as_input
from .prompts import Layout
from .tokens import END, decode

_LONGEST = 60


@torch.no_grad()
def answer_all(model: SceneVlm, pixels: Pixels, question: str, layout: Layout | None = None) -> list[str]:
    """The answers to one question about each of the pictures [n, side, side, 3]."""
    layout = layout or Layout()
    n, text = len(pixels), model.text
    seen_by = model.embed(model.sight(as_input(torch.from_numpy(np.ascontiguousarray(pixels)))))
    before, after = (
        text.embedding(torch.tensor([ids]).expand(n, -1))
        for ids in (layout.start(question), layout.rest(question))
    )
    x = torch.cat([before, seen_by, after], 1)
    total = x.shape[1]
    past = [Past() for _ in text.layers]
    seen = torch.ones(total, total, dtype=torch.bool).tril().expand(n, -1, -1)
    hidden = text(x, torch.arange(total).expand(n, -1), seen, past)
    said: list[list[int]] = [[] for _ in range(n)]
    for step in range(_LONGEST):
        following = text.scores(hidden[:, -1]).argmax(1)
        for row, token in zip(said, following.tolist(), strict=True):
            row.append(token)
        if all(END in row for row in said):
            break
        position = torch.full((n, 1), total + step)
        hidden = text(text.embedding(following)[:, None], position, None, past)
    return [decode(row[: row.index(END)] if END in row else row) for row in said]
