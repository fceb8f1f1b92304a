"""What of a conversation is saved, and how it goes on from what was kept, here or elsewhere."""

from __future__ import annotations

import asyncio
import json

import pytest
from fakes import TOOL, USAGE, Client, FakeHost, answer, fails

from py_app.activity import Activity
from py_app.secrets import without_secrets


async def test_only_what_is_new_is_saved():
    host = FakeHost()
    chat = await Client.open(host)
    await chat.send("One?")
    await chat.send("Two?")
    await chat.call("retry")
    answered = {"role": "assistant", "content": "Hello there."}
    assert [(delta["from"], delta["messages"]) for delta in host.deltas] == [
        (0, [{"role": "user", "content": "One?"}]),
        (1, [answered]),
        (2, [{"role": "user", "content": "Two?"}]),
        (3, [answered]),
        (3, []),
        (3, [answered]),
    ]
    assert host.kept == await chat.history()


async def test_the_time_of_each_message_and_what_an_answer_cost_are_kept():
    host = FakeHost()
    chat = await Client.open(host)
    await chat.send("One?")
    asked, said = (message["metadata"] for message in host.marked)
    assert asked.keys() == {"time"}
    assert said["usage"]["completionTokens"] == USAGE["completion_tokens"]
    assert asked["time"] <= said["time"]
    await asyncio.sleep(0.003)
    await chat.send("Two?", instead=0)
    await chat.call("keep")
    assert [message["metadata"]["time"] > said["time"] for message in host.marked] == [True, True]
    before = host.marked
    await chat.call("replace", json.dumps(before))
    await chat.send("Three?")
    assert host.marked[:2] == before


async def test_what_the_page_has_lost_is_saved_again():
    host = FakeHost()
    chat = await Client.open(host)
    await chat.send("One?")
    await chat.call("keep")
    assert host.deltas[-1]["from"] == 0
    assert host.deltas[-1]["messages"] == await chat.history()


async def test_a_conversation_that_went_on_elsewhere():
    host = FakeHost(answer("One."), answer("Three."))
    chat = await Client.open(host)
    await chat.send("1")
    elsewhere = [
        *await chat.history(),
        {"role": "user", "content": "2"},
        {"role": "assistant", "content": "Two."},
    ]
    assert await chat.call("replace", json.dumps(elsewhere)) == {"ok": None}
    host.kept = elsewhere
    await chat.send("3")
    assert [m["content"] for m in host.requests[-1]["messages"]] == ["1", "One.", "2", "Two.", "3"]
    assert [m["content"] for m in host.kept] == ["1", "One.", "2", "Two.", "3", "Three."]
    for wrong in ("nonsense", "{}", "[3]"):
        assert (await chat.call("replace", wrong))["error"]["code"] == "bad-request"


async def test_an_answer_that_broke_off_goes_on():
    host = FakeHost(fails("engine-crashed", "Once", " upon"), answer(" a time."))
    chat = await Client.open(host)
    await chat.send("A story")
    assert (await chat.call("go_on"))["ok"]["text"] == " a time."
    roles = [message["role"] for message in host.requests[-1]["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert host.requests[-1]["messages"][1]["content"] == "Once upon"
    assert host.kept == await chat.history()
    assert host.kept == [
        {"role": "user", "content": "A story"},
        {"role": "assistant", "content": "Once upon a time."},
    ]


async def test_an_answer_that_breaks_off_again_keeps_all_of_it():
    host = FakeHost(fails("engine-crashed", "Once"), fails("engine-crashed", " upon"))
    chat = await Client.open(host)
    await chat.send("A story")
    assert (await chat.call("go_on"))["error"]["code"] == "engine-crashed"
    kept = {"role": "assistant", "content": "Once upon", "metadata": {"finish_reason": "error"}}
    assert host.kept[1:] == [kept]


async def test_a_question_without_an_answer_is_answered():
    question = {"role": "user", "content": "Hi"}
    host = FakeHost()
    host.kept = [question]
    chat = await Client.open(host, messages=[question])
    assert (await chat.call("go_on"))["ok"]["text"] == "Hello there."
    assert host.requests[0]["messages"] == [question]
    assert [message["role"] for message in host.kept] == ["user", "assistant"]
    assert "temperature" not in host.requests[0]


async def test_nothing_to_go_on_with():
    chat = await Client.open(FakeHost())
    assert (await chat.call("go_on"))["error"]["code"] == "bad-request"


async def test_the_plan_and_the_tools_are_kept_without_secrets():
    plan = {"providers": [{"module": "provider-llamacpp", "config": {"model": "tiny", "api_key": "sk-1"}}]}
    host = FakeHost()
    chat = await Client.open(host, plan=plan, tools=[TOOL, "calculator"])
    await chat.send("One?")
    record = host.records[-1]
    assert "sk-1" not in json.dumps(record)
    kept = {"model": "tiny", "api_key": "[redacted]"}
    assert record["plan"] == {"providers": [{"module": "provider-llamacpp", "config": kept}]}
    assert (record["tools"], record["pageTools"]) == (["calculator"], ["add"])


def test_what_signs_in_to_a_server_is_a_secret():
    headers = {"X-Auth": "s3", "Cookie": "s3", "Authorization": "s3", "X-Goog-Key": "s3", "X-Tenant": "s3"}
    kept = {**dict.fromkeys(headers, "[redacted]"), "Accept": "text/plain"}
    given = {**headers, "Accept": "text/plain"}
    assert without_secrets({"far": {"headers": given}}) == {"far": {"headers": kept}}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/mcp?key=s3&v=2#top", "https://a.example/mcp?[redacted]#top"),
        ("https://me:s3@a.example/v1", "https://[redacted]@a.example/v1"),
        ("https://me:s3@s4@a.example/v1", "https://[redacted]@a.example/v1"),
        ("https://a.example?mail=me@s3", "https://a.example?[redacted]"),
        ("git+https://a.example/x/y@main#subdirectory=z", "git+https://a.example/x/y@main#subdirectory=z"),
        ("Is it https://a.example?q=1 or not?", "Is it https://a.example?q=1 or not?"),
    ],
)
async def test_secrets_in_the_addresses_of_a_plan_are_not_kept(address, kept):
    tool = {"module": "tool-alcove-mcp", "config": {"servers": {"far": {"url": address}}}}
    host = FakeHost()
    await (await Client.open(host, plan={"tools": [tool]})).send("One?")
    assert host.records[-1]["plan"]["tools"][0]["config"]["servers"]["far"]["url"] == kept
    # A session:config event holds the plan too, where somebody listens to it.
    (seen,) = Activity().redacted({"raw": {"tools": [tool]}})["raw"]["tools"]
    assert seen["config"]["servers"]["far"]["url"] == kept


async def test_a_conversation_of_our_own_plan_keeps_none():
    host = FakeHost()
    await (await Client.open(host)).send("One?")
    assert not {"plan", "tools", "pageTools"} & host.records[-1].keys()
