"""What the transcript keeps of a session: its messages, with what else happened at them."""

from __future__ import annotations

from amplifier_core.models import HookResult

from providers.capabilities import APPROVALS
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.marks import AgentMarks
from py_app.approver import Approver
from py_app.documents.retriever import SOURCES_FOUND
from py_app.message import Message
from py_app.tool_marks import ToolMarks

_CONTINUE = HookResult()


class History:
    """One a session. What it adds is not in the context: no model is sent it."""

    def __init__(self, coordinator: Coordinator, agents: AgentMarks) -> None:
        self._coordinator = coordinator
        approver: Approver = coordinator.get_capability(APPROVALS)
        self._found: dict[str, list[Json]] = {}
        """The sources that tools found, by the ids of their calls."""
        self._marks = [ToolMarks("approval", approver.answers), ToolMarks("sources", self._found)]
        self._agents = agents
        coordinator.hooks.register(SOURCES_FOUND, self._on_sources, 0, "history:sources")

    async def read(self) -> list[Message]:
        """All messages, in the shape that `py_app/message.py` describes."""
        messages = await self._coordinator.get("context").get_messages()
        for marks in self._marks:
            messages = marks.on(messages)
        return await self._agents.on(messages)

    async def _on_sources(self, event: str, data: Json) -> HookResult:
        if call_id := data.get("call"):
            self._found[call_id] = data["sources"]
        return _CONTINUE
