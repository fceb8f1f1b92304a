"""Tools of MCP servers in a session: what the page says they are, who is asked, what comes back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fakes import PICTURE, Client, FakeHost, answer, call, calls, result_of, until

from py_app.app import start

DONE = answer("Done.")
SAID = {"text": "", "pictures": [], "failed": False}


def tool(name: str = "mcp_notes_add", print: str = "1", **rest: Any) -> dict[str, Any]:  # noqa: A002
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    return {"name": name, "description": "Adds a note.", "inputSchema": schema, "print": print, **rest}


class Servers(FakeHost):
    """A host whose page knows one server, with `offers` as its tools, and `said` as what each answers."""

    def __init__(self, *scripts: Any) -> None:
        super().__init__(*scripts)
        self.offers = [tool()]
        self.said: dict[str, Any] = {"ok": {**SAID, "text": "Added."}}
        self.tool = self.page

    async def page(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": {"tools": self.offers}} if name == "alcove:mcp-tools" else self.said

    @property
    def names(self) -> list[str]:
        return [tool["function"]["name"] for tool in self.requests[-1].get("tools") or []]

    def asked(self, name: str) -> list[dict[str, Any]]:
        return [arguments for _, called, arguments in self.tool_calls if called == name]


def add(text: str = "Milk") -> Any:
    return calls(call("mcp_notes_add", {"text": text}))


async def allowed(host: Servers, **said: Any) -> str:
    """What the model is told of a call that was allowed."""
    host.said = {"ok": {**SAID, **said}}
    chat = await Client.open(host, tools=["mcp:notes"], approvals="allow")
    await chat.send("Go")
    return result_of(host)


async def test_a_server_of_the_person_is_named_like_a_tool() -> None:
    host = Servers(add(), DONE)
    assert await allowed(host, text="Added.") == "Added."
    assert host.names == ["mcp_notes_add"]
    assert host.asked("alcove:mcp-tools")[0] == {"server": "notes", "planned": {}}
    (asked,) = host.asked("alcove:mcp-call")
    assert asked == {"server": "notes", "name": "mcp_notes_add", "print": "1", "input": {"text": "Milk"}}
    assert host.records[-1]["tools"] == ["mcp:notes"]


async def test_the_person_is_asked_whatever_the_server_says_of_its_tools() -> None:
    host = Servers(add(), DONE)
    host.offers = [tool(annotations={"readOnlyHint": True}, sideEffects=False)]
    chat = await Client.open(host, tools=["mcp:notes"])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    (question,) = host.of_type("approval")
    assert question["tool"] == "mcp_notes_add"
    # What is remembered of the answer holds for the tool as it is now.
    assert question["origin"] == "mcp 1"
    assert not host.asked("alcove:mcp-call")
    await chat.call("respond", question["id"], "Deny")
    await turn
    assert not host.asked("alcove:mcp-call")
    assert "refused" in result_of(host)


async def test_servers_of_a_plan_and_of_the_person_are_one_module() -> None:
    host = Servers(DONE)
    planned = {"url": "https://mcp.example/mcp", "headers": {"Authorization": "Bearer x"}}
    plan = {"tools": [{"module": "tool-alcove-mcp", "config": {"servers": {"far": planned}}}]}
    await Client.open(host, plan=plan, tools=["mcp:notes"])
    asked = host.asked("alcove:mcp-tools")
    assert asked == [{"server": "far", "planned": planned}, {"server": "notes", "planned": {}}]


async def test_the_token_of_a_plan_is_not_kept() -> None:
    host = Servers(DONE)
    planned = {"url": "https://mcp.example/mcp", "headers": {"Authorization": "Bearer hush"}}
    plan = {"tools": [{"module": "tool-alcove-mcp", "config": {"servers": {"far": planned}}}]}
    chat = await Client.open(host, plan=plan)
    await chat.send("Go")
    assert "hush" not in json.dumps(host.records)
    assert "hush" not in json.dumps(await chat.call("activity"))


@pytest.mark.parametrize("servers", [{"a": {"command": "npx"}}, {"a": "https://x.example"}, ["a"]])
async def test_what_is_no_server_for_a_tab(servers: Any) -> None:
    plan = {"tools": [{"module": "tool-alcove-mcp", "config": {"servers": servers}}]}
    refused = await Client(start(Servers()), Servers()).opened(plan=plan)
    assert refused["error"]["code"] == "bad-request"
    assert "server" in refused["error"]["message"]


async def test_the_tools_of_a_turn_are_what_the_server_offers_then() -> None:
    host = Servers(DONE)
    host.offers = [tool(), tool("mcp_notes_drop")]
    chat = await Client.open(host, tools=["mcp:notes"])
    await chat.send("Go")
    assert host.names == ["mcp_notes_add", "mcp_notes_drop"]
    host.offers = [tool(print="2", description="Adds a note, and tells it.")]
    await chat.send("Go")
    assert host.names == ["mcp_notes_add"]
    assert host.requests[-1]["tools"][0]["function"]["description"] == "Adds a note, and tells it."


async def test_what_a_server_says_of_a_failure_is_a_failed_result() -> None:
    assert await allowed(Servers(add(), DONE), text="No such note.", failed=True) == "No such note."


async def test_an_error_of_the_page_is_news_for_the_model() -> None:
    host = Servers(add(), DONE)
    chat = await Client.open(host, tools=["mcp:notes"], approvals="allow")
    host.said = {"error": {"code": "timeout", "message": "It did not answer.", "action": "Try again."}}
    await chat.send("Go")
    assert result_of(host) == "It did not answer. Try again."
    assert host.of_type("tool")[-1]["success"] is False


async def test_structured_content_is_the_result_and_the_text_that_repeats_it_is_not() -> None:
    told = await allowed(Servers(add(), DONE), text='{"count": 3}', data={"count": 3})
    assert json.loads(told) == {"count": 3}


async def test_structured_content_that_is_not_what_was_promised_is_told() -> None:
    host = Servers(add(), DONE)
    host.offers = [tool(outputSchema={"type": "object", "properties": {"count": {"type": "integer"}}})]
    told = json.loads(await allowed(host, data={"count": "many"}))
    assert "not what the server promised" in told["note"]
    assert told["data"] == {"count": "many"}


async def test_pictures_are_shown_and_what_is_none_is_not() -> None:
    host = Servers(add(), DONE)
    told = await allowed(host, text="Here.", pictures=[PICTURE, {"media_type": "text/html", "data": "x"}])
    assert [event["picture"] for event in host.of_type("figure")] == [PICTURE]
    assert "1 shown to the person" in json.dumps(told)


@pytest.mark.parametrize("schema", [{"type": "string"}, {"properties": 5}, {"$ref": "https://x.example/s"}])
async def test_a_schema_that_is_none_stops_nothing(schema: dict[str, Any]) -> None:
    host = Servers(add(), DONE)
    host.offers = [tool(outputSchema=schema)]
    assert "Milk" not in await allowed(host, data={"a": 1})


async def test_servers_do_not_wait_for_each_other() -> None:
    waiting = 0
    both = asyncio.Event()

    class Slow(Servers):
        async def page(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
            nonlocal waiting
            waiting += 1
            if waiting == 2:
                both.set()
            async with asyncio.timeout(2):
                await both.wait()
            return {"ok": {"tools": [tool(f"mcp_{arguments['server']}_add")]}}

    host = Slow(DONE)
    chat = await Client.open(host, tools=["mcp:notes", "mcp:far"])
    await chat.send("Go")
    assert host.names == ["mcp_notes_add", "mcp_far_add"]


async def test_a_server_that_the_person_gives_is_theirs_whatever_a_plan_calls_so() -> None:
    host = Servers(DONE)
    servers = {"notes": {"url": "https://other.example/mcp"}}
    plan = {"tools": [{"module": "tool-alcove-mcp", "config": {"servers": servers}}]}
    await Client.open(host, plan=plan, tools=["mcp:notes"])
    assert host.asked("alcove:mcp-tools") == [{"server": "notes", "planned": {}}]
