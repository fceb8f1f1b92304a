"""The project keeps to its own rules: who may know whom (rules.py), and no circle of files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from guard import breaches, circles, fits
from imports import Import, python_imports, typescript_imports
from rules import PYTHON, TYPESCRIPT
from sizes import sources

_ROOT = Path(__file__).resolve().parents[3]
_FOLDERS = {
    "TypeScript": ("web", "workers"),
    "Python": ("py_app", "providers", "build.py", "build_steps", "relay", "models"),
}
_ROOMS = {"TypeScript": TYPESCRIPT, "Python": PYTHON}


@cache
def imports_of(language: str) -> list[Import]:
    read = typescript_imports if language == "TypeScript" else python_imports
    return read(_ROOT, _FOLDERS[language])


def fail_with(lines: Sequence[str]) -> None:
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.mark.parametrize("language", _ROOMS)
def test_every_room_knows_only_whom_it_may(language: str) -> None:
    fail_with(breaches(imports_of(language), _ROOMS[language]))


@pytest.mark.parametrize("language", _ROOMS)
def test_no_files_know_each_other_in_a_circle(language: str) -> None:
    fail_with(circles(imports_of(language)))


def test_no_import_of_typescript_escapes_the_reader() -> None:
    """Counted in another way than it is read: by the ends of the statements."""
    ends = re.compile(r"""^(?:import|export|\}).*?["'](\.[^"'\n]+)["'];$""", re.MULTILINE)
    counted = {
        (path.relative_to(_ROOT).as_posix(), (path.parent / target).resolve().relative_to(_ROOT).as_posix())
        for folder in _FOLDERS["TypeScript"]
        for path in (_ROOT / folder).rglob("*.ts")
        for target in ends.findall(path.read_text())
        if (path.parent / target).is_file()
    }
    read = {(found.importer, found.target) for found in imports_of("TypeScript")}
    assert len(counted) > 400
    assert counted <= read


def test_no_rule_is_about_what_is_no_longer_there() -> None:
    paths = sources(_ROOT)
    places = [place for room in (*TYPESCRIPT, *PYTHON) for place in (room.place, *room.knows)]
    fail_with(
        [
            f"rules.py names {place}, and there is no such place: correct it or remove it."
            for place in dict.fromkeys(places)
            if not any(fits(place, path) for path in paths)
        ]
    )


def test_only_one_file_of_the_sdk_asks_where_it_lies() -> None:
    """Bundled into somebody's page, it lies elsewhere than the site's files: `siteBase()` says where."""
    asking = [
        path.relative_to(_ROOT).as_posix()
        for folder in ("web/sdk", "web/element")
        for path in sorted((_ROOT / folder).rglob("*.ts"))
        if "import.meta.url" in path.read_text()
    ]
    assert asking == ["web/sdk/base.ts"]
