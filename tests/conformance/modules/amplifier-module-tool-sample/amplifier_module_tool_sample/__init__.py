"""A tool that repeats what it is given."""

from typing import Any

from amplifier_core import ToolResult

__amplifier_module_type__ = "tool"


class Repeat:
    name = "repeat"
    description = "Repeats a text."
    input_schema = {"type": "object", "properties": {"text": {"type": "string"}}}  # noqa: RUF012

    async def execute(self, input: dict[str, Any]) -> ToolResult:  # noqa: A002
        if "text" not in input:
            return ToolResult(success=False, error={"message": "text is missing"})
        return ToolResult(output=input["text"])


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    await coordinator.mount("tools", Repeat(), name="repeat")
