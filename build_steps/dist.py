"""dist/ as a set of files: each written whole, hashed names first, and nothing left of an older build."""

from __future__ import annotations

import os
from pathlib import Path

from .base import place, sha256, write_atomic
from .compress import ENCODINGS, compress
from .headers import IMMUTABLE, cache_control


class Dist:
    """Files to be, by path relative to the root of the site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._content: dict[str, bytes | Path] = {}
        self._sha256: dict[str, str] = {}
        self._twins: set[str] = set()

    def add(self, path: str, content: bytes | Path) -> None:
        """Adds a file. A Path must be one that is never written to again: it may be hard-linked."""
        self._content[path] = content
        self._sha256[path] = sha256(content)

    def add_hashed(self, stem: str, suffix: str, content: bytes | Path) -> str:
        """Adds a file under a name that changes with its content, and returns that name."""
        path = f"{stem}-{sha256(content)[:10]}{suffix}"
        self.add(path, content)
        return path

    def manifest(self) -> dict[str, dict[str, int | str]]:
        """Bytes and SHA-256 of each file so far."""
        return {
            path: {
                "bytes": len(content) if isinstance(content, bytes) else content.stat().st_size,
                "sha256": self._sha256[path],
            }
            for path, content in sorted(self._content.items())
        }

    def write(self) -> None:
        """
        Writes what is not there yet. Whatever names other files (index.html, sw.js, …) comes last, so that a
        page loaded meanwhile belongs to one build.
        """
        for path in sorted(self._content, key=lambda path: (cache_control(path) != IMMUTABLE, path)):
            content, target = self._content[path], self.root / path
            if isinstance(content, bytes):
                write_atomic(target, content)
            elif not (target.is_file() and target.samefile(content)):
                place(target, content)

    def compress(self) -> None:
        """Adds compressed twins; called after `write`."""
        compress({self.root / path: digest for path, digest in self._sha256.items()})
        self._twins = {f"{path}.{encoding}" for path in self._content for encoding in ENCODINGS}

    def prune(self) -> None:
        """Removes what is not of this build."""
        for folder, _, names in os.walk(self.root, topdown=False):
            for name in names:
                path = Path(folder, name)
                if path.relative_to(self.root).as_posix() not in self._twins | self._content.keys():
                    path.unlink()
            if not os.listdir(folder):
                os.rmdir(folder)
