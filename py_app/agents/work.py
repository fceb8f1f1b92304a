"""One piece of work of a sub-agent: from the opening of its session to what came of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from amplifier_core import AmplifierSession
from amplifier_core.events import ORCHESTRATOR_COMPLETE, PROVIDER_REQUEST, TOOL_POST, TOOL_PRE
from amplifier_core.models import HookResult

from providers.capabilities import AGENTS, OUTCOME, PROGRESS
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.bridge import Page
from py_app.errors import AlcoveError, to_error_data
from py_app.hook_handlers import register_all
from py_app.loop.outcome import Outcome
from py_app.message import Message
from py_app.tools.call import CALL_ID
from py_app.tools.time_limit import TIME_LIMIT

_OPEN_TIMEOUT = 60.0
"""Seconds that the modules of a sub-agent have to be mounted."""
_STOP_TIMEOUT = 4.0
"""Seconds that one who is stopped has to hand over what it has: a provider has 3."""
_CLEANUP_TIMEOUT = 5.0

_CONTINUE = HookResult()

Status = Literal["interrupted", "success", "cancelled", "error"]


@dataclass
class Job:
    """What is to be done, and what the transcript says of it besides who did it."""

    agent: Agent
    instruction: str
    call_id: str
    """Of the tool call that it is done for; "" where that is not known."""
    since: int
    """How many messages the other session had when it began: what belongs to the call comes later."""
    options: Json = field(default_factory=Json)
    """How the session is made out of the plan; to make it so again when it goes on."""
    earlier: list[Message] = field(default_factory=list[Message])
    """What it has said and done before."""


class Work:
    """Runs by itself from the moment it is made; `done` waits for it."""

    def __init__(
        self, job: Job, opened: Callable[[], Awaitable[AmplifierSession]], page: Page | None
    ) -> None:
        self.job = job
        self.status: Status = "interrupted"
        """What holds if nothing more is heard of it."""
        self.bound: Message | None = None
        """The message of the tool that it was done for, once that is there."""
        self._page = page
        self._opened = opened
        self._session: AmplifierSession | None = None
        self._ending = False
        self._messages: list[Message] = job.earlier
        self._error = ""
        self._completed: Json = {}
        self._task = asyncio.ensure_future(self._run())

    @property
    def runs(self) -> bool:
        return not self._task.done()

    async def done(self) -> Json:
        """{"output", "session_id", "status", "turn_count", "metadata"}, as Amplifier's applications give it.

        Raises what the work failed with. Whoever stops waiting stops the work.
        """
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._task.cancelled():  # it was stopped, and not who waits for it
                raise AlcoveError("cancelled", f'The agent "{self.job.agent.name}" was stopped.') from None
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop it at once, and wait until everything of it is freed."""
        if not self.runs:
            return
        if self._session is None:
            if not self._ending:  # else it is being freed
                self._task.cancel()
        else:
            coordinator: Coordinator = self._session.coordinator
            await coordinator.request_cancel(True)
            await coordinator.cancellation.trigger_callbacks()
        await asyncio.wait({self._task}, timeout=_STOP_TIMEOUT)
        if self.runs:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_CLEANUP_TIMEOUT)

    async def pass_cancel_on(self) -> None:
        """The other session is being stopped; its token has told this one's already."""
        if self._session is not None:
            await self._session.coordinator.cancellation.trigger_callbacks()

    async def record(self) -> Json:
        """What the transcript keeps: `messages` stand from place `from` of all that the sub-agent has."""
        messages = self._messages
        if self._session is not None:
            messages = await self._history(self._session.coordinator)
        start = len(self.job.earlier)
        if messages[:start] != self.job.earlier:
            start = 0
        record = {**self.job.agent.about, "status": self.status, "from": start, "messages": messages[start:]}
        more = {"options": self.job.options, "error": self._error}
        return {**record, **{name: value for name, value in more.items() if value}}

    @staticmethod
    async def _history(coordinator: Coordinator) -> list[Message]:
        return await coordinator.get_capability(AGENTS).history()

    async def _run(self) -> Json:
        CALL_ID.set("")
        TIME_LIMIT.set(None)
        job = self.job
        self._tell("start", call=job.call_id, instruction=job.instruction)
        output, finish_reason = "", "stop"
        try:
            self._session = session = await self._ready()
            coordinator: Coordinator = session.coordinator
            self._listen(coordinator)
            output = await self._executed(session)
            outcome: Outcome | None = coordinator.get_capability(OUTCOME)
            finish_reason = outcome.finish_reason if outcome else "stop"
            self.status = "cancelled" if coordinator.cancellation.is_cancelled else "success"
        except asyncio.CancelledError:
            self.status = "cancelled"
            raise
        except Exception as error:
            self.status = "error"
            self._error = str(to_error_data(error)["message"])
            raise
        finally:
            try:
                await self._free()
            finally:
                error = {"error": self._error} if self._error else {}
                self._tell("end", call=job.call_id, status=self.status, text=output, **error)
        return {
            "output": output,
            "session_id": job.agent.id,
            "status": self.status,
            "turn_count": self._completed.get("turn_count", 1),
            "metadata": {"finish_reason": finish_reason, **(self._completed.get("metadata") or {})},
        }

    async def _ready(self) -> AmplifierSession:
        try:
            async with asyncio.timeout(_OPEN_TIMEOUT):
                return await self._opened()
        except TimeoutError:
            words = f'The agent "{self.job.agent.name}" was not ready in {_OPEN_TIMEOUT:g} seconds.'
            raise AlcoveError("timeout", words, action="Look at what its modules do when mounted.") from None

    async def _executed(self, session: AmplifierSession) -> str:
        coordinator: Coordinator = session.coordinator
        try:
            return await session.execute(self.job.instruction)
        except Exception as error:  # the kernel hands on the text of it only
            outcome: Outcome | None = coordinator.get_capability(OUTCOME)
            raise (outcome and outcome.error) or error from None

    def _listen(self, coordinator: Coordinator) -> None:
        progress: Callable[[], Awaitable[None]] | None = coordinator.get_capability(PROGRESS)

        async def on_progress(event: str, data: Json) -> HookResult:
            if progress is not None:
                await progress()
            return _CONTINUE

        async def on_complete(event: str, data: Json) -> HookResult:
            self._completed = data
            return _CONTINUE

        handlers = dict.fromkeys((PROVIDER_REQUEST, TOOL_PRE, TOOL_POST), on_progress)
        register_all(
            coordinator.hooks,
            {**handlers, ORCHESTRATOR_COMPLETE: on_complete},
            priority=1000,
            name="agent-work",
        )

    async def _free(self) -> None:
        if (session := self._session) is None:
            return
        with contextlib.suppress(Exception):  # a context of somebody's may fail at anything
            self._messages = await self._history(session.coordinator)
        self._session, self._ending = None, True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(session.cleanup(), _CLEANUP_TIMEOUT)

    def _tell(self, phase: str, **about: object) -> None:
        if self._page is not None:
            self._page.emit({"type": "agent", "phase": phase, **about})
