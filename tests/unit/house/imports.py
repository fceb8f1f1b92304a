"""What the project's files import of each other, read from TypeScript and Python without running either."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

# biome puts every import and export at the start of a line, so a pattern finds them as surely as a parser.
_STATEMENT = re.compile(
    r"""^(?:import|export)\b
        (?P<names>(?:[\w$\s{},*] | //[^\n]* | /\*.*?\*/)*?)       # with comments between
        ["'](?P<path>[^"'\n]+)["']""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
# Lazy, or a type: `await import("./x.ts")`, `typeof import("./x.ts")`.
_CALL = re.compile(r"""\bimport\(\s*["'`](?P<path>[^"'`\n]+)["'`]""")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_IN_COMMENT = re.compile(r"^\s*(?://|/?\*)")


@dataclass(frozen=True)
class Import:
    """
    `importer` is a path from the project's root. `target` is one too, if `ours`; else the name of a package.
    `for_types` says that it is imported while types are checked and never when the program runs.
    """

    importer: str
    target: str
    ours: bool = True
    for_types: bool = False


def typescript_imports(root: Path, folders: Sequence[str]) -> list[Import]:
    """
    What each .ts file below these folders imports by a relative path: statements, `export … from`, types,
    lazy `import("…")`. An address (`new URL(…)`) is none, and packages are left out.
    """
    found = (each for path in source_files(root, folders, ".ts") for each in _of_typescript(root, path))
    return list(dict.fromkeys(Import(importer, target) for importer, target, _ in found))


def typescript_names(root: Path, folders: Sequence[str]) -> set[tuple[str, str]]:
    """
    The names that .ts files below these folders import, each as (file, name); "*" stands for all that a file
    exports: `import * as`, `export *`, a lazy import whose result is used, `typeof import("…")`.
    """
    found = (each for path in source_files(root, folders, ".ts") for each in _of_typescript(root, path))
    return {(target, name) for _, target, names in found for name in names}


def python_imports(root: Path, folders: Sequence[str]) -> list[Import]:
    """What each .py file below these folders imports, in functions too; the standard library is left out."""
    found = (each for path in source_files(root, folders, ".py") for each in _of_python(root, path))
    return list(dict.fromkeys(found))


def source_files(root: Path, folders: Sequence[str], suffix: str) -> list[Path]:
    """The files below these folders (or these files) whose names end in `suffix`."""
    places = [root / folder for folder in folders]
    return sorted(
        path
        for place in places
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.suffix == suffix
    )


def _of_typescript(root: Path, path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Importer, target and names of each import."""
    text = path.read_text()
    importer = path.relative_to(root).as_posix()
    for target, names in (*_statements(text), *_calls(text)):
        target = target.removeprefix("folder:")  # the build's own: all files of a folder as text
        if target.startswith("."):
            yield importer, normpath(PurePosixPath(importer).parent / target), names


def _statements(text: str) -> Iterator[tuple[str, list[str]]]:
    for found in _STATEMENT.finditer(text):
        names = _COMMENT.sub("", found["names"]).removesuffix("from").replace("{", ",").replace("}", ",")
        asked = (each.removeprefix("type ").split() for each in map(str.strip, names.split(",")))
        yield found["path"], [words[0] for words in asked if words and words != ["type"]]


def _calls(text: str) -> Iterator[tuple[str, list[str]]]:
    for found in _CALL.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if not _IN_COMMENT.match(before):
            alone = before.strip() == "await"  # for what the file does when it runs, as `import "…"`
            yield found["path"], [] if alone else ["*"]


def _of_python(root: Path, path: Path) -> Iterator[Import]:
    importer = path.relative_to(root).as_posix()
    tree = ast.parse(path.read_text(), importer)
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        for module in _modules(node, importer):
            target = _file_of(root, module)
            if target:
                yield Import(importer, target, for_types=node in for_types)
            elif (package := module[0]) not in sys.stdlib_module_names:
                yield Import(importer, package, ours=False, for_types=node in for_types)


def _modules(node: ast.AST, importer: str) -> Iterator[tuple[str, ...]]:
    """The dotted names that a statement asks for. `from a import b` asks for a.b: b may be a module."""
    if isinstance(node, ast.Import):
        yield from (tuple(alias.name.split(".")) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = PurePosixPath(importer).parts[: -node.level] if node.level else ()
        module = (*above, *(node.module or "").split(".")) if node.module else above
        yield from ((*module, alias.name) for alias in node.names)


@cache
def _file_of(root: Path, module: tuple[str, ...]) -> str | None:
    """The module's file, or that of the module which holds this name; None when it is not the project's."""
    for length in (len(module), len(module) - 1):
        stem = "/".join(module[:length])
        for name in (f"{stem}.py", f"{stem}/__init__.py"):
            if length and (root / name).is_file():
                return name
    return None
