"""From a bundle's files to an agent: by Amplifier's foundation where that is installed, else by ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from py_app.agents.bundle import Bundle, bundle_of
from py_app.agents.bundled import BundledAgent
from py_app.agents.entry import entry_of
from py_app.agents.errors import bad_bundle
from py_app.agents.laid_out import lay_out
from py_app.agents.mentions import MentionResolver, system_prompt
from py_app.agents.reader import read_bundle, read_file
from py_app.agents.sources import ModuleSources, Sources


async def read_agent(files: Mapping[str, bytes]) -> BundledAgent:
    """The agent of a bundle's files. Raises AlcoveError (bad-request) where they are none."""
    entry = entry_of(files)
    sources = Sources(lay_out(files))
    path = sources.root / entry
    table, body = read_file(path, sources.root)
    own = bundle_of(table, body, path)  # whoever reads on, what is no bundle is told in one way
    if not (table or body.strip()):
        raise bad_bundle(f"{entry} is empty.")
    if find_spec("amplifier_foundation") is not None:
        from py_app.agents.foundation import read_by_foundation

        agent = await read_by_foundation(path, own, sources)
    else:
        agent = _read(path, own, sources)
    agent.own_tools = {spec["module"] for spec in own.plan.get("tools", [])}
    return agent


def _read(path: Path, own: Bundle, sources: Sources) -> BundledAgent:
    bundle = read_bundle(path, sources)
    mentions = MentionResolver(sources, bundle.bases, path.parent)
    return BundledAgent(
        name=bundle.name,
        version=bundle.version,
        description=bundle.description,
        plan={**bundle.plan, **({"agents": bundle.agents} if bundle.agents else {})},
        prompt=system_prompt(bundle.instruction, bundle.context, mentions),
        instruction=own.instruction,
        modules=ModuleSources(sources, bundle.module_bases),
        mentions=mentions,
        entry=path.relative_to(sources.root).as_posix(),
        refused=bundle.refused,
    )
