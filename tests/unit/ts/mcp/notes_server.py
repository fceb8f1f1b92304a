"""A real MCP server by the official SDK, for tests: `python notes_server.py PORT [--stateless]`.

Its tools reach each way in which a tool can answer; "change" changes its own list, "stop" ends the process.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys

import uvicorn
from mcp.server.mcpserver import Context, Image, MCPServer
from mcp_types import CallToolResult, ResourceLink, TextContent
from pydantic import BaseModel
from starlette.middleware.cors import CORSMiddleware

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
server = MCPServer("Notes")
notes: list[str] = []
cancelled: list[str] = []


class Count(BaseModel):
    count: int


@server.tool()
def add(text: str) -> Count:
    """Adds a note."""
    notes.append(text)
    return Count(count=len(notes))


@server.tool()
def plain(text: str) -> str:
    """Says it back."""
    return text


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("there is no ink")


@server.tool()
def draw() -> Image:
    """Draws."""
    return Image(data=PNG, format="png")


@server.tool()
def link() -> CallToolResult:
    """Points at a note."""
    found = ResourceLink(type="resource_link", uri="note://1", name="first", description="The first note")
    return CallToolResult(content=[TextContent(type="text", text="See"), found])


@server.tool()
async def slow(context: Context, seconds: float = 30) -> str:
    """Takes its time, and tells."""
    try:
        await context.report_progress(1, 3, "Sharpening")
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        cancelled.append("slow")
        raise
    return "done"


@server.tool()
def was_cancelled() -> str:
    """What was cancelled."""
    return ",".join(cancelled)


@server.tool()
async def change(context: Context) -> str:
    """Changes what `plain` says of itself."""
    server.remove_tool("plain")

    @server.tool()
    def plain(text: str) -> str:
        """Says it back, and to everybody else."""
        return text

    await context.session.send_tool_list_changed()
    return "changed"


@server.tool()
def stop() -> str:
    """Ends the server while it is asked."""
    os._exit(0)


@server.tool(name="ein Werkzeug (groß) " + "x" * 200)
def odd() -> str:
    """Has a name that no model can write."""
    return "odd"


@server.prompt()
def greet(name: str) -> str:
    """Greets somebody."""
    return f"Say hello to {name}."


@server.resource("note://first", title="The first note")
def first() -> str:
    """It is about milk."""
    return "Buy milk."


def main() -> None:
    port = int(sys.argv[1])
    app = server.streamable_http_app(stateless_http="--stateless" in sys.argv)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["Mcp-Session-Id", "WWW-Authenticate"],
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
