"""`provider-llamacpp`: llama.cpp in the browser as an Amplifier provider (config: see EngineProvider)."""

from __future__ import annotations

from providers.coordinator import Coordinator
from providers.engine_provider import EngineProvider
from providers.json_types import Json

__amplifier_module_type__ = "provider"


async def mount(coordinator: Coordinator, config: Json | None = None) -> None:
    """Mount the provider as `llamacpp`. It finds its engine when it is first used."""
    provider = EngineProvider(
        coordinator, config or {}, name="llamacpp", display_name="llama.cpp in this browser"
    )
    await coordinator.mount("providers", provider, name=provider.name)
    provider.ask_ahead()
