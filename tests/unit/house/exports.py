"""Exports of TypeScript that no other file imports: each makes a reader look for the one who needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from imports import source_files, typescript_names

_DECLARED = re.compile(
    r"^export\s+(?:(?:declare|abstract|async)\s+)*"
    r"(?:function\*?|class|const|let|interface|type|enum)\s+(?P<name>[\w$]+)",
    re.MULTILINE,
)
_LISTED = re.compile(r"^export\s+(?:type\s+)?\{(?P<names>[^}]*)\};$", re.MULTILINE)


def unused_exports(root: Path, folders: Sequence[str], tests: str, public: str) -> list[str]:
    """
    One line for each name that a file below `folders` exports and no other file, there or below `tests`,
    imports. What the file `public` exports is for others.
    """
    used = typescript_names(root, [*folders, tests])
    return [
        f"{path} exports {name}, which no other file imports: un-export it, or delete it if nothing here uses"
        " it either."
        for file in source_files(root, folders, ".ts")
        if (path := file.relative_to(root).as_posix()) != public and (path, "*") not in used
        for name in _exports(file.read_text())
        if (path, name) not in used
    ]


def _exports(text: str) -> list[str]:
    listed = (each for found in _LISTED.finditer(text) for each in found["names"].split(","))
    return [found["name"] for found in _DECLARED.finditer(text)] + [
        words[-1] for each in listed if (words := each.split())
    ]
