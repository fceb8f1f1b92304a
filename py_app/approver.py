"""The approval system of a session: the questions that are open, and what was answered.

A question comes to the kernel from our `tool:pre` hook (`py_app/hooks/approval.py`), whatever orchestrator
runs, and back from it to `Approver.request_approval`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from amplifier_core.approval import ApprovalSystem, ApprovalTimeoutError
from amplifier_core.events import APPROVAL_DENIED, APPROVAL_GRANTED
from amplifier_core.hooks import HookRegistry

from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.approvals import ALLOW_ALWAYS, ALLOW_ONCE, DENY, OPTIONS, STOPPED, PageApprovals, grants
from py_app.policy import Policy
from py_app.spelling import spelled, spelled_json

logger = logging.getLogger(__name__)

NO_ANSWER = "No answer"
"""What the transcript says of a question that nobody answered in time."""


@dataclass(frozen=True)
class Question:
    """Whether `agent` (None: the conversation's own) may call `tool` with `input`."""

    tool: str
    input: object
    agent: Agent | None
    call_id: str
    hooks: HookRegistry
    origin: str = ""
    """Whose tool it is (see `policy.origin_of`)."""

    @property
    def prompt(self) -> str:
        """In one line, with nothing of the input hidden."""
        by = f' of "{spelled(self.agent.name)}"' if self.agent else ""
        return f'Allow the tool "{spelled(self.tool)}"{by} to run with {spelled_json(self.input)}?'

    @property
    def about(self) -> Json:
        """What the page's event says of it besides."""
        details = spelled_json(self.input, indent=2)
        about = {
            "tool": spelled(self.tool),
            "origin": spelled(self.origin),
            "details": details,
            "call": self.call_id,
        }
        if self.agent is None:
            return about
        return {**about, "agent": {**self.agent.about, "name": spelled(self.agent.name)}}


class Waiting:
    """Counts the time in which at least one question is open, in a conversation and all who work for it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._asking = 0
        self._since = 0.0

    @contextmanager
    def counted(self) -> Generator[None]:
        if self._asking == 0:
            self._since = time.monotonic()
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1
            if self._asking == 0:
                self.seconds += time.monotonic() - self._since


class Approver:
    """The approval system of one session: it knows what each question is about.

    `system` is asked; without one nothing is granted. `timeout` is in seconds.
    """

    def __init__(
        self,
        system: ApprovalSystem | None,
        policy: Policy,
        timeout: float = 300.0,
        *,
        waiting: Waiting | None = None,
    ) -> None:
        self.system = system
        self.policy = policy
        self.timeout = timeout
        self.waiting = waiting or Waiting()
        self.answers: dict[str, str] = {}
        """What was answered, by the id of the tool call: an option, or NO_ANSWER."""
        self._open: list[Question] = []
        self._granted: list[str] = []
        self._elsewhere: list[str] = []
        self._refused: set[str] = set()

    def for_child(self) -> Approver:
        """That of a child session: the same person under the same policy, but what is granted to the one is
        not to the other, though both may call the same."""
        return Approver(self.system, self.policy, self.timeout, waiting=self.waiting)

    def begin_turn(self) -> None:
        """Nothing that was granted to a call of an earlier turn counts any more."""
        for kept in (self._open, self._granted, self._elsewhere, self._refused):
            kept.clear()

    def opened(self, question: Question) -> None:
        """A question of ours is on its way through the kernel."""
        self._refused.discard(_key(question.tool, question.input))
        self._open.append(question)

    async def request_approval(
        self, prompt: str, options: list[str], timeout: float, default: Literal["allow", "deny"]
    ) -> str:
        """Amplifier's ApprovalSystem protocol. Raises ApprovalTimeoutError after `timeout` seconds."""
        if self.system is None:
            return DENY
        question = next((question for question in self._open if question.prompt == prompt), None)
        if question is not None:
            return ALLOW_ONCE if await self.ask(question, timeout) else DENY
        # Of several hooks that ask the kernel hears only the first: ours, which waits, is asked after it.
        ours = self._open.pop(0) if self._open else None
        try:
            with self.waiting.counted():
                answer = await self.system.request_approval(prompt, options, timeout, default)
        except ApprovalTimeoutError:
            if ours is None or default == "deny":
                raise
            answer = ALLOW_ONCE  # so the kernel would take it
        if ours is not None and grants(answer) and not await self._allows(ours):
            return DENY
        return answer

    async def ask(self, question: Question, timeout: float | None = None) -> bool:
        """Whether the person allows it. Raises ApprovalTimeoutError."""
        if question in self._open:
            self._open.remove(question)
        choice, key = STOPPED, _key(question.tool, question.input)
        try:
            with self.waiting.counted():
                choice = await self._choice(question, self.timeout if timeout is None else timeout)
        except ApprovalTimeoutError:
            choice = NO_ANSWER
            raise
        finally:
            granted = grants(choice)
            if granted:
                self._granted.append(key)
            else:
                self._refused.add(key)
            if choice != STOPPED:
                self.answers[question.call_id] = choice
        event = APPROVAL_GRANTED if granted else APPROVAL_DENIED
        await question.hooks.emit(event, {"tool_name": question.tool, "choice": choice})
        return granted

    async def _allows(self, question: Question) -> bool:
        try:
            return await self.ask(question)
        except ApprovalTimeoutError:
            return False

    async def _choice(self, question: Question, timeout: float) -> str:
        try:
            if isinstance(self.system, PageApprovals):
                event = {"prompt": question.prompt, "options": OPTIONS, **question.about}
                return await self.system.ask(event, timeout)
            if self.system is None:
                return DENY
            return await self.system.request_approval(
                question.prompt, [ALLOW_ONCE, ALLOW_ALWAYS, DENY], timeout, "deny"
            )
        except ApprovalTimeoutError:
            raise
        except Exception:  # an approval system that fails must not let anything through
            logger.exception("The question could not be asked.")
            return DENY

    def refusal(self, call_id: str) -> str | None:
        """Why the person did not allow a call, in words for the model; None if it was not that."""
        answer = self.answers.get(call_id)
        if answer is None or grants(answer):
            return None
        return "nobody answered in time" if answer == NO_ANSWER else "the person refused it"

    # --- what was granted --------------------------------------------------------------------------------

    def granted_elsewhere(self, tool: str, given: object) -> None:
        """The person has allowed this call already, asked by another module."""
        self._elsewhere.append(_key(tool, given))

    def take_elsewhere(self, tool: str, given: object) -> bool:
        """Whether another module has asked for this call; once for each time that it has."""
        return self._take(self._elsewhere, tool, given)

    async def passes(self, question: Question, tool: object) -> bool:
        """Whether a call that is about to run was allowed.

        The last look before a function of the page is called. An orchestrator that did not ask our hook, or
        called something else than what was allowed, has the person asked now; one that was refused is not.
        """
        verdict = self.policy.verdict(question.tool, tool)
        if verdict != "ask":
            return verdict == "allow"
        if self._take(self._granted, question.tool, question.input):
            return True
        if self.system is None or _key(question.tool, question.input) in self._refused:
            return False
        return await self._allows(question) and self._take(self._granted, question.tool, question.input)

    def _take(self, granted: list[str], tool: str, given: object) -> bool:
        key = _key(tool, given)
        if key not in granted:
            return False
        granted.remove(key)
        return True


def _key(tool: str, given: object) -> str:
    return json.dumps([tool, given], sort_keys=True, default=str)
