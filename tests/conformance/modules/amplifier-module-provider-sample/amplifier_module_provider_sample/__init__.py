"""A provider that says one thing."""

from typing import Any

from amplifier_core import ChatRequest, ChatResponse, ModelInfo, ProviderInfo, TextBlock, ToolCall, Usage

__amplifier_module_type__ = "provider"


class SampleProvider:
    name = "sample"

    def get_info(self) -> ProviderInfo:
        return ProviderInfo(id="sample", display_name="Sample")

    async def list_models(self) -> list[ModelInfo]:
        return [ModelInfo(id="one", display_name="One", context_window=1024, max_output_tokens=128)]

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        usage = Usage(
            input_tokens=len(request.messages), output_tokens=1, total_tokens=len(request.messages) + 1
        )
        return ChatResponse(content=[TextBlock(text="hello")], usage=usage)

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        return response.tool_calls or []


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    await coordinator.mount("providers", SampleProvider(), name="sample")

    def cleanup() -> None:
        pass

    return cleanup
