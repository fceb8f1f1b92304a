"""Kinds of OpenAI-compatible servers: what they leave out, add, refuse, and want back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest
from fakes import TOOL, Client, FakeHost
from mounted import Mounted, asking, mounted
from openai_servers import FakeServer

from providers.errors import from_llm_error

HI = asking("Hi")


async def at(fake: FakeServer, **config: Any) -> Mounted:
    return await mounted("openai", base_url=fake.url, **config)


def event(finish: str | None = None, **delta: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({"model": "m", "choices": [choice]}).encode() + b"\n\n"


def called(call_id: str = "", a: int = 1, **fields: Any) -> bytes:
    function = {"name": "add", "arguments": json.dumps({"a": a, "b": 2})}
    return event("tool_calls", tool_calls=[{"index": 0, "id": call_id, "function": function, **fields}])


def asked(fake: FakeServer, number: int = -1) -> dict[str, Any]:
    return json.loads(fake.requests[number][2])


def refusal(message: str) -> str:
    return json.dumps({"error": {"message": message}})


async def talk(fake: FakeServer, *texts: str) -> FakeHost:
    """A conversation in a session with the tool `add`, through the whole of Python."""
    host = FakeHost()
    config = {"base_url": fake.url}
    chat = await Client.open(host, provider="openai", model="m", providerConfig=config, tools=[TOOL])
    for text in texts:
        answer = await chat.send(text)
        assert "ok" in answer, answer
    return host


@pytest.mark.parametrize(
    "words",
    [
        "Unknown parameter: 'stream_options'.",
        "stream_options: extra fields not permitted",
        "Unsupported parameter",
    ],
)
async def test_a_server_that_knows_no_stream_options(fake, words):
    fake.say("400 Bad", refusal(words))
    fake.stream(event("stop", content="Hi"))
    here = await at(fake)
    for _ in range(2):
        assert (await here.provider.complete(HI)).content[0].text == "Hi"
    with_them = ["stream_options" in asked(fake, number) for number in range(3)]
    assert with_them == [True, False, False]


async def test_a_server_that_wants_the_limit_under_its_newer_name(fake):
    fake.say("400 Bad", refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."))
    fake.stream(event("stop", content="Hi"))
    await (await at(fake, max_tokens=7)).provider.complete(HI)
    sent = asked(fake)
    assert (sent.get("max_completion_tokens"), sent.get("max_tokens")) == (7, None)
    assert "stream_options" in sent


async def test_a_server_that_leaves_the_line_open(fake, monkeypatch):
    monkeypatch.setattr("providers.openai.server._LAST_SECONDS", 0.2)
    fake.stream(event(content="Hi"), event("stop"), hang=True)
    response = await (await at(fake, progress_timeout=30)).provider.complete(HI)
    assert (response.content[0].text, response.finish_reason) == ("Hi", "stop")


async def test_a_template_that_takes_no_system_message(fake):
    fake.say("500 Oh", refusal("Jinja Exception: System role not supported"))
    fake.stream(event("stop", content="Hi"))
    await (await at(fake)).provider.complete(HI)
    told = "You answer questions in plain English.\n\nHi"
    assert asked(fake)["messages"] == [{"role": "user", "content": told}]


async def test_what_is_refused_for_another_reason_is_asked_once(fake):
    fake.say("400 Bad", refusal("The temperature is too high."))
    with pytest.raises(llm_errors.InvalidRequestError):
        await (await at(fake)).provider.complete(HI)
    assert len(fake.requests) == 1


async def test_a_field_that_is_wanted_is_not_left_out(fake):
    fake.stream(event(reasoning_content="R"), called("c1"))
    fake.say("400 Bad", refusal("Missing `reasoning_content` field in message 0."))
    host = FakeHost()
    config = {"base_url": fake.url}
    chat = await Client.open(host, provider="openai", model="m", providerConfig=config, tools=[TOOL])
    assert "error" in await chat.send("What is 1 + 2?")
    assert "reasoning_content" in json.dumps(asked(fake))
    assert len(fake.requests) == 2


@pytest.mark.parametrize("status", ["400 Bad", "200 OK"])
async def test_an_error_in_a_list(fake, status):
    fake.say(
        status, '[{"error": {"code": 400, "message": "signature missing"}}]', Content_Type="application/json"
    )
    with pytest.raises(llm_errors.InvalidRequestError) as caught:
        await (await at(fake)).provider.complete(HI)
    assert "signature missing" in from_llm_error(caught.value)["detail"]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
async def test_reasoning_goes_back_with_the_calls_that_it_led_to_in_the_running_turn_only(fake, field):
    fake.stream(event(**{field: "R"}), called("c1"))
    fake.stream(event("stop", **{field: "R2", "content": "Three."}))
    fake.stream(event("stop", content="You are welcome."))
    await talk(fake, "What is 1 + 2?", "Thanks")
    (step,) = [message for message in asked(fake, 1)["messages"] if message["role"] == "assistant"]
    assert step[field] == "R"
    assert not any("reasoning" in message for message in asked(fake, 2)["messages"])
    assert not any(field in message for message in asked(fake, 2)["messages"])


async def test_a_server_that_refuses_the_reasoning_it_gave(fake):
    fake.stream(event(reasoning_content="R"), called("c1"))
    fake.say("400 Bad", refusal("messages[2].reasoning_content is not allowed"))
    fake.stream(event("stop", content="Three."))
    host = await talk(fake, "What is 1 + 2?")
    assert host.text == "Three."
    assert "reasoning_content" not in json.dumps(asked(fake))


async def test_fields_of_a_call_go_back(fake):
    extra = {"google": {"thought_signature": "S"}}
    fake.stream(called("c1", extra_content=extra))
    fake.stream(event("stop", content="Three."))
    await talk(fake, "What is 1 + 2?")
    (call,) = [call for message in asked(fake)["messages"] for call in message.get("tool_calls", ())]
    assert call["extra_content"] == extra


async def test_calls_without_ids_have_each_their_own(fake):
    for a in range(3):  # the same one thrice would be taken for a loop
        fake.stream(called("", a))
    fake.stream(event("stop", content="Three."))
    host = await talk(fake, "What is 1 + 2?")
    started = [tool["id"] for tool in host.of_type("tool") if tool["phase"] == "start"]
    messages = asked(fake)["messages"]
    sent = [call["id"] for message in messages for call in message.get("tool_calls", ())]
    answered = [message["tool_call_id"] for message in messages if message["role"] == "tool"]
    assert started == sent == answered
    assert len({*sent, ""}) == 4


@pytest.mark.parametrize("ending", ["length", "stop"])
async def test_nothing_but_reasoning_is_told_and_the_next_message_works(fake, ending):
    fake.stream(*[event(reasoning_content="hm ")] * 20, event(ending))
    fake.stream(event("stop", content="Paris."))
    host = await talk(fake, "The capital of France?", "Well?")
    first, second = host.of_type("end")
    assert "no answer" in first["text"].lower()
    assert ("limit" in first["text"]) == (ending == "length")
    assert second["text"] == "Paris."
    assert [message["role"] for message in asked(fake)["messages"]] == ["user", "assistant", "user"]
    assert "hm" not in json.dumps(asked(fake)["messages"])


async def test_a_whole_answer_with_thinking_is_streamed_as_events(fake):
    message = {"role": "assistant", "content": "<think>\nlet me see\n</think>\n\nParis."}
    body = json.dumps({"model": "m", "choices": [{"message": message, "finish_reason": "stop"}]})
    fake.say("200 OK", body, Content_Type="application/json")
    host = await talk(fake, "The capital of France?")
    assert (host.text, "".join(event["text"] for event in host.of_type("thinking"))) == (
        "Paris.",
        "let me see",
    )


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "application/octet-stream"])
async def test_a_stream_under_another_name(fake, kind):
    fake.say("200 OK", event("stop", content="Hi").decode() + "data: [DONE]\n\n", Content_Type=kind)
    assert (await (await at(fake)).provider.complete(HI)).content[0].text == "Hi"


async def test_the_first_word_of_thinking_counts_as_the_first(fake):
    usage = b'data: {"choices": [], "usage": {"completion_tokens": 9}}\n\n'
    fake.stream(event(reasoning_content="a"), event(reasoning_content="b"), event("stop", content="c"), usage)
    response = await (await at(fake)).provider.complete(ChatRequest.model_validate(HI.model_dump()))
    assert response.usage.decode_tokens_per_second > 0
