"""A provider that has only what a loop calls: no get_info, no list_models, no streaming."""

from __future__ import annotations

from typing import Any

from amplifier_core.message_models import ChatResponse, TextBlock

__amplifier_module_type__ = "provider"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    await coordinator.mount("providers", BareProvider(), name="bare")


class BareProvider:
    name = "bare"

    async def complete(self, request, **kwargs) -> ChatResponse:
        return ChatResponse(content=[TextBlock(text="Bare words.")])

    def parse_tool_calls(self, response):
        return []
