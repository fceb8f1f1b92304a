"""How long a source file and how full a folder may grow before it wants to be split."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

MOST_LINES, MOST_FILES = 400, 30
_SUFFIXES = {".ts", ".py", ".css", ".cpp", ".h", ".mjs", ".js"}

# Why these may be longer.
LONGER = {
    "engines/llamacpp/kernels/matmul.cpp": "the committed programs were compiled from it as it is:"
    " splitting it means compiling and measuring all of them anew",
}


def sources(root: Path) -> list[str]:
    """Paths of the project's source files, those that are not committed yet too."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = {path for path in listed.stdout.split("\0") if PurePosixPath(path).suffix in _SUFFIXES}
    return sorted(path for path in paths if (root / path).is_file())


def too_long(root: Path, paths: Iterable[str], longer: Mapping[str, str] = LONGER) -> list[str]:
    """One line for each file of over 400 lines, and for each that is allowed to be longer and is not."""
    lines = {path: len((root / path).read_text().splitlines()) for path in paths}
    return [
        f"{path} has {count} lines, {MOST_LINES} at most: give one of its subjects a file of its own."
        for path, count in lines.items()
        if count > MOST_LINES and path not in longer
    ] + [
        f"{path} need not be longer than {MOST_LINES} lines any more: remove it from LONGER in"
        " tests/unit/house/sizes.py."
        for path in longer
        if lines.get(path, 0) <= MOST_LINES
    ]


def too_full(paths: Iterable[str]) -> list[str]:
    """One line for each folder that holds over 30 source files itself."""
    folders = Counter(str(PurePosixPath(path).parent) for path in paths)
    return [
        f"{folder} holds {count} source files, {MOST_FILES} at most: give those of one subject a folder of"
        " their own."
        for folder, count in sorted(folders.items())
        if count > MOST_FILES
    ]
