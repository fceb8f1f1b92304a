"""What happened in a session, as `chat.activity()` tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fakes import TOOL, Client, FakeHost, answer, call, calls, fails

KEY = "sk-0123456789"


async def record(host: FakeHost, *texts: str, **config: Any) -> list[dict[str, Any]]:
    chat = await Client.open(host, **config)
    for text in texts:
        await chat.send(text)
    return (await chat.call("activity"))["ok"]


def of(entries: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["event"] == event]


async def test_every_event_of_a_turn_in_order_with_its_time_and_session():
    entries = await record(
        FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("3")), "1 + 2?", tools=[TOOL]
    )
    names = [entry["event"] for entry in entries]
    expected = [
        "prompt:submit",
        "provider:request",
        "llm:request",
        "llm:response",
        "provider:response",
        "tool:pre",
        "tool:post",
        "provider:request",
        "llm:response",
        "orchestrator:complete",
    ]
    rest = iter(names)
    assert all(name in rest for name in expected), names
    assert "content_block:delta" not in names
    times = [datetime.fromisoformat(entry["time"]) for entry in entries]
    assert times == sorted(times)
    assert {entry["session"] for entry in entries} == {"s"}


async def test_what_things_cost():
    entries = await record(
        FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("3")), "1 + 2?", tools=[TOOL]
    )
    (tool,) = of(entries, "tool:post")
    assert tool["seconds"] >= 0
    assert tool["data"]["tool_input"] == {"a": 1, "b": 2}
    response = of(entries, "llm:response")[-1]
    assert response["tokens"] == 15
    assert response["seconds"] >= 0
    assert response["engine"] == "llamacpp"
    assert response["data"]["status"] == "ok"


async def test_a_failure_is_there_too():
    entries = await record(FakeHost(fails("out-of-memory")), "Hi")
    assert of(entries, "llm:response")[0]["data"]["status"] == "error"
    assert "out-of-memory" in of(entries, "provider:error")[0]["data"]["error"]["message"]


async def test_secrets_stay_where_they_are():
    text = f"My key is {KEY}, is it not?"
    entries = await record(
        FakeHost(calls(call("add", {"a": 1, "b": 2, "api_key": "hidden", "max_token": 5})), answer("3")),
        text,
        providerConfig={"api_key": KEY},
        tools=[{**TOOL, "inputSchema": {"type": "object"}}],
    )
    assert KEY not in str(entries)
    assert of(entries, "prompt:submit")[0]["data"]["prompt"] == "My key is [redacted], is it not?"
    assert of(entries, "tool:pre")[0]["data"]["tool_input"] == {
        "a": 1,
        "b": 2,
        "api_key": "[redacted]",
        "max_token": 5,
    }


async def test_long_texts_are_cut_and_say_so():
    entries = await record(FakeHost(), "x" * 10_000)
    prompt = of(entries, "prompt:submit")[0]["data"]["prompt"]
    assert len(prompt) < 4_100
    assert prompt.endswith("[6000 more characters]")


async def test_it_holds_no_more_than_it_should():
    host = FakeHost(answer("Yes."))
    entries = await record(host, *(f"{count}?" for count in range(200)))
    assert len(entries) == 2_000
    assert entries[-1]["event"] in {"orchestrator:complete", "prompt:complete", "execution:end"}
