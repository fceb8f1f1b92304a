"""Where modules come from: a plan's `source` is honoured for what is at hand; and why one is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from urllib.parse import unquote, urlsplit

from amplifier_core.module_sources import ModuleNotFoundError as NotAtHandError

_OURS = "alcove"
_PLACES = ("/", "./", "../", "~", "file:")


class ModuleFolder:
    """Amplifier's ModuleSource: a folder on Python's own disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self) -> Path:
        return self._folder


class SourceResolver:
    """Amplifier's ModuleSourceResolver: a folder is taken, an address stands for its installed wheel.

    Nothing is fetched: a plan may come from anybody, and code is installed by the person.
    """

    def resolve(
        self, module_id: str, source_hint: object = None, profile_hint: object = None
    ) -> ModuleFolder:
        """Raises NotAtHandError, on which the kernel looks among what is installed, and ValueError."""
        if not source_hint:
            raise NotAtHandError(module_id)
        source = str(source_hint)
        if source.startswith(_PLACES):
            folder = _folder(source)
            if not folder.is_dir():
                raise ValueError(f'there is no folder "{source}"')
            return ModuleFolder(folder)
        if any(_is_of(point, module_id, source) for point in _points(module_id)):
            raise NotAtHandError(module_id)
        raise ValueError(f"its source {source} is not fetched by Alcove. Install its wheel first")


def why_not(modules: Iterable[str]) -> str:
    """Which of `modules` cannot be imported and why, in one sentence each; "" if all can."""
    return "; ".join(f"{module}: {reason}" for module in modules if (reason := _why_not(module)))


def _why_not(module: str) -> str | None:
    for point in _points(module):
        try:
            point.load()
        except ModuleNotFoundError as error:
            return f'it needs the Python package "{error.name}", which is not installed'
        except Exception as error:
            return f"its code fails with {type(error).__name__}: {error}"
    return None


def _points(module: str) -> Iterable[EntryPoint]:
    return entry_points(group="amplifier.modules", name=module)


def _is_of(point: EntryPoint, module: str, source: str) -> bool:
    """Whether the wheel that brings `point` is the one that `source` means: ours is nobody else's."""
    name = point.dist.name if point.dist else ""
    if name == _OURS:
        return False
    path = unquote(urlsplit(source.removeprefix("git+")).path)
    last = path.rstrip("/").rsplit("/", 1)[-1].split("@")[0].removesuffix(".git")
    wheel = last.split("-")[0] if last.endswith(".whl") else last
    # A repository may hold many modules; then the fragment says which one, and the module's name is enough.
    return "#subdirectory=" in source or _normal(wheel) in (_normal(name), _normal(module))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower().removeprefix("amplifier-module-")


def _folder(source: str) -> Path:
    path = unquote(urlsplit(source).path) if source.startswith("file:") else source
    return Path(path).expanduser()
