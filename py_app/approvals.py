"""Approval systems: who is asked whether a tool may act. Only "Allow…" options grant."""

from __future__ import annotations

import asyncio
import uuid
from typing import Literal

from amplifier_core.approval import ApprovalTimeoutError

from providers.json_types import Json
from py_app.bridge import Page
from py_app.errors import AlcoveError
from py_app.spelling import spelled

ALLOW_ONCE, DENY = "Allow once", "Deny"
ALLOW_HERE, ALLOW_ALWAYS, NEVER = "Allow in this conversation", "Allow always", "Never allow"
"""Answers that the page remembers (`web/sdk/sessions/permissions.ts`): it gives them again by itself."""
STOPPED = "Stopped"
"""Nobody answered, because the turn was stopped."""

OPTIONS = [ALLOW_ONCE, ALLOW_HERE, ALLOW_ALWAYS, DENY, NEVER]
_GRANTING = {"allow", *(option.lower() for option in (ALLOW_ONCE, ALLOW_HERE, ALLOW_ALWAYS))}


def grants(option: str) -> bool:
    """Whether the chosen option allows what was asked."""
    return option.strip().lower() in _GRANTING


class PageApprovals:
    """Asks the person: sends the page event `approval` and waits for `respond`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._waiting: dict[str, tuple[list[str], asyncio.Future[str]]] = {}

    async def request_approval(
        self, prompt: str, options: list[str], timeout: float, default: Literal["allow", "deny"]
    ) -> str:
        """Amplifier's ApprovalSystem protocol. Raises ApprovalTimeoutError after `timeout` seconds."""
        answer = await self.ask({"prompt": spelled(prompt), "options": options}, timeout)
        return DENY if answer == STOPPED else answer

    async def ask(self, event: Json, timeout: float) -> str:
        """The chosen one of `event["options"]`, or STOPPED.

        Raises ApprovalTimeoutError after `timeout` seconds.
        """
        approval_id = uuid.uuid4().hex
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[approval_id] = (event["options"], answer)
        try:
            self._page.emit({"type": "approval", "id": approval_id, **event})
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            raise ApprovalTimeoutError(f"No answer within {timeout:g} seconds.") from None
        finally:
            self._waiting.pop(approval_id, None)

    def respond(self, approval_id: str, option: str) -> None:
        """The person's choice.

        Raises AlcoveError (bad-request) for a question that is not open or a wrong option.
        """
        waiting = self._waiting.get(approval_id)
        if waiting is None or waiting[1].done():
            raise AlcoveError(
                "bad-request", "This question is no longer open.", action="Nothing is left to do."
            )
        options, answer = waiting
        if option not in options:
            raise AlcoveError("bad-request", f'"{option}" is not one of the options: {", ".join(options)}.')
        answer.set_result(option)

    def cancel(self) -> None:
        """Refuse everything that is still open: the turn is being stopped."""
        for _, answer in self._waiting.values():
            if not answer.done():
                answer.set_result(STOPPED)


class AllowAll:
    """Grants everything: for an embedder who has said so."""

    async def request_approval(
        self, prompt: str, options: list[str], timeout: float, default: Literal["allow", "deny"]
    ) -> str:
        """Amplifier's ApprovalSystem protocol."""
        return next((option for option in options if grants(option)), ALLOW_ONCE)
