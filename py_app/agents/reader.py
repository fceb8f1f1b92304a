"""Reads the small bundle by ourselves: one file and what it includes, all among the files that were given."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from providers.json_types import Json
from py_app.agents.bundle import Bundle, bundle_of, table_of
from py_app.agents.errors import Refusal, bad_bundle
from py_app.agents.sources import Sources, repository_name
from py_app.agents.text import decode, read_markdown, read_yaml

_SUFFIXES = ("", ".yaml", ".yml", ".md", "/bundle.md", "/bundle.yaml")
_MOST_INCLUDES = 200
_SECTIONS = ("session", "providers", "tools", "hooks", "provider_preferences", "model_role")


def read_file(path: Path, root: Path) -> tuple[Json, str]:
    """The YAML of a bundle's file, and the markdown after it. Raises AlcoveError (bad-request)."""
    where = path.relative_to(root).as_posix()
    text = decode(path.read_bytes(), where)
    if path.suffix.lower() in (".yaml", ".yml"):
        return read_yaml(text, where), ""
    return read_markdown(text, where)


def read_bundle(entry: Path, sources: Sources) -> Bundle:
    """The bundle of the file `entry`, composed with what it includes.

    What it names and is not among the files is in its `refused`. Raises AlcoveError (bad-request) for files
    that are no bundles, and for bundles that include each other.
    """
    return _Reader(sources).read(entry, {}, ())


class _Reader:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._count = 0

    def read(self, path: Path, bases: dict[str, Path], chain: tuple[Path, ...]) -> Bundle:
        names = [each.relative_to(self._sources.root).as_posix() for each in (*chain, path)]
        if path in chain:
            raise bad_bundle(f"The bundles include each other: {' → '.join(names)}.")
        self._count += 1
        if self._count > _MOST_INCLUDES:
            raise bad_bundle(f"A bundle includes {_MOST_INCLUDES} others at most.")
        table, body = read_file(path, self._sources.root)
        own = bundle_of(table, body, path)
        known = {**own.bases, **bases}
        result: Bundle | None = None
        for include in self._listed(table.get("includes"), "includes", path):
            named = cast(Json, include).get("bundle") if isinstance(include, dict) else include
            if not isinstance(named, str):
                raise bad_bundle(f'{names[-1]}: each of "includes" is a path or {{bundle: path}}.')
            found = self._find(named, path.parent, known)
            if found is None:
                own.refused.append(_missing(named))
                continue
            included = self.read(found, known, (*chain, path))
            known = {**included.bases, **known}
            result = included.over(result) if result else included
        own.agents = self._agents(table, path, known, own.refused)
        own.module_bases = {**dict.fromkeys(_modules_of(own.agents), path.parent), **own.module_bases}
        own.context = self._context(table, path, known, own.refused)
        return own.over(result) if result else own

    def _find(self, named: str, base: Path, bases: dict[str, Path]) -> Path | None:
        """The file that a bundle, agent or context is named by: a path, `name:path`, or a git address."""
        if "://" not in named and ":" in named:
            namespace, named = named.split(":", 1)
            if namespace not in bases:
                return None
            base = bases[namespace]
        for suffix in _SUFFIXES:
            where = named + suffix if "://" not in named else named
            found = self._sources.find(where, base)
            if found is not None and found.is_dir() and "://" in named:
                found = next((found / f for f in ("bundle.md", "bundle.yaml") if (found / f).is_file()), None)
            if found is not None and found.is_file():
                return found
        return None

    def _agents(
        self, table: Json, path: Path, bases: dict[str, Path], refused: list[Refusal]
    ) -> dict[str, Json]:
        """Amplifier's `config["agents"]`: what each agent's file or the bundle itself says of it."""
        given = table.get("agents")
        if not isinstance(given, dict):  # a text or a list says which agents may be called: no definitions
            return {}
        defined = cast(Json, given)
        agents: dict[str, Json] = {
            key: {"name": key, **cast(Json, value)}
            for key, value in defined.items()
            if key != "include" and isinstance(value, dict)
        }
        for name in self._listed(defined.get("include"), "agents.include", path):
            if not isinstance(name, str):
                raise bad_bundle(f'{path.name}: each of "agents.include" is a name.')
            namespace, _, simple = name.rpartition(":")
            place = f"{namespace}:agents/{simple}.md" if namespace else f"agents/{simple}.md"
            found = self._find(place, path.parent, bases)
            if found is None:
                refused.append(_missing(name))
                continue
            front, body = read_file(found, self._sources.root)
            about: object = front.get("meta") or front.get("bundle") or {}
            agents[name] = {
                **(cast(Json, about) if isinstance(about, dict) else {}),
                "name": name,
                **{section: front[section] for section in _SECTIONS if section in front},
                **({"instruction": body.strip()} if body.strip() else {}),
            }
        return agents

    def _context(
        self, table: Json, path: Path, bases: dict[str, Path], refused: list[Refusal]
    ) -> dict[str, Path]:
        files = table_of(table.get("context") or {}, "context", path.name)
        named = {str(key): value for key, value in files.items() if key != "include"}
        named |= {str(each): each for each in self._listed(files.get("include"), "context.include", path)}
        context: dict[str, Path] = {}
        for label, where in named.items():
            found = self._find(where, path.parent, bases) if isinstance(where, str) else None
            if found is None:
                refused.append(_missing(str(where)))
            else:
                context[label] = found
        return context

    def _listed(self, value: object, section: str, path: Path) -> list[object]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_bundle(f'{path.name}: "{section}" must be a list.')
        return cast("list[object]", value)


def _modules_of(agents: dict[str, Json]) -> list[str]:
    """The modules that agents name for themselves."""
    listed: list[object] = [
        agent.get(section) for agent in agents.values() for section in ("providers", "tools", "hooks")
    ]
    specs = [spec for each in listed if isinstance(each, list) for spec in cast("list[object]", each)]
    named: list[object] = [cast(Json, spec).get("module") for spec in specs if isinstance(spec, dict)]
    return [module for module in named if isinstance(module, str)]


def _missing(named: str) -> Refusal:
    what = repository_name(named)
    reason = (
        "not among the files: put its repository into the zip" if what != named else "not among the files"
    )
    return {"module": what, "reason": reason}
