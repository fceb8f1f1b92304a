"""The person's guard, once more where a tool acts: an orchestrator that asks no hooks leads here too."""

from __future__ import annotations

from typing import Protocol

from providers.capabilities import AGENT, APPROVALS
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.approver import Approver, Question
from py_app.policy import origin_of


class _Acting(Protocol):
    @property
    def name(self) -> str: ...

    side_effects: bool


async def allowed(coordinator: Coordinator, tool: _Acting, given: Json, call_id: str) -> bool:
    """Whether this call of `tool` may run; the person has been asked where that is to be."""
    approver: Approver | None = coordinator.get_capability(APPROVALS)
    if approver is None:
        return not tool.side_effects
    agent: Agent | None = coordinator.get_capability(AGENT)
    question = Question(tool.name, given, agent, call_id, coordinator.hooks, origin_of(tool))
    return await approver.passes(question, tool)
