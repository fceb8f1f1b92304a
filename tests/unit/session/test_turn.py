"""A turn through the App: text, events, transcript, and everything a person may do wrong."""

from __future__ import annotations

import asyncio
import json

import pytest
from fakes import Client, FakeHost, Running, answer, completion, fails, hangs, until


async def test_a_turn_streams_answers_and_saves():
    async def greet(running: Running) -> str:
        await running.say("Hello")
        await until(lambda: host.text)  # what waits while an event is handled is joined
        await running.say(" there.")
        return completion("Hello there.")

    host = FakeHost(greet)
    chat = await Client.open(host, system="Be brief.")
    assert await chat.send("Hi") == {"ok": {"text": "Hello there.", "finishReason": "stop"}}
    assert host.text == "Hello there."
    assert len(host.of_type("text")) == 2
    assert host.events[-1] == ("s", {"type": "end", "text": "Hello there.", "finishReason": "stop"})
    assert host.of_type("usage") == [
        {
            "type": "usage",
            "provider": "llamacpp",
            "model": "tiny",
            "promptTokens": 12,
            "cachedTokens": 5,
            "completionTokens": 3,
            "ttftMs": 40.0,
            "tokensPerSecond": 25.0,
        }
    ]
    request = host.requests[0]
    assert request["model"] == "tiny"
    assert request["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
    ]
    record = host.records[-1]
    assert record["messages"] == await chat.history()
    assert (record["id"], record["title"], record["provider"], record["model"], record["system"]) == (
        "s",
        "Hi",
        "llamacpp",
        "tiny",
        "Be brief.",
    )
    assert record["created"] <= record["updated"]


async def test_the_user_message_is_saved_before_the_engine_answers():
    host = FakeHost(hangs())
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Keep me"))
    await until(lambda: host.records)
    assert host.records[0]["messages"] == [{"role": "user", "content": "Keep me"}]
    await chat.call("cancel", True)
    await turn


async def test_the_second_turn_carries_the_first():
    host = FakeHost(answer("One."), answer("Two."))
    chat = await Client.open(host)
    await chat.send("1")
    await chat.send("2")
    assert [m["content"] for m in host.requests[1]["messages"]] == ["1", "One.", "2"]


@pytest.mark.parametrize("text", ["", "   \n", "\0", "\0 \0"])
async def test_empty_prompt(text: str):
    host = FakeHost()
    chat = await Client.open(host)
    error = (await chat.send(text))["error"]
    assert error["code"] == "bad-request"
    assert error["action"]
    assert await chat.history() == []
    assert not host.requests


async def test_surrogates_and_nul_are_cleaned():
    host = FakeHost(answer("ok \ud800."))
    chat = await Client.open(host, system="sys\0\udfff")
    assert "ok" in await chat.send("a\ud83db\0c \U0001f600")
    assert [m["content"] for m in host.requests[0]["messages"]] == ["sys\ufffd", "a\ufffdbc \U0001f600"]
    assert host.text == "ok \ufffd."


@pytest.mark.parametrize("prompt", ["nonsense", "[]", '{"text": 3}', "null"])
async def test_a_prompt_that_is_none(prompt: str):
    chat = await Client.open(FakeHost())
    assert (await chat.call("send", prompt))["error"]["code"] == "bad-request"


async def test_unknown_session():
    chat = await Client.open(FakeHost())
    for method, args in (("send", ['{"text": "x"}']), ("history", []), ("close", []), ("retry", [])):
        answered = json.loads(await getattr(chat.app, method)("nobody", *args))
        assert answered["error"]["code"] == "bad-request"


async def test_ten_sends_at_once():
    host = FakeHost()
    chat = await Client.open(host)
    answers = await asyncio.gather(*(chat.send(f"m{i}") for i in range(10)))
    assert [("ok" in a) for a in answers] == [True] + [False] * 9
    assert {a["error"]["code"] for a in answers[1:]} == {"busy"}
    assert [m["role"] for m in await chat.history()] == ["user", "assistant"]


async def test_cancel_before_the_first_token():
    host = FakeHost(hangs(), answer("Again."))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Hi"))
    await until(lambda: host.running)
    assert await chat.call("cancel", True) == {"ok": True}
    assert await turn == {"ok": {"text": "", "finishReason": "cancelled"}}
    assert len(host.cancelled) == 1
    assert host.events[-1][1] == {"type": "end", "text": "", "finishReason": "cancelled"}
    assert await chat.history() == [{"role": "user", "content": "Hi"}]
    assert (await chat.send("Once more"))["ok"]["text"] == "Again."


async def test_cancel_before_the_engine_is_even_asked():
    host = FakeHost(answer("never"))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Hi"))
    await asyncio.sleep(0)
    await chat.call("cancel", True)
    assert (await turn)["ok"]["finishReason"] == "cancelled"


