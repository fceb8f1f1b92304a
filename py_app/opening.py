"""The session of a conversation, as the page's configuration has it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from amplifier_core import AmplifierSession

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.errors import Refusal
from py_app.agents.plan import delegating
from py_app.approvals import AllowAll, PageApprovals
from py_app.bridge import Host, Page
from py_app.config import SessionConfig
from py_app.errors import AlcoveError
from py_app.home.folder_tools import with_folder_tools
from py_app.provider import defaults_of
from py_app.session import Preparing, mount_plan, open_session


async def session_of(
    host: Host, config: SessionConfig, page: Page, approvals: PageApprovals | AllowAll
) -> tuple[AmplifierSession, list[Refusal]]:
    """The session of a configuration, and what of its agent is left out."""

    async def opening(
        plan: Json, prepare: Preparing | None = None, system: str = config.system
    ) -> AmplifierSession:
        full = mount_plan(
            with_folder_tools(plan, config.working_dir) if config.working_dir else plan,
            provider=config.provider,
            model=config.model,
            provider_config=config.provider_config,
            system=system,
            tools=[*config.tools, *delegating(plan, config.tools)],
        )
        return await open_session(
            full,
            host=host,
            session_id=config.id,
            messages=config.messages,
            approvals=approvals,
            policy=config.approvals,
            budget=config.budget,
            system=system,
            page=page,
            working_dir=config.working_dir,
            documents=config.documents,
            prepare=prepare,
        )

    if not config.agent:
        return await opening(config.plan), []
    # Only who has an agent pays for reading bundles.
    from py_app.agents.mounting import open_agent
    from py_app.agents.report import agent_in

    archive = Path(config.agent["archive"])
    packed = archive.read_bytes()  # noqa: ASYNC240  # in memory
    archive.unlink()  # noqa: ASYNC240  # whatever becomes of it
    agent = await agent_in(packed)
    if config.agent.get("model"):
        agent.plan.pop("providers", None)
    if config.plan.get("agents"):
        agent.plan["agents"] = {**agent.plan.get("agents", {}), **config.plan["agents"]}
    own = "" if config.agent.get("system") else agent.prompt
    session, mounting = await open_agent(agent, partial(opening, system=own or config.system))
    return session, mounting.refused


def answering(session: AmplifierSession, config: SessionConfig) -> tuple[str, str | None]:
    """Name and model of the provider that turns will use: the plan's, not what the page asked for."""
    coordinator: Coordinator = session.coordinator
    providers = coordinator.get("providers")
    name = next(iter(providers), None)
    if name is None:
        raise AlcoveError("bad-request", "The session's plan names no provider.", action="Choose a model.")
    return name, defaults_of(providers[name]).get("model") or config.model
