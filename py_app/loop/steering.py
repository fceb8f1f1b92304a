"""What the person says while a turn runs: the model reads it before its next step (`session.steer`)."""

from __future__ import annotations

from collections import deque

from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager

STEERED = "orchestrator:steering_injected"
"""The official loop's event: {"orchestrator", "content", "iteration", "queued_remaining"}."""
STEERED_MARK = {"metadata": {"steered": True}}
"""Of a message in the transcript."""

_MOST = 100


class Steering:
    """Messages that wait for the next step of one session's turn."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def steer(self, message: str) -> None:
        """The capability `session.steer`. Raises ValueError if it is empty, RuntimeError if too many wait."""
        if not message.strip():
            raise ValueError("The message is empty.")
        if len(self._waiting) >= _MOST:
            raise RuntimeError(f"{_MOST} messages wait already.")
        self._waiting.append(message)

    def take(self) -> str:
        """The first that waits."""
        return self._waiting.popleft()

    def clear(self) -> None:
        """What waits is of a turn that is over."""
        self._waiting.clear()

    async def hand_over(
        self, context: ContextManager, hooks: HookRegistry, *, orchestrator: str, iteration: int
    ) -> None:
        """Adds what waits to the conversation, as the person's messages."""
        while self._waiting:
            message = self.take()
            await context.add_message({"role": "user", "content": message, **STEERED_MARK})
            await self.tell(message, hooks, orchestrator=orchestrator, iteration=iteration)

    async def tell(self, message: str, hooks: HookRegistry, *, orchestrator: str, iteration: int) -> None:
        """Emits that the model is told `message`."""
        about = {"orchestrator": orchestrator, "content": message, "iteration": iteration}
        await hooks.emit(STEERED, {**about, "queued_remaining": len(self._waiting)})
