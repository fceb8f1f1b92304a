"""Bundles laid out in folders: code is imported from there, and tools read their files there."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from py_app.agents.errors import bad_bundle


@cache
def folder_of_bundles() -> Path:
    """Where this process lays bundles out: new, and nobody else may write there, as code is run from it."""
    folder = Path(tempfile.mkdtemp(prefix="alcove-agents-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class LaidOut:
    """The files of a bundle in the folder `root`, which goes when nobody has this object any more."""

    def __init__(self, root: Path) -> None:
        self.root = root
        weakref.finalize(self, shutil.rmtree, root, ignore_errors=True)


_known: weakref.WeakValueDictionary[str, LaidOut] = weakref.WeakValueDictionary()


def lay_out(files: Mapping[str, bytes]) -> LaidOut:
    """A folder with `files`, the same one for the same files.

    Raises AlcoveError (bad-request) for a name that is both a file and a folder.
    """
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{len(path)} {path} {len(content)} ".encode())
        digest.update(content)
    name = digest.hexdigest()[:24]
    if (known := _known.get(name)) is not None:
        return known
    root = folder_of_bundles() / name
    try:
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        shutil.rmtree(root, ignore_errors=True)
        if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):  # "a" and "a/b"
            raise bad_bundle("A name of the bundle is both a file and a folder.") from None
        raise
    _known[name] = laid_out = LaidOut(root)
    return laid_out
