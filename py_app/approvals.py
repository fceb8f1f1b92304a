"""Approval systems: who says yes to a tool with side effects. Only "allow…" options grant."""

from __future__ import annotations

import asyncio
import uuid
from typing import Literal

from amplifier_core.approval import ApprovalTimeoutError

from py_app.bridge import Page
from py_app.errors import AlcoveError

_GRANTING = ("allow", "allow once", "allow always")


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
        approval_id = uuid.uuid4().hex
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[approval_id] = (options, answer)
        try:
            self._page.emit({"type": "approval", "id": approval_id, "prompt": prompt, "options": options})
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
                answer.set_result("Deny")


class AllowAll:
    """Grants everything: for an embedder who has said so."""

    async def request_approval(
        self, prompt: str, options: list[str], timeout: float, default: Literal["allow", "deny"]
    ) -> str:
        """Amplifier's ApprovalSystem protocol."""
        return next((option for option in options if grants(option)), "Allow once")
