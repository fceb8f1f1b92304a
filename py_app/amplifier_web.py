"""What Python code of `AmplifierWeb.registerTool` finds: upstream's facade (`web/sdk/amplifier-web/`)."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from amplifier_core.interfaces import Tool
from amplifier_core.message_models import ToolSpec
from amplifier_core.models import ToolResult

from providers.json_types import Json

__all__ = ["Tool", "ToolResult", "ToolSpec", "session"]


class _Session:
    """Their `session`, as far as tools go: those of either shape, with `get_spec` or with `input_schema`."""

    def __init__(self) -> None:
        self._tools: dict[str, Any] = {}

    def register_tool(self, tool: Any) -> None:
        """Offer `tool` to the model. Raises TypeError for what is none."""
        if not isinstance(getattr(tool, "name", None), str) or not callable(getattr(tool, "execute", None)):
            raise TypeError("A tool has a name and an execute method.")
        self._tools[tool.name] = tool

    def get_tool_names(self) -> list[str]:
        return list(self._tools)

    def declared(self) -> str:
        """JSON: [{"name", "description", "inputSchema", "sideEffects"}]. All of them ask first."""
        return json.dumps([_declaration(tool) for tool in self._tools.values()])

    async def call(self, name: str, arguments: str) -> str:
        """JSON: {"success", "output"}. `arguments` are JSON."""
        result: ToolResult | Any = await _execute(self._tools[name].execute, json.loads(arguments))
        if not isinstance(result, ToolResult):
            return json.dumps({"success": True, "output": result}, default=str)
        output: object = result.output
        if not result.success and output is None:
            output = (result.error or {}).get("message", "The tool failed.")
        return json.dumps({"success": result.success, "output": output}, default=str)


def _declaration(tool: Any) -> Json:
    spec: ToolSpec | None = tool.get_spec() if hasattr(tool, "get_spec") else None
    schema = spec.parameters if spec else getattr(tool, "input_schema", None)
    description = spec.description if spec else getattr(tool, "description", None)
    return {
        "name": tool.name,
        "description": description or tool.name,
        "inputSchema": schema or {"type": "object", "properties": {}},
        "sideEffects": True,
    }


async def _execute(execute: Callable[..., Awaitable[Any]], given: Json) -> Any:
    """Theirs take keywords, Amplifier's one table."""
    kinds = [parameter.kind for parameter in inspect.signature(execute).parameters.values()]
    plain = kinds == [inspect.Parameter.POSITIONAL_OR_KEYWORD]
    return await (execute(given) if plain else execute(**given))


session = _Session()
