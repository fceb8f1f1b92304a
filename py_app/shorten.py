"""Texts that are too long, cut in their middle; the cut is told to whoever reads them."""

from __future__ import annotations

_HEAD = 0.7
"""The share of what is kept that stands before the cut: a result mostly begins with what matters."""


def shortened(text: str, limit: int) -> str:
    """`text`, or its beginning and its end in about `limit` characters, with a word on what is left out."""
    if len(text) <= limit:
        return text
    head = int(limit * _HEAD)
    tail = limit - head
    left_out = len(text) - limit
    note = f"[… {left_out:,} characters left out here: this result was too long. Ask for less at a time. …]"
    return f"{text[:head]}\n{note}\n{text[len(text) - tail :]}"
