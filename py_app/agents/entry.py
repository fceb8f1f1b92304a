"""Which file of many is the bundle."""

from __future__ import annotations

from collections.abc import Mapping

from py_app.agents.errors import bad_bundle

_NAMES = ("bundle.md", "bundle.yaml", "bundle.yml")
_SUFFIXES = (".md", ".yaml", ".yml")


def entry_of(files: Mapping[str, bytes]) -> str:
    """The path of the bundle's file: `bundle.md` or `bundle.yaml` at the top or in the one folder that has it
    and that no other one includes; else the only file that may be one.

    Raises AlcoveError (bad-request) where there is none, or no telling which.
    """
    if top := next((name for name in _NAMES if name in files), None):
        return top
    found: dict[str, str] = {}
    for name in _NAMES:
        for path in files:
            folder, _, last = path.partition("/")
            if last == name:
                found.setdefault(folder, path)
    if len(found) > 1:  # several repositories: the one that is nobody's part
        included = {
            folder
            for folder in found
            for other, path in found.items()
            if other != folder and _repository(folder).encode() in files[path]
        }
        found = {folder: path for folder, path in found.items() if folder not in included} or found
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise bad_bundle(
            f"There are several bundles in it: {', '.join(sorted(found))}.",
            "Put a bundle.md beside them that includes those that you want.",
        )
    singles = [path for path in files if path.lower().endswith(_SUFFIXES)]
    if len(singles) == 1:
        return singles[0]
    raise bad_bundle(
        "There is no bundle in it.",
        "A bundle is a file called bundle.md or bundle.yaml, at the top or in a folder.",
    )


def _repository(folder: str) -> str:
    """The name of the repository that a folder is of, as an archive of it is unpacked."""
    name = folder.rpartition("+")[2]
    for branch in ("-main", "-master"):
        name = name.removesuffix(branch)
    return name
