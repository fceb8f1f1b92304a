"""Mount plan to AmplifierSession."""

from __future__ import annotations

import copy
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from amplifier_core import AmplifierSession
from amplifier_core.approval import ApprovalSystem
from amplifier_core.events import MODULE_LOAD_FAILED
from amplifier_core.interfaces import ContextManager
from amplifier_core.models import HookResult

from providers.capabilities import APPROVALS, BUDGET, DOCUMENTS, ENGINE, PAGE, PREPARE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.agents.join import join
from py_app.agents.plan import config_of
from py_app.agents.sub_agents import SubAgents
from py_app.approver import Approver
from py_app.bridge import Host, Page
from py_app.budget import Budget
from py_app.context.window import ContextWindow
from py_app.documents.attached import Attached
from py_app.errors import AlcoveError
from py_app.hooks.approval import guard
from py_app.hooks.budget import TurnBudget
from py_app.hooks.call_ids import CallIds
from py_app.hooks.disks import keep_disks
from py_app.hooks.notices import PageNotices
from py_app.hooks.results import shorten_results
from py_app.kernel.hooks import show_messages
from py_app.loop.foreign import tame
from py_app.message import Message
from py_app.module_names import CONTEXT, LOOP, PAGE_EVENTS, PAGE_TOOLS, current_name
from py_app.modules.sources import SourceResolver, why_not
from py_app.policy import Policy
from py_app.tools.built_in import MODULES, add_modules

MountPlan = Json
Preparing = Callable[[Coordinator], Awaitable[None]]
"""Is given a session's coordinator before anything is mounted."""

_SECTIONS = {"session": dict, "providers": list, "tools": list, "hooks": list, "agents": dict}
_WORKING_DIR = "session.working_dir"
"""Amplifier's name for it: its tools for files and searches ask for it."""


def mount_plan(
    plan: Mapping[str, object] | None = None,
    *,
    provider: str = "llamacpp",
    model: str | None = None,
    provider_config: Mapping[str, object] | None = None,
    system: str = "",
    tools: Sequence[Mapping[str, object] | str] = (),
) -> MountPlan:
    """A whole mount plan: `plan` as it is, with our defaults where it says nothing.

    `provider`, `model` and `provider_config` count only if the plan lists no providers, `system` only if our
    context manager is given none (another one is given it by `open_session`). `tools` (functions of the page,
    and names of tools of ours) and the hook that streams to the page are added to what the plan lists.
    """
    full: MountPlan = copy.deepcopy(dict(plan or {}))
    for section, kind in _SECTIONS.items():
        if not isinstance(full.get(section, kind()), kind):
            raise _cannot_mount(f'"{section}" must be a {"list" if kind is list else "table"}')
    if not all(isinstance(agent, dict) for agent in full.get("agents", {}).values()):
        raise _cannot_mount("each of the agents must be a table")
    session: Json = full.setdefault("session", {})
    session.setdefault("orchestrator", {"module": LOOP})
    context: Json = session.setdefault("context", {"module": CONTEXT})
    named: list[object] = [session["orchestrator"], context, *full.get("tools", []), *full.get("hooks", [])]
    for module in named:
        spec = cast(Json, module) if isinstance(module, dict) else {}
        if not isinstance(spec.get("module"), str):
            raise _cannot_mount('each module is a table with its name as "module"')
        if "source" not in spec:  # one with a source is somebody's own
            spec["module"] = current_name(spec["module"])
    if context.get("module") == CONTEXT:
        context["config"] = {"system": system, **(context.get("config") or {})}
    if not full.get("providers"):
        config = {**(provider_config or {}), **({"model": model} if model else {})}
        full["providers"] = [{"module": f"provider-{provider}", "config": config}]
    listed = full.setdefault("tools", [])
    # Where the plan has a tool of ours, a function of the same name is the page's own way to it.
    taken = {name for name, module in MODULES.items() if any(tool["module"] == module for tool in listed)}
    add_modules(listed, (name for name in tools if isinstance(name, str)))
    functions = [dict(tool) for tool in tools if not isinstance(tool, str)]
    if functions := [tool for tool in functions if tool.get("name") not in taken]:
        full["tools"].append({"module": PAGE_TOOLS, "config": {"tools": functions}})
    hooks: list[Json] = full.setdefault("hooks", [])
    if all(hook.get("module") != PAGE_EVENTS for hook in hooks):
        hooks.append({"module": PAGE_EVENTS})
    return full


