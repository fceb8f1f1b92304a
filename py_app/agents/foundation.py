"""Reads a bundle by amplifier-foundation, where its wheel is installed: unmodified, by its public names only.

It would fetch repositories with git; here a source is looked up among the bundle's own files.
"""

from __future__ import annotations

import importlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from providers.json_types import Json
from py_app.agents.bundle import Bundle
from py_app.agents.bundled import BundledAgent
from py_app.agents.errors import Refusal, bad_bundle
from py_app.agents.plan import agents_of
from py_app.agents.sources import ModuleSources, Sources, repository_name
from py_app.errors import AlcoveError


async def read_by_foundation(path: Path, own: Bundle, sources: Sources) -> BundledAgent:
    """The agent of the bundle in the file `path`; `own` is what that file says by itself.

    Raises AlcoveError (bad-request) for what foundation cannot load.
    """
    foundation: Any = importlib.import_module("amplifier_foundation")
    refused: list[Refusal] = []

    def lookup(source: str) -> str | None:
        if "://" not in source:
            return None  # relative to what includes it, which foundation knows
        found = _uri(source, sources)
        if found is None:
            missing: Refusal = {
                "module": repository_name(source),
                "reason": "its repository is not among the files",
            }
            if missing not in refused:
                refused.append(missing)
            return (sources.root / ".not-at-hand").as_uri()
        return found

    # A home of its own: what it remembers of one bundle must not be found by the next.
    with tempfile.TemporaryDirectory() as home:
        registry = foundation.BundleRegistry(home=Path(home), include_source_resolver=lookup)
        try:
            bundle = await foundation.load_bundle(path.as_uri(), registry=registry)
            bundle.resolve_pending_context()
            bundle.load_agent_metadata()
            plan: Json = bundle.to_mount_plan()
            _hold(bundle, plan, sources)
            mentions = _Mentions(_resolver(foundation, bundle, path.parent), sources.root)
            prompt = await _prompt(foundation, bundle, mentions)
        except AlcoveError:
            raise
        except Exception as error:
            raise bad_bundle(f"The bundle cannot be loaded: {error}") from error
    return BundledAgent(
        name=bundle.name or own.name,
        version=str(bundle.version or own.version),
        description=str(bundle.description or own.description).strip(),
        plan=plan,
        prompt=prompt,
        instruction=own.instruction,
        modules=ModuleSources(sources, own.module_bases),
        mentions=mentions,
        entry=path.relative_to(sources.root).as_posix(),
        refused=refused,
        packages=_packages(bundle),
    )


def _hold(bundle: Any, plan: Json, sources: Sources) -> None:
    """It goes wherever a bundle leads it. Raises AlcoveError (bad-request) where that is outside."""
    places: list[Path] = [*bundle.context.values(), *(bundle.source_base_paths or {}).values()]
    for place in places:
        sources.inside(place)
    for name in agents_of(plan):
        for path in (name, name.partition(":")[2]):  # in a folder `agents`, at the top or below
            sources.inside(sources.root / "agents" / path)


def _packages(bundle: Any) -> list[Path]:
    """The folders of Python packages that bundles bring for their modules."""
    folders: list[Path] = [*(bundle.source_base_paths or {}).values()]
    with_code = [folder for folder in folders if (folder / "pyproject.toml").is_file()]
    return [path for folder in with_code for path in (folder / "src", folder / "lib") if path.is_dir()]


def _uri(source: str, sources: Sources) -> str | None:
    """The source as an address of a file among the bundle's, its repository still told from what is in it."""
    address, _, sub = source.partition("#subdirectory=")
    repository = sources.find(address, sources.root)
    if repository is None or (sub and sources.inside(repository / sub) is None):
        return None
    return repository.as_uri() + (f"#subdirectory={sub}" if sub else "")


class _Mentions:
    """Foundation's resolver, held to the files of the bundle."""

    def __init__(self, resolver: Any, root: Path) -> None:
        self._resolver = resolver
        self._root = root

    def resolve(self, mention: str) -> Path | None:
        path: Path | None = self._resolver.resolve(mention)
        return path if path and path.resolve().is_relative_to(self._root) else None


def _resolver(foundation: Any, bundle: Any, base: Path) -> Any:
    """Foundation's own, with a bundle for each namespace."""
    spaces: dict[str, Path] = dict(bundle.source_base_paths or {})
    if bundle.name:
        spaces.setdefault(bundle.name, bundle.base_path or base)
    bundles = {name: replace(bundle, base_path=folder) for name, folder in spaces.items()}
    return foundation.BaseMentionResolver(bundles=bundles, base_path=base)


async def _prompt(foundation: Any, bundle: Any, mentions: Any) -> str:
    """As its own sessions put it together: the instruction, then every file that it names."""
    said = foundation.ContentDeduplicator()
    paths: dict[str, Path] = {}
    for name, path in bundle.context.items():
        if path.exists():
            said.add_file(path, path.read_text("utf-8"))
            paths[name] = path
    instruction: str = bundle.instruction or ""
    for result in await foundation.load_mentions(instruction, resolver=mentions, deduplicator=said):
        if result.resolved_path:
            paths[result.mention] = result.resolved_path
    mention_tools: Any = importlib.import_module("amplifier_foundation.mentions")
    told: str = mention_tools.format_context_block(said, paths)
    return f"{instruction}\n\n---\n\n{told}" if told else instruction
