"""The files of a bundle: taken from a zip or a folder, checked, packed as a zip."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from py_app.agents.errors import bad_bundle
from py_app.errors import AlcoveError

MOST_BYTES = 64 * 2**20
"""Of all files together, unpacked."""
MOST_PACKED = 32 * 2**20
MOST_FILES = 10_000
_MOST_NAME = 500
_MOST_PART = 255
"""Bytes that a disk takes of the name of one file."""
_LEFT_OUT = frozenset({".git", "__MACOSX", "__pycache__", "node_modules", ".venv", ".DS_Store"})
_TIME = (2020, 1, 1, 0, 0, 0)

Files = dict[str, bytes]
"""By path, with slashes, relative to the root of the bundle."""


def collect(given: Iterable[tuple[str, bytes]]) -> Files:
    """The files that were given; a zip that is given alone is what is in it.

    Raises AlcoveError (bad-request) for a name that leads out, a link, a name twice, too many or too large
    files, and a damaged zip. What belongs to tools (`.git`, `node_modules`, …) is left out.
    """
    pairs = list(given)
    if len(pairs) == 1 and (pairs[0][0].lower().endswith(".zip") or pairs[0][1].startswith(b"PK\x03\x04")):
        name, content = pairs[0]
        if len(content) > MOST_PACKED:
            raise _too_large(name)
        return unpack(content, name)
    taken = _Taken()
    for name, content in pairs:
        if (path := _checked(name)) is not None:
            taken.put(path, content)
    return taken.some()


def files_at(path: Path) -> list[tuple[str, bytes]]:
    """What `collect` takes, of a file or of all files of a folder.

    Raises OSError, and AlcoveError (bad-request) for a link in the folder.
    """
    if not path.is_dir():
        return [(path.name, path.read_bytes())]
    found: list[tuple[str, bytes]] = []
    for file in sorted(path.rglob("*")):
        if _LEFT_OUT.intersection(file.relative_to(path).parts):
            continue  # before it is read: it may be much
        if file.is_symlink():
            raise _link(path.name, file.name)
        if file.is_file():
            found.append((file.relative_to(path.parent).as_posix(), file.read_bytes()))
    return found


def unpack(content: bytes, name: str = "The zip") -> Files:
    """The files of a zip. Raises AlcoveError as `collect`."""
    taken = _Taken()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise bad_bundle(f"{name} has more than {MOST_FILES:,} files.")
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise _too_large(name)
            for entry in entries:
                if stat.S_ISLNK(entry.external_attr >> 16):
                    raise _link(name, entry.filename)
                if entry.flag_bits & 1:
                    raise bad_bundle(f"{name} is locked with a password.", "Pack it without one.")
                if (path := _checked(entry.filename)) is not None:
                    with archive.open(entry) as file:  # never more than it says: zipfile stops there
                        taken.put(path, file.read(MOST_BYTES + 1))
    except AlcoveError:
        raise
    except Exception as error:  # each way of packing fails in ways of its own
        raise bad_bundle(f"{name} is no zip that can be read ({error}).", "Pack it again.") from None
    return taken.some()


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files`, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


class _Taken:
    """The files so far, and how much they are."""

    def __init__(self) -> None:
        self._files: Files = {}
        self._bytes = 0

    def put(self, path: str, content: bytes) -> None:
        if path in self._files:
            raise bad_bundle(f'There are two files called "{path}".')
        self._files[path] = content
        self._bytes += len(content)
        if len(self._files) > MOST_FILES:
            raise bad_bundle(f"A bundle has {MOST_FILES:,} files at most.")
        if self._bytes > MOST_BYTES:
            raise _too_large(path)

    def some(self) -> Files:
        if not self._files:
            raise bad_bundle("There are no files in it.", "Choose bundle.md, bundle.yaml or a zip.")
        return self._files


def _checked(name: str) -> str | None:
    """`name` as a relative path; None for what is left out. Raises AlcoveError for one that leads out."""
    path = PurePosixPath(name)
    if (
        not path.parts
        or path.is_absolute()
        or "\\" in name
        or "\0" in name
        or ".." in path.parts
        or path.parts[0].endswith(":")
        or len(name) > _MOST_NAME
        or any(len(part.encode(errors="replace")) > _MOST_PART for part in path.parts)
    ):
        raise bad_bundle(f'The name "{name[:_MOST_NAME]}" leads out of the bundle, or is none.')
    return None if _LEFT_OUT.intersection(path.parts) else str(path)


def _link(where: str, name: str) -> Exception:
    return bad_bundle(
        f'{where}: "{name}" is a link, and a bundle has only files.',
        "Take it out, or put the file in its place.",
    )


def _too_large(name: str) -> Exception:
    return bad_bundle(
        f"{name} is too large: a bundle has {MOST_PACKED // 2**20} MB as a zip and"
        f" {MOST_BYTES // 2**20} MB unpacked at most.",
        "Leave out what the agent does not need.",
    )