async def test_cancel_twice_keeps_what_was_said():
    host = FakeHost(hangs("Once", " upon"))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("A story"))
    await until(lambda: host.text == "Once upon")
    assert await asyncio.gather(chat.call("cancel", True), chat.call("cancel", True)) == [{"ok": True}] * 2
    assert await turn == {"ok": {"text": "Once upon", "finishReason": "cancelled"}}
    assert (await chat.history())[-1] == {
        "role": "assistant",
        "content": "Once upon",
        "metadata": {"finish_reason": "cancelled"},
    }
    assert await chat.call("cancel", True) == {"ok": False}


async def test_graceful_cancel_lets_the_answer_finish():
    async def slow(running):
        await running.say("One")
        await asyncio.sleep(0.05)
        await running.say(" two")
        return await answer()(running)

    host = FakeHost(slow)
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Count"))
    await until(lambda: host.text)
    await chat.call("cancel", False)
    assert "ok" in await turn
    assert host.text == "One two"
    assert not host.cancelled


async def test_an_engine_that_ignores_cancel_is_left_behind():
    async def deaf(running):
        await running.say("La")
        await asyncio.sleep(30)
        return ""

    host = FakeHost(deaf)
    plan = {"providers": [{"module": "provider-llamacpp", "config": {"cancel_timeout": 0.05}}]}
    chat = await Client.open(host, plan=plan)
    turn = asyncio.ensure_future(chat.send("Sing"))
    await until(lambda: host.text)
    await chat.call("cancel", True)
    async with asyncio.timeout(1):
        assert await turn == {"ok": {"text": "La", "finishReason": "cancelled"}}


async def test_engine_error_in_mid_stream_keeps_the_text_and_is_not_retried():
    host = FakeHost(fails("engine-crashed", "Half", " an"), answer("A whole answer."))
    chat = await Client.open(host)
    error = (await chat.send("Hi"))["error"]
    assert error == {"code": "engine-crashed", "message": "It was engine-crashed.", "action": "Do something."}
    assert len(host.requests) == 1
    assert not host.of_type("end")
    kept = {"role": "assistant", "content": "Half an", "metadata": {"finish_reason": "error"}}
    assert (await chat.history())[-1] == kept
    assert host.records[-1]["messages"][-1] == kept
    host.events.clear()
    assert (await chat.call("retry"))["ok"]["text"] == "A whole answer."
    assert [m["content"] for m in await chat.history()] == ["Hi", "A whole answer."]


FAST_RETRY = {"session": {"orchestrator": {"module": "loop-alcove", "config": {"retry_delay": 0.001}}}}


async def test_retryable_error_before_the_first_token_is_tried_again():
    host = FakeHost(fails("device-lost"), fails("busy"), answer("Here."))
    chat = await Client.open(host, plan=FAST_RETRY)
    assert (await chat.send("Hi"))["ok"]["text"] == "Here."
    assert len(host.requests) == 3


async def test_retries_end():
    host = FakeHost(fails("engine-crashed"))
    chat = await Client.open(host, plan=FAST_RETRY)
    assert (await chat.send("Hi"))["error"]["code"] == "engine-crashed"
    assert len(host.requests) == 3
    assert await chat.history() == [{"role": "user", "content": "Hi"}]


@pytest.mark.parametrize(
    "code",
    ["unsupported", "out-of-memory", "model-not-found", "model-invalid", "integrity", "quota", "bad-request"],
)
async def test_other_errors_are_not_tried_again(code: str):
    host = FakeHost(fails(code))
    chat = await Client.open(host, plan=FAST_RETRY)
    assert (await chat.send("Hi"))["error"]["code"] == code
    assert len(host.requests) == 1


async def test_cancel_during_the_pause_before_a_retry():
    host = FakeHost(fails("device-lost"))
    slow = {"session": {"orchestrator": {"module": "loop-alcove", "config": {"retry_delay": 30}}}}
    chat = await Client.open(host, plan=slow)
    turn = asyncio.ensure_future(chat.send("Hi"))
    await until(lambda: host.requests and not host.running)
    await asyncio.sleep(0.01)
    await chat.call("cancel", True)
    async with asyncio.timeout(1):
        assert (await turn)["ok"]["finishReason"] == "cancelled"


async def test_an_engine_that_falls_silent_times_out():
    async def silent(running):
        await asyncio.sleep(30)
        return ""

    host = FakeHost(silent)
    plan = {
        "providers": [{"module": "provider-llamacpp", "config": {"first_token_timeout": 0.02}}],
        "session": {"orchestrator": {"module": "loop-alcove", "config": {"max_retries": 0}}},
    }
    chat = await Client.open(host, plan=plan)
    async with asyncio.timeout(2):
        assert (await chat.send("Hi"))["error"]["code"] == "timeout"
    assert host.cancelled


