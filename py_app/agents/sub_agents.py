"""`session.spawn` and `session.resume`: the capabilities by which tools, ours and Amplifier's own, let agents
work for a session."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol, cast

from amplifier_core import AmplifierSession
from amplifier_core.cancellation import CancellationToken
from amplifier_core.events import TOOL_ERROR, TOOL_POST, TOOL_PRE
from amplifier_core.models import HookResult

from providers.capabilities import ACTIVITY, AGENTS, BUDGET, PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.activity import Activity
from py_app.agents.agent import Agent
from py_app.agents.marks import AgentMarks, kept
from py_app.agents.plan import AgentError, agents_of, child_plan, find, instruction_of
from py_app.agents.preference import plain, prefer
from py_app.agents.work import Job, Work
from py_app.bridge import Page
from py_app.history import History
from py_app.hook_handlers import register_all
from py_app.hooks.budget import TurnBudget
from py_app.message import Message
from py_app.tools.call import CALL_ID
from py_app.tools.time_limit import TIME_LIMIT

MOST_AGENTS = 30
"""That work in one turn, those of agents among them."""
MOST_DEEP = 3
"""Agents that work for agents."""

SPAWN, RESUME = "session.spawn", "session.resume"
_SELF_DEPTH = "self_delegation_depth"

_CONTINUE = HookResult()


class OpenChild(Protocol):
    """`open_session` of `py_app/session.py`."""

    def __call__(
        self,
        plan: Mapping[str, object],
        *,
        parent: AmplifierSession,
        agent: Agent,
        session_id: str,
        messages: Sequence[Message],
        system: str,
    ) -> Awaitable[AmplifierSession]: ...


class SubAgents:
    """Those of one session, which do not outlive its turn."""

    def __init__(
        self,
        session: AmplifierSession,
        open_child: OpenChild,
        *,
        system: str,
        above: Coordinator | None = None,
    ) -> None:
        """`system` is the session's own system prompt: that of agents which have none of their own. `above`
        is the session that this one works for, if it does."""
        self._session = session
        self._coordinator: Coordinator = session.coordinator
        self._open_child = open_child
        self._system = system
        self.depth: int = above.get_capability(AGENTS).depth + 1 if above else 0
        self._marks = AgentMarks()
        self._works: dict[str, Work] = {}
        """Those that run, by the ids of their sessions."""
        self._calls: dict[str, Json] = {}
        """What the tool calls that run were given: an orchestrator may not tell a tool which call it is."""
        self._history: History | None = None

    def register(self) -> None:
        """Offer the capabilities."""
        coordinator = self._coordinator
        coordinator.register_capability(AGENTS, self)
        coordinator.register_capability(SPAWN, self.spawn)
        coordinator.register_capability(RESUME, self.resume)
        coordinator.register_cleanup(self.stop)
        coordinator.cancellation.on_cancel(self._pass_cancel_on)
        handlers = {TOOL_PRE: self._on_call, TOOL_POST: self._on_end, TOOL_ERROR: self._on_end}
        register_all(coordinator.hooks, handlers, priority=-900, name="sub-agents")

    async def history(self) -> list[Message]:
        """All messages of the session, in the shape that `py_app/message.py` describes."""
        self._history = self._history or History(self._coordinator, self._marks)
        return await self._history.read()

    async def spawn(
        self,
        agent_name: str,
        instruction: str,
        parent_session: AmplifierSession | None = None,
        agent_configs: Mapping[str, Json] | None = None,
        sub_session_id: str | None = None,
        tool_inheritance: Mapping[str, Sequence[str]] | None = None,
        hook_inheritance: Mapping[str, Sequence[str]] | None = None,
        orchestrator_config: Json | None = None,
        parent_messages: Sequence[Message] | None = None,
        provider_preferences: Sequence[object] | None = None,
        self_delegation_depth: int = 0,
        session_metadata: Json | None = None,
        **_: object,
    ) -> Json:
        """Let an agent of the plan do `instruction`, in a session of its own → what `Work.done` gives.

        The arguments are those of Amplifier's own applications. `parent_session` is this one, whatever is
        given; `parent_messages` are what the agent is to know of the conversation.

        Raises AgentError for an agent that there is not, and for one too many; AlcoveError (bad-request) for
        one that cannot be mounted, and whatever its turn raises.
        """
        entry = find({**agents_of(self._coordinator.config), **(agent_configs or {})}, agent_name)
        agent = Agent(sub_session_id or self._new_id(agent_name), agent_name, self._coordinator.session_id)
        options: Json = {
            "tool_inheritance": tool_inheritance,
            "hook_inheritance": hook_inheritance,
            "provider_preferences": [plain(one) for one in provider_preferences or ()],
            "self_delegation_depth": self_delegation_depth,
        }
        options = {name: value for name, value in options.items() if value}
        more: Json = {"orchestrator_config": orchestrator_config, "session_metadata": session_metadata}
        known = list(parent_messages or ())
        return await self._let_work(agent, entry, instruction, options, more, known=known)

    async def resume(self, sub_session_id: str, instruction: str, **_: object) -> Json:
        """Let an agent go on that worked for this session before → what `spawn` gives.

        Raises FileNotFoundError where there is none with this id, and what `spawn` raises.
        """
        found = kept(await self.history(), sub_session_id)
        if found is None:
            raise FileNotFoundError(f'No agent with the session "{sub_session_id}" has worked here.')
        name: str = found["name"]
        entry = find(agents_of(self._coordinator.config), name)
        agent = Agent(sub_session_id, name, self._coordinator.session_id)
        earlier: list[Message] = found["messages"]
        return await self._let_work(agent, entry, instruction, found["options"] or {}, {}, earlier=earlier)

    async def end_turn(self) -> None:
        """The session's turn is over: who still works for it is stopped."""
        await self.stop()
        self._calls.clear()
        await self.history()  # which finds the messages that belong to them
        self._marks.forget_unbound()

    async def stop(self) -> None:
        """Stop all that run."""
        await asyncio.gather(*(work.stop() for work in self._works.values()))

    async def _let_work(
        self,
        agent: Agent,
        entry: Json,
        instruction: str,
        options: Json,
        more: Json,
        *,
        known: Sequence[Message] = (),
        earlier: Sequence[Message] = (),
    ) -> Json:
        """`known`: messages that it is to know; `earlier`: those of its own that are kept already."""
        inherited = {name: options.get(name) for name in ("tool_inheritance", "hook_inheritance")}
        plan = child_plan(self._coordinator.config, entry, **inherited, **more)
        if preferences := options.get("provider_preferences") or entry.get("provider_preferences"):
            await prefer(plan, preferences, self._coordinator)
        since = len(await self._coordinator.get("context").get_messages())
        self._admit(agent)  # from here on nothing is waited for: the same one may be asked twice at a time
        tokens: list[CancellationToken] = []

        async def opened() -> AmplifierSession:
            session = await self._open_child(
                plan,
                parent=self._session,
                agent=agent,
                session_id=agent.id,
                messages=[*known, *earlier],
                system=instruction_of(entry) or self._system,
            )
            child: Coordinator = session.coordinator
            activity: Activity | None = child.get_capability(ACTIVITY)
            if activity is not None:
                await activity.listen_to_modules(child, agent)
            child.register_capability(_SELF_DEPTH, options.get("self_delegation_depth", 0))
            tokens.append(child.cancellation)
            self._coordinator.cancellation.register_child(child.cancellation)
            return session

        page: Page | None = self._coordinator.get_capability(PAGE)
        call_id = self._call_for({agent.id, agent.name}, instruction)
        job = Job(agent, instruction, call_id, since, options, list(earlier))
        work = self._works[agent.id] = Work(job, opened, page and page.of_agent(agent.about))
        self._marks.add(work)
        limit = TIME_LIMIT.get()
        try:
            with limit.resting() if limit else contextlib.nullcontext():
                return await work.done()
        finally:
            self._works.pop(agent.id, None)
            for token in tokens:
                self._coordinator.cancellation.unregister_child(token)

    def _admit(self, agent: Agent) -> None:
        budget: TurnBudget = self._coordinator.get_capability(BUDGET)
        if agent.id in self._works:
            raise AgentError(f'The agent "{agent.name}" ({agent.id}) is at work already.')
        if self.depth >= MOST_DEEP:
            raise AgentError(f"Agents work for agents at most {MOST_DEEP} deep. Do this one yourself.")
        if budget.taken.agents >= MOST_AGENTS:
            raise AgentError(f"{MOST_AGENTS} agents have worked in this turn, which is as many as may.")
        budget.taken.agents += 1

    def _new_id(self, name: str) -> str:
        """As Amplifier's own applications make it: whose it is and what it is called can be read from it."""
        span = uuid.uuid4().hex[:16]
        return f"{self._coordinator.session_id}-{span}_{re.sub(r'[^A-Za-z0-9-]+', '-', name)}"

    # --- which call it is --------------------------------------------------------------------------------

    def _call_for(self, names: set[str], instruction: str) -> str:
        """The tool call that lets an agent work; "" where it is none, or cannot be told."""
        known = CALL_ID.get()
        if known in self._calls:
            return known
        fitting = [call for call, given in self._calls.items() if _asks_for(given, names, instruction)]
        taken = {work.job.call_id for work in self._works.values()}
        free = [call for call in fitting if call not in taken]
        if free or fitting:
            return (free or fitting)[0]
        return next(iter(self._calls)) if len(self._calls) == 1 else ""

    async def _on_call(self, event: str, data: Json) -> HookResult:
        given = data.get("tool_input")
        self._calls[str(data["tool_call_id"])] = cast(Json, given) if isinstance(given, dict) else {}
        return _CONTINUE

    async def _on_end(self, event: str, data: Json) -> HookResult:
        self._calls.pop(str(data.get("tool_call_id")), None)
        return _CONTINUE

    async def _pass_cancel_on(self) -> None:
        for work in list(self._works.values()):
            await work.pass_cancel_on()


def _asks_for(given: Json, names: set[str], instruction: str) -> bool:
    """Whether a call with these arguments names the agent and says what it is to do."""
    texts = [value.strip() for value in given.values() if isinstance(value, str) and value.strip()]
    return any(text in names for text in texts) and any(
        text in instruction for text in texts if text not in names
    )
