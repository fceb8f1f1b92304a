"""What Python code gives to a model: the path of a file, or its bytes."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from py_app.errors import AlcoveError


def read(given: str | PathLike[str] | bytes, kind: str) -> bytes:
    """The bytes that are given, or those of the file. Raises AlcoveError `bad-request`, naming its `kind`."""
    if isinstance(given, bytes | bytearray | memoryview):
        return bytes(given)
    path = Path(given)
    try:
        return path.read_bytes()
    except OSError as error:
        raise AlcoveError(
            "bad-request",
            f'The file "{path}" cannot be read.',
            action=f"Write the {kind} into Python's file system first.",
            detail=str(error),
        ) from None
