"""The Python developer's door: a session with an agent, in the tab and on CPython alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from amplifier_core import AmplifierSession
from amplifier_core.approval import ApprovalSystem

from providers.json_types import Json
from py_app.agents.archive import collect, files_at
from py_app.agents.mounting import open_agent
from py_app.agents.plan import delegating
from py_app.agents.reading import read_agent
from py_app.bridge import Host
from py_app.session import Preparing, mount_plan, open_session


async def agent_session(
    bundle: str | Path,
    *,
    provider: str = "llamacpp",
    model: str | None = None,
    provider_config: Mapping[str, object] | None = None,
    approvals: ApprovalSystem | None = None,
    host: Host | None = None,
) -> AmplifierSession:
    """An initialized session with the agent of `bundle`: a path (file, folder, zip), or the bundle's text.

    `provider`, `model` and `provider_config` answer where the bundle names no model. The rest is as for
    `open_session`. Raises AlcoveError (bad-request) for what is no bundle, OSError for what is not there.
    """
    text = isinstance(bundle, str) and "\n" in bundle
    given = [("bundle.md", str(bundle).encode())] if text else files_at(Path(bundle))
    agent = await read_agent(collect(given))

    async def opening(plan: Json, prepare: Preparing) -> AmplifierSession:
        full = mount_plan(
            plan,
            provider=provider,
            model=model,
            provider_config=provider_config,
            system=agent.prompt,
            tools=delegating(plan, []),
        )
        return await open_session(full, host=host, approvals=approvals, system=agent.prompt, prepare=prepare)

    session, _ = await open_agent(agent, opening)
    return session
