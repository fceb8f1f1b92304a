"""`provider-webllm`: WebLLM, on the device's GPU, as an Amplifier provider."""

from __future__ import annotations

from providers.coordinator import Coordinator
from providers.engine_provider import EngineProvider
from providers.json_types import Json

__amplifier_module_type__ = "provider"


class WebLLMProvider(EngineProvider):
    """Config: see EngineProvider. The engine's worker does the tools: any model can call them."""

    def __init__(self, coordinator: Coordinator, config: Json) -> None:
        super().__init__(coordinator, config, name="webllm", display_name="WebLLM on this device's GPU")


async def mount(coordinator: Coordinator, config: Json | None = None) -> None:
    """Mount the provider as `webllm`. It finds its engine when it is first used."""
    provider = WebLLMProvider(coordinator, config or {})
    await coordinator.mount("providers", provider, name=provider.name)
    provider.ask_ahead()
