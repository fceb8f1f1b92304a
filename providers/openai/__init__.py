"""`provider-openai`: any OpenAI-compatible server (llama-server, Ollama, vLLM, OpenAI)."""

from __future__ import annotations

from amplifier_core.capabilities import LOCAL, STREAMING, TOOLS
from amplifier_core.models import ConfigField, ProviderInfo

from providers.coordinator import Coordinator
from providers.engine import Engine
from providers.engine_provider import EngineProvider
from providers.errors import ErrorData, error_data
from providers.json_types import Json
from providers.openai.server import Server
from providers.openai.settings import ServerSettings

__amplifier_module_type__ = "provider"

_SERVER_SETTINGS = {"base_url", "api_key", "context_window"}
_TIMEOUTS = {"first_token_timeout": 600.0}


class OpenAIProvider(EngineProvider):
    """Config: that of EngineProvider, and `base_url` (without it nothing is ever sent anywhere), `api_key`,
    `context_window` (for a server that does not tell it)."""

    def __init__(self, coordinator: Coordinator, config: Json) -> None:
        self._settings = ServerSettings.read(config)
        self._server = Server(self._settings) if self._settings else None
        local = [LOCAL] if self._settings and self._settings.on_this_device else []
        super().__init__(
            coordinator,
            {**_TIMEOUTS, **{key: value for key, value in config.items() if key not in _SERVER_SETTINGS}},
            name="openai",
            display_name=self._settings.host if self._settings else "OpenAI-compatible server",
            capabilities=[*local, STREAMING, TOOLS],
        )

    def get_info(self) -> ProviderInfo:
        return (
            super()
            .get_info()
            .model_copy(update={"credential_env_vars": ["OPENAI_API_KEY"], "config_fields": _CONFIG_FIELDS})
        )

    def _engine(self) -> Engine | None:
        return self._server

    def _variation(self, chosen: Json, variation: Json) -> Json:
        # A server chooses at random unless it is told not to, and some models of OpenAI take no temperature.
        return super()._variation(chosen, variation) if "temperature" in chosen else {}

    def _no_engine(self) -> ErrorData:
        return error_data(
            "unsupported",
            "No server is chosen.",
            action="Enter the server's address (base_url), such as http://localhost:8080/v1.",
        )


_CONFIG_FIELDS = [
    ConfigField(
        id="base_url", display_name="Address", prompt="The server's address, such as http://localhost:8080/v1"
    ),
    ConfigField(
        id="api_key",
        display_name="API key",
        field_type="secret",
        prompt="The server's API key, if it asks for one",
        env_var="OPENAI_API_KEY",
        required=False,
    ),
    ConfigField(
        id="model", display_name="Model", prompt="The model; else the server's first one", required=False
    ),
]


async def mount(coordinator: Coordinator, config: Json | None = None) -> None:
    """Mount the provider as `openai`. Raises ConfigurationError for what cannot be an address or a key."""
    provider = OpenAIProvider(coordinator, config or {})
    await coordinator.mount("providers", provider, name=provider.name)
