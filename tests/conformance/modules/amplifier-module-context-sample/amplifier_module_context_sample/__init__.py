"""A context manager that keeps everything."""

from typing import Any

__amplifier_module_type__ = "context"


class Everything:
    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []

    async def add_message(self, message: dict[str, Any]) -> None:
        self._messages.append(message)

    async def get_messages_for_request(
        self, token_budget: int | None = None, provider: Any = None
    ) -> list[dict[str, Any]]:
        return list(self._messages)

    async def get_messages(self) -> list[dict[str, Any]]:
        return list(self._messages)

    async def set_messages(self, messages: list[dict[str, Any]]) -> None:
        self._messages = list(messages)

    async def clear(self) -> None:
        self._messages.clear()


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    await coordinator.mount("context", Everything())
