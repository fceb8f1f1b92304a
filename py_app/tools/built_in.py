"""The tools of ours that a session can name (`openSession({tools: ["python", "mcp:notes", …]})`), and their
modules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from providers.json_types import Json
from py_app.errors import AlcoveError

_MCP_TOOLS = "tool-alcove-mcp"
MODULES = {
    name: f"tool-alcove-{name.replace('_', '-')}"
    for name in (
        "calculator",
        "clock",
        "delegate",
        "documents",
        "listen",
        "look",
        "python",
        "say",
        "storage",
        "todo",
        "web_fetch",
    )
}
_MCP = "mcp:"


def add_modules(tools: list[Json], names: Iterable[str]) -> None:
    """Add to `tools`, those of a mount plan, the modules of the tools called so.

    Raises AlcoveError (bad-request) for a name that is none.
    """
    for name in names:
        if name.startswith(_MCP):
            # Whatever a bundle calls so: the person means their own.
            _servers_of(tools)[name.removeprefix(_MCP)] = {}
        elif name in MODULES:
            if all(tool.get("module") != MODULES[name] for tool in tools):
                tools.append({"module": MODULES[name]})
        else:
            raise AlcoveError(
                "bad-request",
                f'There is no tool called "{name}".',
                action=f"Use one of: {', '.join(MODULES)}, {_MCP}…; or give a function of your page.",
            )


def _servers_of(tools: list[Json]) -> Json:
    """A module is mounted once, so all servers are of one."""
    module = next((tool for tool in tools if tool.get("module") == _MCP_TOOLS), None)
    if module is None:
        module = Json(module=_MCP_TOOLS)
        tools.append(module)
    config: Json = module.get("config") or Json()
    servers: object = config.get("servers") or Json()
    if not isinstance(servers, dict):  # the module says what is wrong with it
        return Json()
    module["config"] = {**config, "servers": servers}
    return cast(Json, servers)


def mcp_servers(tools: object) -> list[tuple[str, Json]]:
    """The MCP servers that the tools of a plan, or of one of its agents, name, each with what it says of it:
    one without a "url" is the person's own."""
    found: list[tuple[str, Json]] = []
    for tool in cast("list[object]", tools) if isinstance(tools, list) else ():
        spec = cast(Json, tool) if isinstance(tool, dict) else Json()
        config: object = spec.get("config")
        servers: object = cast(Json, config).get("servers") if isinstance(config, dict) else None
        if spec.get("module") != _MCP_TOOLS or not isinstance(servers, dict):
            continue
        named = cast("dict[str, object]", servers).items()
        found += [(name, cast(Json, planned)) for name, planned in named if isinstance(planned, dict)]
    return found
