"""Calls that a model wrote into its text, in a session."""

from __future__ import annotations

from fakes import TOOL, Client, FakeHost, answer


async def test_a_written_call_that_does_not_fit_is_told_and_made_again():
    wrong, right = '{"name": "add", "arguments": {"a": "1"}}', "add(a=1, b=2)"
    host = FakeHost(answer("I add. ", *wrong), answer(*right), answer("Done."))
    chat = await Client.open(host, tools=[TOOL])
    await chat.send("1 + 2?")
    assert 'lacks "b"' in host.requests[1]["messages"][-1]["content"]
    assert [(name, arguments) for _, name, arguments in host.tool_calls] == [("add", {"a": 1, "b": 2})]
    assert host.text == "I add.Done."
    # The model reads its calls as calls.
    assistant = [message for message in host.requests[2]["messages"] if message["role"] == "assistant"]
    assert [message["content"] for message in assistant] == ["I add.", ""]
    assert all(message["tool_calls"] for message in assistant)
