"""`tool-alcove-mcp`: tools of MCP servers, which the page asks (`web/sdk/mcp/`). The person is asked first.

Config `servers`, as the official tool-mcp has it: {name: {"url", "headers"?, "type"?}}; {name: {}} is one
that the person added to Alcove, by its id. Whatever a server says is data: of itself, of its tools, of what
they answer. A server that cannot be had has no tools for now; the page says so.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import cast

from amplifier_core.events import PROMPT_SUBMIT
from amplifier_core.models import HookResult, ToolResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.errors import AlcoveError
from py_app.loop.arguments import problem_with
from py_app.pictures import read_picture
from py_app.tools.call import CALL_ID
from py_app.tools.figures import show
from py_app.tools.guarded import allowed
from py_app.tools.named import NamedTool, failed

logger = logging.getLogger(__name__)

__amplifier_module_type__ = "tool"

_SHOWN = "A picture from the server. The person sees it."
_BEFORE_THE_TURN = -1_000
_CONTINUE = HookResult()


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tools of config `servers`; returns what unmounts them.

    Before each turn they are what the servers offer then. Raises ValueError for what are no servers.
    """
    given: object = (config or {}).get("servers") or {}
    servers: Json = cast(Json, given) if isinstance(given, dict) else {"": None}
    if not all(isinstance(planned, dict) for planned in servers.values()):
        raise ValueError('"servers" is a table: of each server\'s name, a table with its "url".')
    mounted = [_Server(coordinator, name, planned) for name, planned in servers.items()]

    async def refresh(event: str, data: Json) -> HookResult:
        # One that does not answer holds the others up no longer than itself.
        offers = await asyncio.gather(*(server.offered() for server in mounted))
        for server, offered in zip(mounted, offers, strict=True):
            await server.refresh(offered)
        return _CONTINUE

    await refresh("", {})
    unregister = coordinator.hooks.register(PROMPT_SUBMIT, refresh, _BEFORE_THE_TURN, "mcp:refresh")

    async def cleanup() -> None:
        unregister()
        for server in mounted:
            await server.unmount()

    return cleanup


class _Server:
    """One server's tools in a session."""

    def __init__(self, coordinator: Coordinator, name: str, planned: Json) -> None:
        if planned.get("command"):
            raise ValueError(f'The MCP server "{name}" is a program, and a tab starts none: give its "url".')
        self._coordinator = coordinator
        self._name = name
        self._planned = planned
        self._tools: dict[str, McpTool] = {}

    async def refresh(self, offered: dict[str, Json]) -> None:
        """Mount what the server offers now, in place of what it offered before."""
        for name, tool in list(self._tools.items()):
            if offered.get(name, {}).get("print") != tool.print:
                await self._unmount(name)
        for name, spec in offered.items():
            # Somebody else's tool of that name stays.
            if name not in self._coordinator.get("tools"):
                self._tools[name] = McpTool(self._coordinator, self._name, spec)
                await self._coordinator.mount("tools", self._tools[name], name=name)

    async def unmount(self) -> None:
        for name in list(self._tools):
            await self._unmount(name)

    async def _unmount(self, name: str) -> None:
        del self._tools[name]
        await self._coordinator.unmount("tools", name=name)

    async def offered(self) -> dict[str, Json]:
        """What the server offers now, by the tools' names."""
        page: Page | None = self._coordinator.get_capability(PAGE)
        if page is None:  # on CPython the official tool-mcp does it
            return {}
        asked = {"server": self._name, "planned": self._planned}
        answer = await page.call_tool(uuid.uuid4().hex, "alcove:mcp-tools", asked)
        if "error" in answer:  # a bundle is being read, say, and no conversation stands behind it yet
            logger.warning("The tools of %s are not known: %s", self._name, AlcoveError.read(answer["error"]))
            return {}
        told: Json = answer["ok"] or {}  # nothing, where the turn may not run
        return {spec["name"]: spec for spec in told.get("tools", [])}


class McpTool(NamedTool):
    """A tool of a server. What it says of its side effects is only a hint, so the person is asked."""

    def __init__(self, coordinator: Coordinator, server: str, spec: Json) -> None:
        super().__init__(spec["name"], spec["description"], spec["inputSchema"], side_effects=True)
        self.print: str = spec["print"]
        self.origin = f"mcp {self.print}"
        """What is allowed is this tool as it is now: one that says something else of itself asks anew."""
        self._coordinator = coordinator
        self._server = server
        self._output_schema: Json | None = spec.get("outputSchema")

    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        call_id = CALL_ID.get() or uuid.uuid4().hex
        if not await allowed(self._coordinator, self, input, call_id):
            return failed(f'Not run: the person did not allow "{self.name}".')
        page: Page = self._coordinator.get_capability(PAGE)
        asked = {"server": self._server, "name": self.name, "print": self.print, "input": input}
        answer = await page.call_tool(call_id, "alcove:mcp-call", asked)
        if "error" in answer:
            error = AlcoveError.read(answer["error"])
            return ToolResult(success=False, error=dict(error.data), output=f"{error} {error.data['action']}")
        return self._result(answer["ok"])

    def _result(self, said: Json) -> ToolResult:
        text: str = said["text"]
        if said["failed"]:
            return failed(text or "The server says that it failed, and not why.")
        if pictures := self._pictures(said["pictures"]):
            show(self._coordinator, pictures, _SHOWN)
            text = "\n".join(part for part in (text, f"{len(pictures)} shown to the person.") if part)
        if "data" not in said:
            return ToolResult(output=text or "Done; the server said nothing.")
        # Servers repeat it as text for those who know no structured content.
        problem = problem_with(said["data"], self._output_schema or {}, "the answer")
        note = {"note": f"It is not what the server promised: {problem}."} if problem else {}
        return ToolResult(output={**note, "data": said["data"]} if note or pictures else said["data"])

    def _pictures(self, given: list[Json]) -> list[Json]:
        pictures: list[Json] = []
        for picture in given:
            try:
                read_picture(picture)
            except AlcoveError:  # what a server calls a picture may be none
                continue
            pictures.append(picture)
        return pictures
