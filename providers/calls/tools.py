"""Which tools a request lets the model call."""

from __future__ import annotations

from typing import cast

from providers.calls.text import Tools
from providers.json_types import Json


def callable_tools(body: Json) -> Tools:
    """The schemas of the tools that the answer to a request may call, by their names."""
    choice: object = body.get("tool_choice")
    if choice == "none":
        return {}
    offered: dict[str, Json] = {
        tool["function"]["name"]: tool["function"].get("parameters") or {} for tool in body.get("tools") or ()
    }
    if not isinstance(choice, dict):
        return offered
    named: object = cast(Json, cast(Json, choice).get("function") or choice).get("name")
    return {name: schema for name, schema in offered.items() if name == named}
