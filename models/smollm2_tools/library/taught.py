"""Tools that training sees."""

from __future__ import annotations

from pathlib import Path

from models.smollm2_tools.library.tool import read

TAUGHT = read(Path(__file__).with_suffix(".txt").read_text())
