"""A .br and a .gz beside each file that gains by it; kept by content, so only what changed is done again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .base import cache_dir, place, run, say, write_atomic

_HERE = Path(__file__).resolve().parent
_COMPRESSIBLE = {
    ".css",
    ".html",
    ".js",
    ".json",
    ".mem",
    ".mjs",
    ".svg",
    ".txt",
    ".wasm",
    ".webmanifest",
    ".whl",
    ".zip",
}
_MIN_BYTES = 512
ENCODINGS = ("br", "gz")


def compress(files: Mapping[Path, str]) -> None:
    """Writes the compressed twins of `files` (path → sha256 of its content)."""
    shelf = cache_dir() / "compressed"
    wanted = {
        path.with_name(f"{path.name}.{encoding}"): (path, shelf / f"{sha256}.{encoding}", encoding)
        for path, sha256 in files.items()
        if path.suffix in _COMPRESSIBLE and path.stat().st_size >= _MIN_BYTES
        for encoding in ENCODINGS
    }
    missing = {kept: (path, encoding) for path, kept, encoding in wanted.values() if not kept.is_file()}
    if missing:
        say(f"compressing {len(missing) // len(ENCODINGS)} files")
        shelf.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=shelf) as scratch:
            jobs = [
                {"from": str(path), "to": f"{scratch}/{kept.name}", "encoding": encoding}
                for kept, (path, encoding) in missing.items()
            ]
            run(
                ["node", _HERE / "compress.mjs"],
                stdin=json.dumps(jobs),
                doing="Compressing",
                action="Free some memory and run this again.",
            )
            for kept in missing:
                write_atomic(kept, Path(scratch) / kept.name)
    for target, (_, kept, _) in wanted.items():
        if kept.stat().st_size:
            place(target, kept)
