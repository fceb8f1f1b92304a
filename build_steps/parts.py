"""Large files in parts, for hosts that take no file over 25 MiB; workers/files/parts.ts joins them."""

from __future__ import annotations

from pathlib import Path

from .base import cache_dir, write_atomic

MOST_BYTES = 25 << 20
_PART_BYTES = 24 << 20


def cut(path: Path, sha256: str) -> list[Path]:
    """The parts of a file whose content has this hash, in their order; made once, and kept in the cache."""
    folder = cache_dir() / "models" / sha256 / f"parts-{_PART_BYTES}"
    size = path.stat().st_size
    names: list[Path] = []
    with path.open("rb") as file:
        for start in range(0, size, _PART_BYTES):
            name = folder / f"{start // _PART_BYTES + 1}"
            if not name.is_file() or name.stat().st_size != min(_PART_BYTES, size - start):
                file.seek(start)
                write_atomic(name, file.read(_PART_BYTES))
            names.append(name)
    return names
