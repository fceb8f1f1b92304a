"""The session's context manager as an orchestrator of others is given it for a turn."""

from __future__ import annotations

from amplifier_core.interfaces import ContextManager, Provider

from py_app.context.sequence import head_length
from py_app.loop.steering import STEERED_MARK
from py_app.message import Message


class ForeignContext:
    """Another ContextManager, whose attributes it has.

    The prompt is kept as hooks have left it, though the orchestrator adds what it was called with. One that
    asks for all messages instead of those for a request is given the system prompt with them.
    """

    def __init__(self, inner: ContextManager, prompt: str, *, steered: bool = False) -> None:
        """`steered`: the prompt was said while the turn ran, and is kept as such."""
        self._inner = inner
        self._prompt = prompt
        self._steered = steered
        self.submitted = prompt
        """What hooks have made of the prompt."""
        self._asks = False
        """The orchestrator asks for the messages of a request, as it should."""
        self._head: list[Message] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def add_message(self, message: Message) -> None:
        changed = self._steered or self.submitted != self._prompt
        if changed and message.get("role") == "user" and message.get("content") == self._prompt:
            mark = STEERED_MARK if self._steered and "metadata" not in message else {}
            message = {**message, "content": self.submitted, **mark}
        await self._inner.add_message(message)

    async def get_messages_for_request(
        self, token_budget: int | None = None, provider: Provider | None = None
    ) -> list[Message]:
        self._asks = True
        return await self._inner.get_messages_for_request(token_budget=token_budget, provider=provider)

    async def get_messages(self) -> list[Message]:
        messages = await self._inner.get_messages()
        if self._asks or head_length(messages):
            return messages
        sent = await self._inner.get_messages_for_request()
        self._head = sent[: head_length(sent)]
        return [*self._head, *messages]

    async def set_messages(self, messages: list[Message]) -> None:
        await self._inner.set_messages([message for message in messages if message not in self._head])

    async def clear(self) -> None:
        await self._inner.clear()
