"""Amplifier's tools for files, for a session that works in a folder."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import cast

from providers.json_types import Json


def with_folder_tools(plan: Json, working_dir: str) -> Json:
    """`plan` with those of the official modules that are installed and that it does not name.

    Reading is unasked, so it is kept to the folder where a module can be told to.
    """
    tools: dict[str, Json] = {
        "tool-filesystem": {"allowed_read_paths": [working_dir]},
        "tool-search": {},
    }
    listed: object = plan.get("tools")
    there = cast("list[object]", listed) if isinstance(listed, list) else []
    named = {cast(Json, tool).get("module") for tool in there if isinstance(tool, dict)}
    installed = {point.name for point in entry_points(group="amplifier.modules")}
    more = [{"module": name, "config": tools[name]} for name in tools if name in installed - named]
    return {**plan, "tools": [*there, *more]} if more else plan
