"""What is told of a bundle before anything runs, and the bundle as it is kept."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec

from amplifier_core import AmplifierSession

from providers.json_types import Json
from py_app.agents.archive import Files, collect, pack, unpack
from py_app.agents.bundled import BundledAgent
from py_app.agents.edit import changed
from py_app.agents.mounting import Mounting, open_agent
from py_app.agents.plan import delegating, tables_with_tools
from py_app.agents.reading import read_agent
from py_app.agents.text import decode
from py_app.bridge import Host
from py_app.session import Preparing, mount_plan, open_session
from py_app.tools.built_in import MODULES, mcp_servers

READING = "alcove:bundle"
"""Stands for a session where the page is told which module of a bundle is loaded next."""


async def read_bundle(given: Iterable[tuple[str, bytes]], host: Host | None = None) -> tuple[Json, bytes]:
    """Read the bundle in the files `given`, by name, and mount it once; no turn runs.

    Answers its report, and the bundle packed for `agent_in` and `change_bundle`. The report is {"name",
    "version", "description", "instruction", "entry", "mounted": [module], "refused": [{"module", "reason"}],
    "tools": [{"name", "description", "asks", "own": a tool of ours that its own file names}], "tokens",
    "providers": [spec of a mount plan], "servers": [address of an MCP server], "ownServers": [id of one of
    the person's], "agents": [name], "text": what its file says, where it is one file}.

    Raises AlcoveError (bad-request).
    """
    return await _read(collect(given), host)


async def change_bundle(archive: bytes, changes: Json, host: Host | None = None) -> tuple[Json, bytes]:
    """Make `changes` (see `edit.changed`) in a packed bundle; answers and raises as `read_bundle`."""
    return await _read(changed(unpack(archive), changes), host)


async def agent_in(archive: bytes) -> BundledAgent:
    """The agent of a packed bundle, a copy of its own. Raises AlcoveError (bad-request)."""
    key = _key(archive)
    agent = _known.pop(key, None) or await read_agent(unpack(archive))
    _remember(key, agent)
    return replace(agent, plan=copy.deepcopy(agent.plan))


_MOST_KNOWN = 4
_known: dict[str, BundledAgent] = {}
"""Those that were read last: a large bundle takes a second or two."""


def _key(archive: bytes) -> str:
    """The bundle's content, and by whom it is read."""
    return f"{hashlib.sha256(archive).hexdigest()} {find_spec('amplifier_foundation') is not None}"


def _remember(key: str, agent: BundledAgent) -> None:
    _known[key] = agent
    while len(_known) > _MOST_KNOWN:
        del _known[next(iter(_known))]


async def _read(files: Files, host: Host | None) -> tuple[Json, bytes]:
    agent = await read_agent(files)

    async def opening(plan: Json, prepare: Preparing) -> AmplifierSession:
        full = mount_plan(plan, system=agent.prompt, tools=delegating(plan, []))
        return await open_session(full, host=host, system=agent.prompt, prepare=prepare)

    def begins(module_id: str) -> None:
        if host:
            host.emit(READING, json.dumps({"type": "module", "module": module_id}))

    session, mounting = await open_agent(agent, opening, begins)
    await session.cleanup()
    archive = pack(files)
    _remember(_key(archive), agent)
    return _told(agent, mounting, files), archive


def _told(agent: BundledAgent, mounting: Mounting, files: Files) -> Json:
    plan = mounting.plan
    return {
        "name": agent.name,
        "version": agent.version,
        "description": agent.description,
        "instruction": agent.instruction,
        "entry": agent.entry,
        "mounted": mounting.mounted,
        "refused": mounting.refused,
        "tools": [{**tool, "own": MODULES.get(tool["name"]) in agent.own_tools} for tool in mounting.tools],
        "tokens": mounting.tokens,
        "providers": plan.get("providers", []),
        **_servers(plan),
        "agents": sorted(plan.get("agents", {})),
        **({"text": decode(files[agent.entry], agent.entry)} if len(files) == 1 else {}),
    }


def _servers(plan: Json) -> Json:
    named = [each for table in tables_with_tools(plan) for each in mcp_servers(table["tools"])]
    addresses = [str(planned["url"]) for _, planned in named if isinstance(planned.get("url"), str)]
    own = [name for name, planned in named if "url" not in planned]
    return {"servers": list(dict.fromkeys(addresses)), "ownServers": list(dict.fromkeys(own))}