async def open_session(
    plan: Mapping[str, object] | None = None,
    *,
    host: Host | None = None,
    session_id: str | None = None,
    messages: Sequence[Message] | None = None,
    approvals: ApprovalSystem | None = None,
    policy: Policy | None = None,
    budget: Budget | None = None,
    system: str = "",
    page: Page | None = None,
    parent: AmplifierSession | None = None,
    agent: Agent | None = None,
    working_dir: str | None = None,
    documents: Sequence[str] = (),
    prepare: Preparing | None = None,
) -> AmplifierSession:
    """An initialized AmplifierSession for `plan` (see `mount_plan` for what it may leave out).

    `host` is the engine and the page; without it the host of this worker is used, and on CPython none.
    `approvals` is an Amplifier ApprovalSystem, asked before a tool runs where `policy` says so; without one
    such tools are refused. `budget` limits a turn. `messages` resumes a conversation. `system` is the system
    prompt where the plan's context manager is given none. A child session has a `parent`, and its `agent`
    says who it is: host, page, person, policy, budget, folder and preparation are its parent's then.
    `working_dir` is the folder that tools work in, the home if it is None; `documents` are the ids of those
    that it is about. `prepare` is called before
    anything is mounted; then a provider, tool or hook that cannot be mounted is left out.

    Raises AlcoveError (bad-request) naming the module that could not be mounted.
    """
    host = host or _default_host
    full = mount_plan(plan, system=system)
    above: Coordinator | None = parent.coordinator if parent else None
    approver = (
        above.get_capability(APPROVALS).for_child()
        if above
        else Approver(approvals, policy or Policy(), _approval_timeout(full))
    )
    notices = PageNotices()
    session = _session(full, session_id, approver, notices, resumed=bool(messages), parent=parent)
    coordinator: Coordinator = session.coordinator
    here = working_dir_of(above) if above else working_dir or str(Path.home())
    coordinator.register_capability(_WORKING_DIR, here)
    CallIds(coordinator).register()
    shorten_results(coordinator)
    whole: TurnBudget | None = above.get_capability(BUDGET) if above else None
    TurnBudget(coordinator, budget or Budget(), approver.waiting, of=whole).register()
    coordinator.register_capability(DOCUMENTS, Attached(list(documents)))
    if above and agent:
        await join(coordinator, above, agent)
    elif host is not None:
        coordinator.register_capability(ENGINE, host)
        coordinator.register_capability(PAGE, page or Page(host, session.session_id))
    if sys.platform == "emscripten":
        keep_disks(coordinator)
    SubAgents(session, open_session, system=_system_of(full) or system, above=above).register()
    notices.page = coordinator.get_capability(PAGE)
    show_messages(coordinator.hooks, notices.show_message)
    failures: dict[str, str] = {}
    names = [str(module["module"]) for module in _modules(full)]

    async def on_load_failed(event: str, data: Json) -> HookResult:
        failures[str(data["module_id"])] = str(data["error"])
        return HookResult()

    unregister = coordinator.hooks.register(MODULE_LOAD_FAILED, on_load_failed, 0, "open-session:load-failed")
    try:
        if prepare := prepare or (above and above.get_capability(PREPARE)):
            coordinator.register_capability(PREPARE, prepare)
            await prepare(coordinator)
        elif any("source" in module for module in _modules(full)):
            await coordinator.mount("module-source-resolver", SourceResolver())
        await session.initialize()
        # The kernel goes on without a module; a session that lacks what was asked for would mislead.
        if failures and not prepare:
            raise _cannot_mount(why_not(names) or "; ".join(f"{it}: {why}" for it, why in failures.items()))
        if above and agent:
            _tell_lost(coordinator, above, agent, failures)
        guard(coordinator, approver)
        await tame(coordinator)
        if system:
            await _instruct(coordinator.get("context"), system, resumed=bool(messages))
        if messages:
            await coordinator.get("context").set_messages(list(messages))
    except BaseException as error:  # a cancellation too: modules may take for ever to mount
        await session.cleanup()
        if isinstance(error, AlcoveError) or not isinstance(error, Exception):
            raise
        raise _cannot_mount(why_not(names) or str(error)) from error
    finally:
        unregister()
    return session


