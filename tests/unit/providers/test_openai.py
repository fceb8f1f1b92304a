"""`provider-openai` against llama.cpp's own server with the real SmolLM2."""

from __future__ import annotations

import asyncio
import json

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest
from fakes import until
from mounted import Mounted, asking, mounted
from openai_servers import KEY, MODEL, llama_server

from providers.errors import from_llm_error
from providers.openai.models import listed
from providers.openai.settings import ServerSettings

CAPITAL = asking("What is the capital of France?", max_output_tokens=12, temperature=0)
STORY = asking("Write a long story about a lighthouse keeper.", max_output_tokens=900, temperature=0)
TOOL = {
    "name": "weather",
    "description": "The weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Paris", "Oslo"]}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


async def at(llama, **config) -> Mounted:
    return await mounted("openai", **{"base_url": llama.url, "api_key": KEY, **config})


async def test_an_answer_streams_in_pieces(llama):
    here = await at(llama)
    response = await here.provider.complete(CAPITAL)
    assert "Paris" in response.content[0].text
    assert len(here.deltas) > 1
    assert "".join(here.deltas) == response.content[0].text
    assert (response.finish_reason, response.metadata["model"]) == ("stop", MODEL)
    usage = response.usage
    assert usage.input_tokens > usage.output_tokens > 1
    assert usage.ttft_ms > 0
    assert usage.decode_tokens_per_second > 0


async def test_the_servers_models(llama):
    (model,) = await (await at(llama)).provider.list_models()
    assert (model.id, model.context_window, model.max_output_tokens) == (MODEL, 1024, 256)
    assert "local" in model.capabilities


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "weather"}}])
async def test_a_tool_is_called(llama, choice):
    """The small model does as it sees it done, so there is a call before."""
    call = {"type": "tool_call", "id": "c1", "name": "weather", "input": {"city": "Oslo"}}
    messages = [
        {"role": "user", "content": "How is the weather in Oslo?"},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": "How is the weather in Paris?"},
    ]
    tools = [TOOL, {**TOOL, "name": "traffic"}] if isinstance(choice, dict) else [TOOL]
    here = await at(llama, temperature=0, max_tokens=60)
    response = await here.provider.complete(
        ChatRequest.model_validate({"messages": messages, "tools": tools, "tool_choice": choice})
    )
    (called,) = here.provider.parse_tool_calls(response)
    assert (called.name, called.arguments["city"]) == ("weather", "Paris")
    assert (response.finish_reason, here.deltas) == ("tool_calls", [])


@pytest.mark.parametrize("how", ["the token", "the task"])
async def test_a_cancel_stops_the_servers_slot(llama, how):
    here = await at(llama)
    answering = asyncio.ensure_future(here.provider.complete(STORY))
    await until(lambda: here.deltas, 30)
    assert llama.busy
    if how == "the task":
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering
    else:
        await here.cancel()
        response = await answering
        assert response.finish_reason == "cancelled"
        assert response.content[0].text == "".join(here.deltas)
    await until(lambda: not llama.busy, 30)


@pytest.mark.parametrize("key", ["", "sk-wrong"])
async def test_a_wrong_key(llama, key, caplog):
    here = await at(llama, api_key=key)
    with pytest.raises(llm_errors.AuthenticationError) as caught:
        await here.provider.complete(CAPITAL)
    data = from_llm_error(caught.value)
    assert (data["code"], caught.value.status_code, caught.value.retryable) == ("unsupported", 401, False)
    assert "API key" in data["action"]
    assert "sk-wrong" not in json.dumps(data) + repr(caught.value) + caplog.text


async def test_a_model_that_the_server_has_not(llama):
    here = await at(llama, model="gpt-99")
    with pytest.raises(llm_errors.NotFoundError, match="gpt-99") as caught:
        await here.provider.complete(CAPITAL)
    assert from_llm_error(caught.value)["code"] == "model-not-found"


async def test_a_conversation_that_is_too_long(llama):
    with pytest.raises(llm_errors.ContextLengthError) as caught:
        await (await at(llama)).provider.complete(asking("word " * 3000))
    assert from_llm_error(caught.value)["code"] == "context-overflow"


async def test_a_wrong_path(llama):
    here = await at(llama, base_url=f"{llama.url}/api/v7")
    with pytest.raises(llm_errors.ConfigurationError, match="no OpenAI-compatible API"):
        await here.provider.complete(CAPITAL)


async def test_a_server_that_goes_away():
    with llama_server() as llama:
        here = await at(llama)
        answering = asyncio.ensure_future(here.provider.complete(STORY))
        await until(lambda: here.deltas, 60)
        llama.kill()
        with pytest.raises(llm_errors.StreamError) as caught:
            async with asyncio.timeout(5):
                await answering
        assert from_llm_error(caught.value)["code"] == "download-failed"
        with pytest.raises(llm_errors.NetworkError, match="Nothing answers") as caught:
            await here.provider.complete(CAPITAL)
        assert caught.value.retryable


def test_a_server_may_say_that_a_model_reads_text_only():
    settings = ServerSettings.read({"base_url": "http://localhost:1/v1"})
    entries = [
        {"id": "silent"},
        {"id": "text", "architecture": {"input_modalities": ["text"]}},
        {"id": "both", "architecture": {"input_modalities": ["text", "image"]}},
    ]
    assert [spec["sees"] for spec in listed(entries, settings)] == [True, False, True]
