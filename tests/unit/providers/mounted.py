"""A provider mounted on amplifier_core's own mock coordinator."""

from __future__ import annotations

import importlib
from typing import Any

from amplifier_core.message_models import ChatRequest
from amplifier_core.testing import MockCoordinator


def asking(text: str, **fields: Any) -> ChatRequest:
    """A request with one user message, and the system prompt that suits SmolLM2."""
    messages = [
        {"role": "system", "content": "You answer questions in plain English."},
        {"role": "user", "content": text},
    ]
    return ChatRequest.model_validate({"messages": messages, **fields})


class Mounted:
    """A mounted provider, and the text deltas that it emits."""

    def __init__(self, provider: Any, coordinator: Any) -> None:
        self.provider = provider
        self.coordinator = coordinator
        self.deltas: list[str] = []
        coordinator.hooks.register("content_block:delta", self._on_delta, 0, "test")

    async def _on_delta(self, event: str, data: dict[str, Any]) -> None:
        self.deltas.append(data["delta"])

    async def cancel(self) -> None:
        self.coordinator.cancellation.request_immediate()
        await self.coordinator.cancellation.trigger_callbacks()


async def mounted(name: str, *, engine: Any = None, **config: Any) -> Mounted:
    """The module `providers.NAME`, mounted with `config`; `engine` is that of the tab."""
    coordinator = MockCoordinator()
    if engine is not None:
        coordinator.register_capability("alcove.engine", engine)
    await importlib.import_module(f"providers.{name}").mount(coordinator, config)
    return Mounted(coordinator.get("providers")[name], coordinator)