@pytest.mark.parametrize("reply", ["", "nonsense", "[]", '{"choices": []}'])
async def test_an_engine_that_answers_nonsense(reply: str):
    async def script(running):
        return reply

    host = FakeHost(script)
    plan = {"session": {"orchestrator": {"module": "loop-alcove", "config": {"max_retries": 0}}}}
    chat = await Client.open(host, plan=plan)
    outcome = await chat.send("Hi")
    if reply:
        assert outcome["error"]["code"] == "engine-crashed"


async def test_an_engine_that_throws():
    async def script(running):
        raise ValueError("secret internals")

    host = FakeHost(script)
    chat = await Client.open(host, plan=FAST_RETRY)
    error = (await chat.send("Hi"))["error"]
    assert error["code"] == "engine-crashed"
    assert "secret" not in error["message"]


async def test_a_store_that_fails_does_not_end_the_conversation():
    host = FakeHost()
    host.save_error = OSError("disk full")
    chat = await Client.open(host)
    assert "ok" in await chat.send("Hi")


async def test_a_100_000_character_prompt_is_refused_and_the_conversation_goes_on():
    host = FakeHost()
    chat = await Client.open(host)
    error = (await chat.send("word " * 20_000))["error"]
    assert error["code"] == "context-overflow"
    assert error["action"]
    assert not host.requests
    assert "ok" in await chat.send("Short.")
    assert [m["content"] for m in host.requests[0]["messages"]] == ["Short."]


async def test_the_engine_finds_the_prompt_too_long():
    host = FakeHost(answer("One."), fails("context-overflow"), answer("Two."))
    chat = await Client.open(host, plan={"session": {"context": {"module": "context-alcove"}}})
    await chat.send("first " * 500)
    assert (await chat.send("second"))["ok"]["text"] == "Two."
    assert [m["content"] for m in host.requests[-1]["messages"]] == ["second"]


async def test_resume_goes_on_from_the_messages():
    messages = [
        {"role": "user", "content": "2+3?"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c", "name": "add", "arguments": {"a": 2}}],
        },
        {"role": "tool", "tool_call_id": "c", "name": "add", "content": "5"},
        {"role": "assistant", "content": "5."},
    ]
    host = FakeHost()
    host.kept = messages
    chat = await Client.open(host, messages=messages, created="2026-01-01T00:00:00.000Z")
    assert await chat.history() == messages
    await chat.send("And 4+4?")
    sent = host.requests[0]["messages"]
    assert [m["role"] for m in sent] == ["user", "assistant", "tool", "assistant", "user"]
    assert json.loads(sent[1]["tool_calls"][0]["function"]["arguments"]) == {"a": 2}
    assert host.records[-1]["created"] == "2026-01-01T00:00:00.000Z"
    assert host.records[-1]["title"] == "2+3?"

    assert host.records[-1]["messages"] == await chat.history()


async def test_a_retry_is_sampled_more_freely_and_the_next_turn_is_not():
    host = FakeHost(answer("One."), answer("Two."), answer("Three."))
    chat = await Client.open(host)
    await chat.send("Hi")
    await chat.call("retry")
    await chat.send("And?")
    assert ["temperature" in request for request in host.requests] == [False, True, False]


async def test_retry_without_a_message():
    chat = await Client.open(FakeHost())
    assert (await chat.call("retry"))["error"]["code"] == "bad-request"


async def test_close_stops_the_turn_and_frees_the_session():
    host = FakeHost(hangs("Hm"))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Hi"))
    await until(lambda: host.text)
    assert await chat.call("close") == {"ok": None}
    assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert (await chat.call("history"))["error"]["code"] == "bad-request"
    assert "ok" in await chat.opened()


async def test_a_caller_that_goes_away_stops_the_engine():
    host = FakeHost(hangs("Hm"), answer("Back."))
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("Hi"))
    await until(lambda: host.text)
    turn.cancel()
    assert (await turn)["error"]["code"] == "cancelled"
    assert len(host.cancelled) == 1
    assert (await chat.send("Hi"))["ok"]["text"] == "Back."


async def test_two_sessions_do_not_mix():
    host = FakeHost()
    chat = await Client.open(host)
    other = Client(chat.app, host)
    assert "ok" in await other.opened(id="t")
    await asyncio.gather(chat.send("a"), chat.app.send("t", '{"text": "b"}'))
    assert {session for session, _ in host.events} == {"s", "t"}
    assert [m["content"] for m in json.loads(await chat.app.history("t"))["ok"]] == ["b", "Hello there."]
