"""Amplifier's tools for files, for a session that works in a folder."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import cast

from providers.json_types import Json

_TOOLS = ("tool-filesystem", "tool-search")


def with_folder_tools(plan: Json) -> Json:
    """`plan` with those of the official modules that are installed and that it does not name."""
    listed: object = plan.get("tools")
    tools = cast("list[object]", listed) if isinstance(listed, list) else []
    named = {cast(Json, tool).get("module") for tool in tools if isinstance(tool, dict)}
    installed = {point.name for point in entry_points(group="amplifier.modules")}
    more = [{"module": name} for name in _TOOLS if name in installed - named]
    return {**plan, "tools": [*tools, *more]} if more else plan
