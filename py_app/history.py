"""What the transcript keeps of a session: its messages, with what else happened at them."""

from __future__ import annotations

from providers.capabilities import APPROVALS
from providers.coordinator import Coordinator
from py_app.agents.marks import AgentMarks
from py_app.approval_marks import ApprovalMarks
from py_app.message import Message


class History:
    """One a session. What it adds is not in the context: no model is sent it."""

    def __init__(self, coordinator: Coordinator, agents: AgentMarks) -> None:
        self._coordinator = coordinator
        self._approvals = ApprovalMarks(coordinator.get_capability(APPROVALS))
        self._agents = agents

    async def read(self) -> list[Message]:
        """All messages, in the shape that `py_app/message.py` describes."""
        messages = await self._coordinator.get("context").get_messages()
        return await self._agents.on(self._approvals.on(messages))
