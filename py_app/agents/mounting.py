"""Brings an agent's modules to life: what cannot be mounted is left out and told, the rest is one session."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypedDict, cast

from amplifier_core import AmplifierSession
from amplifier_core.interfaces import Tool

from providers.capabilities import PREPARE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.bundled import BundledAgent
from py_app.agents.errors import Refusal
from py_app.agents.laid_out import folder_of_bundles
from py_app.agents.patience import PatientLoader
from py_app.agents.plan import tables_with_tools
from py_app.context.tokens import TokenScale, size_of
from py_app.errors import AlcoveError
from py_app.module_names import PAGE_TOOLS, current_name
from py_app.policy import Policy
from py_app.session import Preparing

_LISTS = ("providers", "tools", "hooks")
_SESSION = ("orchestrator", "context")
_OURS = (
    "loop-alcove",
    "context-alcove",
    "hooks-alcove-",
    "tool-alcove-",
    "provider-llamacpp",
    "provider-webllm",
)


class ToolAbout(TypedDict):
    """A tool that an agent has: `asks` says that the person is asked before it runs."""

    name: str
    description: str
    asks: bool


@dataclass
class Mounting:
    """What became of an agent in this Python."""

    plan: Json
    """Its part of the mount plan, less what was refused."""
    mounted: list[str]
    refused: list[Refusal]
    tools: list[ToolAbout]
    tokens: int
    """What its system prompt and its tools take of the model's window, by estimate."""


class Opening(Protocol):
    """Opens a session for a plan, as `open_session` does with `partly`."""

    def __call__(self, plan: Json, prepare: Preparing) -> Awaitable[AmplifierSession]: ...


async def open_agent(
    agent: BundledAgent, opening: Opening, begins: Callable[[str], None] = lambda module_id: None
) -> tuple[AmplifierSession, Mounting]:
    """A session with whatever of `agent` can be mounted. Alcove's own loop, context and model take the place
    of those that cannot. `begins` hears which module is loaded next.

    Raises AlcoveError (bad-request) where a session cannot be opened at all.
    """
    plan, refused = _admitted(agent)
    while True:
        loaders: list[PatientLoader] = []

        async def prepare(coordinator: Coordinator, loaders: list[PatientLoader] = loaders) -> None:
            loaders.append(await _equip(coordinator, agent, plan, begins))

        try:
            session = await opening(plan, prepare)
        except AlcoveError:
            failed = loaders[0].failed if loaders else []
            if not _drop(plan, failed):  # it was none of the agent's
                raise
            refused += failed
            continue
        failed = loaders[0].failed
        had_providers = bool(plan.get("providers"))
        _drop(plan, failed)
        refused += failed
        if had_providers and not plan.get("providers"):  # none is left to answer
            await session.cleanup()
            continue
        named = {_loaded_name(spec) for spec in _specs(plan)}
        mounted = [name for name in dict.fromkeys(loaders[0].mounted) if name in named]
        coordinator: Coordinator = session.coordinator
        _drop(coordinator.config, failed)  # its sub-agents need not try them again
        tools = coordinator.get("tools")
        return session, Mounting(plan, mounted, refused, _about(tools), _tokens(agent.prompt, tools))


async def _equip(
    coordinator: Coordinator, agent: BundledAgent, plan: Json, begins: Callable[[str], None]
) -> PatientLoader:
    """Give a session that is not initialized yet what an agent's modules need; returns its loader."""
    for spec in _specs(plan):
        folder = agent.modules.find(spec["module"], spec.get("source"))
        if folder is not None:
            _forget_others(folder)
    loader = PatientLoader(coordinator, begins)
    coordinator.loader = loader
    await coordinator.mount("module-source-resolver", agent.modules)
    coordinator.register_capability("mention_resolver", agent.mentions)
    packages = [str(path) for path in agent.packages]
    sys.path += [path for path in packages if path not in sys.path]
    coordinator.register_capability("bundle_package_paths", packages)

    async def let_go() -> None:  # of the files; a native coordinator is never collected
        for name in ("mention_resolver", PREPARE):
            coordinator.register_capability(name, None)
        await coordinator.unmount("module-source-resolver")

    coordinator.register_cleanup(let_go)
    return loader


