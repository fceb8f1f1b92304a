"""Packages of others as code knows them, over what a browser has: `websockets` and `om1_vlm`.

Their own wheels can be installed in a tab, but not connect. On CPython the real ones are untouched.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

_HERE = str(Path(__file__).parent)
_NAMES = frozenset({"om1_vlm", "websockets"})


class ShimFinder:
    """Finds these packages in this folder, before any that is installed."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return PathFinder.find_spec(name, [_HERE], target) if path is None and name in _NAMES else None


def install() -> None:
    """Put them in the place of the real ones, in a browser only."""
    if sys.platform == "emscripten":
        sys.meta_path.insert(0, ShimFinder)
