"""Where what a bundle names lies among its files: repositories by their address, and modules."""

from __future__ import annotations

import re
from pathlib import Path

from amplifier_core.module_sources import ModuleNotFoundError as NotAtHandError

from py_app.agents.errors import bad_bundle
from py_app.agents.laid_out import LaidOut

_GIT = re.compile(
    r"^git\+https?://[^/]+/(?P<owner>[^/@#]+)/(?P<repo>[^/@#]+?)(?:\.git)?/?"
    r"(?:@(?P<ref>[^#]+))?(?:#subdirectory=(?P<sub>[^&]+))?$"
)
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


class Sources:
    """The files of one bundle, in the folder `root`; several repositories lie there side by side. They are
    there for as long as this is, which each session with the bundle has."""

    def __init__(self, laid_out: LaidOut) -> None:
        self.root = laid_out.root
        self._laid_out = laid_out

    def find(self, source: str, base: Path) -> Path | None:
        """The file or folder that `source` means: a git address, or a path relative to the folder `base`.

        None where it is not among the files. Raises AlcoveError (bad-request) for one that leads out.
        """
        git = _GIT.match(source)
        if git is None:
            return None if "://" in source else self.inside(base / source)
        repository = self.repository(git["owner"], git["repo"], git["ref"])
        return repository and self.inside(repository / (git["sub"] or "."))

    def inside(self, path: Path) -> Path | None:
        """`path` if it is there. Raises AlcoveError (bad-request) if it leads out of the bundle."""
        found = path.resolve()
        if not found.is_relative_to(self.root):
            raise bad_bundle(f'"{path.name}" is named by a path that leads out of the bundle.')
        return found if found.exists() else None

    def repository(self, owner: str, repo: str, ref: str | None) -> Path | None:
        """The folder of a repository: called as it is, with its owner, or as an archive of it unpacks."""
        names = (repo, f"{owner}+{repo}", f"{owner}-{repo}", f"{owner}/{repo}")
        for name in names:
            if (self.root / name).is_dir():
                return self.root / name
        refs = {"main", "master", (ref or "main").replace("/", "-")}
        for folder in sorted(self.root.iterdir()):
            rest = folder.name.removeprefix(f"{repo}-")
            if folder.is_dir() and rest != folder.name and (rest in refs or _COMMIT.fullmatch(rest)):
                return folder
        return None


class ModuleSources:
    """Amplifier's `module-source-resolver`: modules whose code came with the bundle."""

    def __init__(self, sources: Sources, bases: dict[str, Path]) -> None:
        """`bases` is the folder from which a module's relative source counts, by the module's name."""
        self._sources = sources
        self._bases = bases

    def resolve(self, module_id: str, source_hint: object = None, profile_hint: object = None) -> _Found:
        """Amplifier's protocol. Raises its ModuleNotFoundError for what did not come with the bundle."""
        found = self.find(module_id, source_hint)
        if found is None:
            raise NotAtHandError(f"The code of {module_id} did not come with the bundle.")
        return _Found(found)

    def find(self, module_id: str, source: object) -> Path | None:
        """The folder with a module's code; None where the bundle has none."""
        base = self._bases.get(module_id, self._sources.root)
        found = self._sources.find(source, base) if isinstance(source, str) else None
        return found if found is not None and found.is_dir() else None


class _Found:
    """Amplifier's ModuleSource."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def resolve(self) -> Path:
        return self._path


def repository_name(source: str) -> str:
    """How a source is told to a person: "owner/repository", or as it is."""
    git = _GIT.match(source)
    return f"{git['owner']}/{git['repo']}" if git else source
