"""A context manager that keeps messages and nothing else, as the official context-simple does."""

from __future__ import annotations

from typing import Any

__amplifier_module_type__ = "context"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    await coordinator.mount("context", PlainContext(factory=bool((config or {}).get("factory"))))


class PlainContext:
    def __init__(self, *, factory: bool) -> None:
        self.messages: list[dict[str, Any]] = []
        self._prompt = None
        if factory:
            self.set_system_prompt_factory = self._set_factory

    async def _set_factory(self, factory) -> None:
        self._prompt = factory

    async def add_message(self, message) -> None:
        self.messages.append(message)

    async def get_messages(self):
        return list(self.messages)

    async def get_messages_for_request(self, token_budget=None, provider=None):
        system = [{"role": "system", "content": await self._prompt()}] if self._prompt else []
        return [*system, *self.messages]

    async def set_messages(self, messages) -> None:
        self.messages = list(messages)

    async def clear(self) -> None:
        self.messages = []