def _forget_others(folder: Path) -> None:
    """Another agent's module of the same name may be loaded: the next import finds the one in `folder`. A
    package that lies there beside it may be called as one of ours is, and takes no place of that."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    for name, module in list(sys.modules.items()):
        package, origin = name.partition(".")[0], getattr(module, "__file__", None)
        if package not in packages or not origin or Path(origin).is_relative_to(folder):
            continue
        if package.startswith("amplifier_module_") or Path(origin).is_relative_to(folder_of_bundles()):
            del sys.modules[name]
    sys.path[:] = [path for path in sys.path if path != str(folder)]  # the loader puts it first
    importlib.invalidate_caches()


def _admitted(agent: BundledAgent) -> tuple[Json, list[Refusal]]:
    """A copy of the agent's plan less what may not be mounted, and what that is."""
    plan: Json = copy.deepcopy(agent.plan)
    refused = [*agent.refused, *_take_page_functions(plan)]
    seen: dict[tuple[str, str], object] = {}

    def admit(section: str, spec: Json) -> bool:
        module, source = spec["module"], spec.get("source")
        if module.startswith(_OURS) and agent.modules.find(module, source):
            refused.append(
                {"module": module, "reason": "the bundle's code has the name of one of Alcove's own"}
            )
            return False
        key = (module, str(spec.get("instance_id") or "") if section == "providers" else "")
        if key in seen:
            if seen[key] != source:
                refused.append({"module": module, "reason": "there are two of this name; the first is used"})
            return False
        seen[key] = source
        return True

    for section in _LISTS:
        if section in plan:
            plan[section] = [spec for spec in plan[section] if admit(section, spec)]
    for part in _SESSION:
        spec = plan.get("session", {}).get(part)
        if spec and not admit(part, spec):
            del plan["session"][part]
    return plan, refused


def _take_page_functions(plan: Json) -> list[Refusal]:
    """Take the page's functions out of `plan`, wherever it lists tools: which of them there are, and which
    ask first, only the page says."""
    taken: dict[str, Refusal] = {}
    for table in tables_with_tools(plan):
        listed: object = table["tools"]
        if not isinstance(listed, list):
            continue
        left: list[object] = []
        for spec in cast("list[object]", listed):
            named: Json = cast(Json, spec) if isinstance(spec, dict) else {"module": spec}
            module: object = named.get("module")
            if isinstance(module, str) and _loaded_name(named) == PAGE_TOOLS:
                taken[module] = {"module": module, "reason": "the functions of a page are the page's to give"}
            else:
                left.append(cast(object, spec))
        table["tools"] = left
    return list(taken.values())


def _specs(plan: Json) -> Iterator[Json]:
    for part in _SESSION:
        if spec := plan.get("session", {}).get(part):
            yield spec
    for section in _LISTS:
        yield from plan.get(section, [])


def _loaded_name(spec: Json) -> str:
    """As `mount_plan` has it."""
    module: str = spec["module"]
    return module if "source" in spec else current_name(module)


def _drop(plan: Json, failed: list[Refusal]) -> bool:
    """Take the modules that failed out of `plan`; whether any of them was in it."""
    names = {refusal["module"] for refusal in failed}
    before = len(list(_specs(plan)))
    for section in _LISTS:
        if section in plan:
            plan[section] = [spec for spec in plan[section] if _loaded_name(spec) not in names]
    session: Json = plan.get("session", {})
    for part in _SESSION:
        if part in session and _loaded_name(session[part]) in names:
            del session[part]
    return len(list(_specs(plan))) < before


def _about(tools: dict[str, Tool]) -> list[ToolAbout]:
    policy = Policy()
    return [
        {"name": name, "description": tool.description or "", "asks": policy.verdict(name, tool) != "allow"}
        for name, tool in tools.items()
    ]


def _tokens(prompt: str, tools: dict[str, Tool]) -> int:
    schemas = [
        {"name": name, "description": tool.description, "parameters": getattr(tool, "input_schema", {})}
        for name, tool in tools.items()
    ]
    told = [prompt, *([json.dumps(schemas, default=str)] if schemas else [])]
    return round(
        sum(TokenScale().tokens(size_of({"role": "system", "content": text}), None) for text in told if text)
    )
