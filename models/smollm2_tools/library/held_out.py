"""Tools that training never sees: the evaluation's. Those of the bench are kept out too."""

from __future__ import annotations

from pathlib import Path

from models.smollm2_tools.library.tool import read

HELD_OUT = read(Path(__file__).with_suffix(".txt").read_text())
