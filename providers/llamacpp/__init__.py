"""`provider-llamacpp`: llama.cpp in the browser as an Amplifier provider (config: see EngineProvider)."""

from __future__ import annotations

from typing import Any

from providers.engine_provider import EngineProvider

__amplifier_module_type__ = "provider"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    """Mount the provider as `llamacpp`. It finds its engine when it is first used."""
    provider = EngineProvider(
        coordinator, config or {}, name="llamacpp", display_name="llama.cpp in this browser"
    )
    await coordinator.mount("providers", provider, name=provider.name)
