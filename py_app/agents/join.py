"""What a sub-agent's session has of the session that it works for."""

from __future__ import annotations

from providers.capabilities import ACTIVITY, AGENT, DOCUMENTS, ENGINE, PAGE, PROGRESS
from providers.coordinator import Coordinator
from py_app.activity import Activity
from py_app.agents.agent import Agent
from py_app.bridge import Page

_INHERITED = (
    ENGINE,
    ACTIVITY,
    PROGRESS,
    DOCUMENTS,
    # Amplifier's own, where the application or a bundle offers them.
    "session.working_dir",
    "session.routing",
    "mention_resolver",
    "mention_deduplicator",
    "bundle_package_paths",
)


async def join(child: Coordinator, parent: Coordinator, agent: Agent) -> None:
    """To be called before the child's modules are mounted, which may ask for any of it."""
    child.register_capability(AGENT, agent)
    for name in _INHERITED:
        if (value := parent.get_capability(name)) is not None:
            child.register_capability(name, value)
    page: Page | None = parent.get_capability(PAGE)
    if page is not None:
        child.register_capability(PAGE, page.of_agent(agent.about))
    if (resolver := parent.get("module-source-resolver")) is not None:
        await child.mount("module-source-resolver", resolver)
    activity: Activity | None = parent.get_capability(ACTIVITY)
    if activity is not None:
        activity.listen(child, agent)