def _tell_lost(coordinator: Coordinator, above: Coordinator, agent: Agent, failures: Json) -> None:
    """An agent works without what cannot be mounted. What the session above lacks too was told of that."""
    page: Page | None = coordinator.get_capability(PAGE)
    known = {spec["module"] for spec in _modules(above.config)}
    for module, why in failures.items():
        if page is not None and module not in known:
            text = f'The agent "{agent.name}" works without {module}: {why}'
            page.emit({"type": "notice", "level": "warning", "text": text})


def working_dir_of(coordinator: Coordinator) -> str:
    """The folder that the session's tools work in."""
    return str(coordinator.get_capability(_WORKING_DIR))


def _modules(plan: MountPlan) -> list[Json]:
    session: Json = plan["session"]
    named = [session["orchestrator"], session["context"]]
    return [*named, *plan["providers"], *plan.get("tools", []), *plan.get("hooks", [])]


async def _instruct(context: ContextManager, system: str, *, resumed: bool) -> None:
    """Give a context manager that is not ours the system prompt, in the way that it takes."""
    if isinstance(context, ContextWindow):
        return

    async def prompt() -> str:
        return system

    factory = getattr(context, "set_system_prompt_factory", None)
    if factory is not None:
        await factory(prompt)
    elif not resumed:  # then it is the first of the messages
        await context.add_message({"role": "system", "content": system})


def _system_of(plan: MountPlan) -> str:
    """The system prompt that our context manager is given."""
    return str(config_of(plan["session"]["context"]).get("system") or "")


def _approval_timeout(plan: MountPlan) -> float:
    """It is a setting of the orchestrator, though every orchestrator's tools ask in the same way."""
    return float(config_of(plan["session"]["orchestrator"]).get("approval_timeout", 300.0))


_default_host: Host | None = None


def use_host(host: Host) -> None:
    """Make `host` the one that `open_session` uses by default."""
    global _default_host
    _default_host = host


def default_host() -> Host | None:
    """What `use_host` was given."""
    return _default_host


def needed_host(host: Host | None, lacks: str) -> Host:
    """`host`, else the default one. Raises AlcoveError `unsupported` without one, saying what it `lacks`."""
    host = host or _default_host
    if host is None:
        raise AlcoveError(
            "unsupported",
            f"There is no page here, and so {lacks}.",
            action="Run this in Alcove, or give `host=`.",
        )
    return host


def _session(
    plan: MountPlan,
    session_id: str | None,
    approver: Approver,
    notices: PageNotices,
    *,
    resumed: bool,
    parent: AmplifierSession | None,
) -> AmplifierSession:
    try:
        return AmplifierSession(
            plan,
            session_id=session_id,
            parent_id=parent.session_id if parent else None,
            approval_system=approver if approver.system else None,
            display_system=notices,
            is_resumed=resumed,
        )
    except (ValueError, TypeError) as error:
        raise _cannot_mount(str(error)) from error


def _cannot_mount(detail: str) -> AlcoveError:
    return AlcoveError(
        "bad-request",
        f"The session's plan cannot be mounted: {detail}",
        action="Check the module names and their configuration.",
    )
