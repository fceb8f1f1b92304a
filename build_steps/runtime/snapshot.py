"""Python's memory once it has started and imported what every session needs: a page begins with that."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..base import BuildError, run, say

_HERE = Path(__file__).resolve().parent
_PAGE = 4096
# Of a file: hosts take 25 MiB.
_MOST_BYTES = 16 << 20
_LIBRARY = ".so"
_LOCAL_HEADER_BYTES = 30


def snapshot(folder: Path, wheels: Sequence[Path], seed: int) -> dict[str, bytes]:
    """
    The files that `workers/python/snapshot.ts` reads, one after the other, for a folder that holds Pyodide
    and `wheels`, of which one has a compiled library. `seed` is that of Python's hashes, for else no two
    builds would be the same. Raises BuildError.
    """
    index = {wheel.name: list(_entries(wheel)) for wheel in wheels}
    libraries = [
        {"wheel": wheel, "path": path, "at": at, "bytes": size}
        for wheel, entries in index.items()
        for path, at, size in entries
        if path.endswith(_LIBRARY)
    ]
    if len(libraries) != 1:
        raise BuildError(
            f"{len(libraries)} compiled libraries are to be part of Python's memory.",
            "Make workers/python/snapshot.ts load them in their order.",
        )
    say("keeping Python's memory")
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as scratch:
        out = Path(scratch) / "memory"
        request = {
            "pyodide": str(folder),
            "wheels": index,
            "library": libraries[0],
            "seed": str(seed),
            "out": str(out),
        }
        answer = run(
            ["node", _HERE / "snapshot.mjs"],
            stdin=json.dumps(request),
            doing="Keeping Python's memory",
            action="Correct the module that it names.",
        )
        memory = out.read_bytes()
    places: dict[str, Any] = json.loads(answer.strip().splitlines()[-1])
    whole = packed(memory, {**places, "wheels": index, "library": libraries[0]})
    starts = range(0, len(whole), _MOST_BYTES)
    return {f"snapshot.{i}.mem": whole[at : at + _MOST_BYTES] for i, at in enumerate(starts, 1)}


def packed(memory: bytes, about: dict[str, Any]) -> bytes:
    """
    The length of a header (uint32, little-endian), the header (JSON: `about` with `bytes` and `runs`,
    [at, length] of each stretch that is not zero), and those.
    """
    runs = list(_runs(memory))
    header = json.dumps({**about, "bytes": len(memory), "runs": runs}, separators=(",", ":")).encode()
    data = b"".join(memory[at : at + size] for at, size in runs)
    return len(header).to_bytes(4, "little") + header + data


def _runs(memory: bytes) -> Iterator[tuple[int, int]]:
    zero, begun = bytes(_PAGE), None
    for at in range(0, len(memory), _PAGE):
        empty = memory[at : at + _PAGE] == zero[: len(memory) - at]
        if begun is None and not empty:
            begun = at
        elif begun is not None and empty:
            yield begun, at - begun
            begun = None
    if begun is not None:
        yield begun, len(memory) - begun


def _entries(wheel: Path) -> Iterator[tuple[str, int, int]]:
    """Path, place in the wheel and bytes of each of its files, none of which is deflated (`bytecode.py`)."""
    with zipfile.ZipFile(wheel) as archive, wheel.open("rb") as raw:
        for entry in archive.infolist():
            if entry.compress_type != zipfile.ZIP_STORED:
                raise BuildError(f"{entry.filename} of {wheel.name} is deflated.", "Store it as it is.")
            raw.seek(entry.header_offset + 26)
            name, extra = (int.from_bytes(raw.read(2), "little") for _ in range(2))
            yield entry.filename, entry.header_offset + _LOCAL_HEADER_BYTES + name + extra, entry.file_size
