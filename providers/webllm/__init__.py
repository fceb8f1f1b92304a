"""`provider-webllm`: WebLLM, on the device's GPU, as an Amplifier provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.engine_provider import EngineProvider

__amplifier_module_type__ = "provider"


class WebLLMProvider(EngineProvider):
    """Config: see EngineProvider. The engine's worker does the tools: any model can call them."""

    def __init__(self, coordinator: Any, config: Mapping[str, Any]) -> None:
        super().__init__(coordinator, config, name="webllm", display_name="WebLLM on this device's GPU")


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    """Mount the provider as `webllm`. It finds its engine when it is first used."""
    provider = WebLLMProvider(coordinator, config or {})
    await coordinator.mount("providers", provider, name=provider.name)
