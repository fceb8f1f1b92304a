"""The mount plan of a sub-agent: its parent's, with what the agent's own entry says laid over it.

An entry of the plan's `agents` is a part of a mount plan (`session`, `providers`, `tools`, `hooks`), with a
`description` for the model that chooses among agents, and an `instruction`, the agent's system prompt.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import cast

from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.tools.built_in import MODULES

Agents = Mapping[str, Json]
"""What the plan says of each agent, by its name."""

SELF = "self"
"""The name by which an agent hands on work to another of its own kind."""


_PLACES = frozenset({"base_url", "host", "proxy"})
"""Settings of a provider that say whom it asks; so does every address."""


class AgentError(AlcoveError, ValueError):
    """Why an agent cannot work, in words that a model can act on. (Modules of others expect a ValueError.)"""

    def __init__(self, message: str) -> None:
        super().__init__("bad-request", message)


def agents_of(plan: Mapping[str, object]) -> dict[str, Json]:
    """The agents that a mount plan names. Entries that are no tables are left out."""
    named = plan.get("agents")
    entries = cast("dict[str, object]", named).items() if isinstance(named, dict) else ()
    return {name: cast(Json, agent) for name, agent in entries if isinstance(agent, dict)}


def tables_with_tools(plan: Json) -> list[Json]:
    """The plan, what it gives to all its agents, and each of these: wherever `tools` may stand."""
    tables: list[object] = [plan, plan.get("spawn"), *agents_of(plan).values()]
    return [cast(Json, table) for table in tables if isinstance(table, dict) and "tools" in table]


def delegating(plan: Mapping[str, object], tools: Sequence[object]) -> list[str]:
    """The tool by which a model reaches the agents of a conversation's plan, unless it has one already."""
    mounted = {entry.get("module") for entry in _modules(plan.get("tools"))}
    has = "delegate" in tools or bool(mounted & {MODULES["delegate"], "tool-delegate", "tool-task"})
    return ["delegate"] if agents_of(plan) and not has else []


def find(agents: Agents, name: str) -> Json:
    """The agent's entry. Raises AgentError, which lists the agents that there are."""
    if name == SELF:
        return {}
    if name not in agents:
        known = ", ".join(sorted(agents)) or "none"
        raise AgentError(f'There is no agent called "{name}". The agents are: {known}.')
    return agents[name]


def instruction_of(agent: Json) -> str:
    """The agent's system prompt, wherever its entry says it; "" where it says none."""
    said: object = agent.get("instruction") or agent.get("instructions") or agent.get("system") or ""
    if isinstance(said, dict):
        said = cast(Json, said).get("instruction") or ""
    return str(said)


def child_plan(
    parent: Json,
    agent: Json,
    *,
    tool_inheritance: Mapping[str, Sequence[str]] | None = None,
    hook_inheritance: Mapping[str, Sequence[str]] | None = None,
    orchestrator_config: Json | None = None,
    session_metadata: Json | None = None,
) -> Json:
    """The whole mount plan, which shares nothing with the parent's; the system prompt is not in it.

    An inheritance is {"exclude_tools": [module]} or {"inherit_tools": [module]} ("…_hooks" for hooks): what
    of the parent's the child has. What the agent names itself it has in any case. The plan's own
    `spawn: {"exclude_tools" | "tools"}` holds for all agents. `agents` of the agent's entry is "none" or a
    list of names: whom it may let work in turn.
    """
    plan = copy.deepcopy(parent)
    agent = copy.deepcopy(agent)
    spawn: Json = plan.get("spawn") or {}
    inherited = spawn["tools"] if "tools" in spawn else _without(plan.get("tools"), spawn, "tools")
    tools = _inherited(inherited, tool_inheritance, "tools")
    hooks = _inherited(plan.get("hooks"), hook_inheritance, "hooks")
    plan["tools"] = _merged(tools, agent.get("tools"))
    plan["hooks"] = _merged(hooks, agent.get("hooks"))
    plan["providers"] = _providers(_modules(agent.get("providers")), _modules(plan.get("providers")))
    session: Json = plan.setdefault("session", {})
    config_of(session.get("context")).pop("system", None)
    plan["session"] = session = _laid_over(session, agent.get("session") or {})
    if orchestrator_config:
        orchestrator: Json = session.setdefault("orchestrator", {})
        orchestrator["config"] = {**config_of(orchestrator), **copy.deepcopy(orchestrator_config)}
    if session_metadata:
        session["metadata"] = copy.deepcopy(session_metadata)
    if (allowed := agent.get("agents")) == "none":
        plan["agents"] = {}
    elif isinstance(allowed, list):
        plan["agents"] = {name: each for name, each in agents_of(plan).items() if name in allowed}
    return plan


def config_of(module: object) -> Json:
    """The configuration in a module's entry: the very table, where there is one."""
    config = cast(Json, module).get("config") if isinstance(module, dict) else None
    return cast(Json, config) if isinstance(config, dict) else {}


def _modules(listed: object) -> list[Json]:
    """The entries of a list of modules; a name alone, also that of a tool of ours, is one without config."""
    entries = cast("list[object]", listed) if isinstance(listed, list) else [listed] if listed else []
    named = [{"module": MODULES.get(e, e)} if isinstance(e, str) else e for e in entries]
    if not all(isinstance(entry, dict) and "module" in entry for entry in named):
        raise AgentError('Each module is a name, or a table with its name as "module".')
    return cast("list[Json]", named)


def _providers(own: list[Json], inherited: list[Json]) -> list[Json]:
    """The agent's own come first: an orchestrator takes the first. A server that the agent names is not told
    what the parent's is, its key before all."""
    named = {_key(entry): config_of(entry) for entry in own}
    known: list[Json] = [
        {**entry, "config": {}} if _asks_elsewhere(named.get(_key(entry), {}), config_of(entry)) else entry
        for entry in inherited
    ]
    return _merged(own, known, under=True)


def _asks_elsewhere(config: Json, parents: Json) -> bool:
    places = [key for key, value in config.items() if key in _PLACES or "://" in str(value)]
    return any(config[key] != parents.get(key) for key in places)


def _inherited(listed: object, policy: Mapping[str, Sequence[str]] | None, kind: str) -> list[Json]:
    policy = policy or {}
    kept = policy.get(f"inherit_{kind}")
    if kept is not None:
        return [entry for entry in _modules(listed) if entry.get("module") in kept]
    return _without(listed, policy, kind)


def _without(listed: object, policy: Mapping[str, Sequence[str]], kind: str) -> list[Json]:
    excluded = policy.get(f"exclude_{kind}") or ()
    return [entry for entry in _modules(listed) if entry.get("module") not in excluded]


def _merged(base: list[Json], listed: object, *, under: bool = False) -> list[Json]:
    """`base` and the modules of `listed`, one entry each; where both say something the second counts, unless
    `under`."""
    merged = {_key(entry): entry for entry in base}
    for entry in _modules(listed):
        known = merged.get(_key(entry))
        if known is not None:
            entry = _laid_over(entry, known) if under else _laid_over(known, entry)
        merged[_key(entry)] = entry
    return list(merged.values())


def _key(entry: Json) -> str:
    return str(entry.get("id") or entry.get("instance_id") or entry.get("module"))


def _laid_over(base: Json, over: Json) -> Json:
    """Tables within tables are laid over each other; everything else is replaced."""
    laid = {**base}
    for key, value in over.items():
        known = laid.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        laid[key] = _laid_over(cast(Json, known), cast(Json, value)) if both else value
    return laid
