"""The provider by itself: events, models, and an engine that misbehaves."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest
from amplifier_core.testing import MockCoordinator
from fakes import FakeHost, answer, call, calls, chunk, completion, fails, hangs, until
from mounted import mounted

from providers.errors import from_llm_error
from providers.llamacpp import mount

REQUEST = ChatRequest.model_validate({"messages": [{"role": "user", "content": "Hi"}]})
STREAM = ("llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "llm:stream_aborted")


async def provider_over(host: Any, **config: Any):
    """A mounted provider and the list of the events that it emits."""
    coordinator = MockCoordinator()
    if host is not None:
        coordinator.register_capability("alcove.engine", host)
    await mount(coordinator, config)
    events: list[tuple[str, Any]] = []

    async def record(event, data):
        events.append((event, data.get("delta") or data))

    for event in ("content_block:delta", *STREAM):
        coordinator.hooks.register(event, record, 0, event)
    return coordinator.get("providers")["llamacpp"], events, coordinator


async def test_content_block_events():
    provider, events, _ = await provider_over(FakeHost(answer("a", "b")))
    response = await provider.complete(REQUEST)
    assert response.finish_reason == "stop"
    assert "".join(value for name, value in events if name == "content_block:delta") == "ab"
    streamed = [(name, data) for name, data in events if name in STREAM]
    assert [name.rsplit("_", 1)[1] for name, _ in streamed][:: len(streamed) - 1] == ["start", "end"]
    deltas = [data for name, data in streamed if name.endswith("delta")]
    assert "".join(data["text"] for data in deltas) == "ab"
    assert [data["sequence"] for data in deltas] == list(range(len(deltas)))
    assert {(data["block_type"], data["block_index"]) for _, data in streamed} == {("text", 0)}
    assert len({data["request_id"] for _, data in streamed}) == 1
    assert [(block.type.value, block.text) for block in response.content_blocks] == [("text", "ab")]


async def test_calls_are_blocks_too_and_one_without_arguments_reads_as_a_table():
    provider, events, _ = await provider_over(FakeHost(calls(call("now"), text="I look.")))
    response = await provider.complete(REQUEST)
    starts = [data for name, data in events if name.endswith("start")]
    assert [(data["block_index"], data["block_type"], data.get("name")) for data in starts] == [
        (0, "text", None),
        (1, "tool_use", "now"),
    ]
    (asked,) = response.tool_calls
    assert (asked.get("id"), asked.get("tool"), asked.get("arguments")) == (asked.id, "now", {})


async def test_what_is_asked_in_the_background_is_heard_by_nobody():
    provider, events, _ = await provider_over(FakeHost(answer("A title")))
    request = REQUEST.model_copy(update={"metadata": {"stream": False}})
    assert (await provider.complete(request)).content[0].text == "A title"
    assert events == []


async def test_chunks_that_wait_are_joined():
    async def burst(running):
        for _ in range(50):
            running.on_chunk(chunk("x"))
        return completion("x" * 50)

    provider, events, _ = await provider_over(FakeHost(burst))
    await provider.complete(REQUEST)
    assert [value for name, value in events if name == "content_block:delta"] == ["x" * 50]


async def test_models():
    host = FakeHost(context=512)
    provider, _, _ = await provider_over(host)
    (model,) = await provider.list_models()
    assert (model.id, model.context_window, model.max_output_tokens) == ("tiny", 512, 128)

    async def unloaded() -> str:
        return json.dumps({"models": [{"id": "tiny", "name": "Tiny", "context": 99}], "loaded": None})

    async def loaded() -> str:
        models = [{"id": "other", "context": 1}, {"id": "tiny", "context": 99}]
        return json.dumps({"models": models, "loaded": {"id": "tiny", "context": 64}})

    provider, _, _ = await provider_over(host)
    host.list_models = unloaded  # type: ignore[method-assign]
    assert [m.context_window for m in await provider.list_models()] == [99]
    host.list_models = loaded  # type: ignore[method-assign]
    assert [(m.id, m.context_window) for m in await provider.list_models()] == [("tiny", 64), ("other", 1)]


async def test_each_provider_lists_its_own_engines_models():
    models = [
        {"id": "small", "context": 8, "engine": "llamacpp"},
        {"id": "far", "context": 16, "engine": "webllm"},
        {"id": "here", "context": 32, "engine": "webllm", "cached": True},
        {"id": "open", "context": 64, "engine": "webllm"},
    ]

    async def listed(name: str, loaded: Any) -> list[Any]:
        host = FakeHost()
        here = await mounted(name, engine=host)
        host.list_models = models_json = AsyncMock()  # type: ignore[method-assign]
        models_json.return_value = json.dumps({"models": models, "loaded": loaded})
        await here.provider.complete(REQUEST)
        found = await here.provider.list_models()
        assert host.requests[0]["model"] == found[0].id  # a request that names none gets one of this engine
        return [(m.id, m.context_window, "cached" in m.capabilities) for m in found]

    far, here = ("far", 16, False), ("here", 32, True)
    loaded = {"id": "open", "context": 48, "engine": "webllm"}
    assert await listed("webllm", loaded) == [("open", 48, False), here, far]
    assert await listed("webllm", None) == [here, far, ("open", 64, False)]
    assert await listed("llamacpp", loaded) == [("small", 8, False)]
    mine = {"id": "imported.gguf", "context": 24, "engine": "llamacpp"}
    assert await listed("llamacpp", mine) == [("imported.gguf", 24, False), ("small", 8, False)]


async def test_a_tool_call_being_written_is_progress():
    async def script(running):
        for _ in range(6):
            await asyncio.sleep(0.1)
            running.on_chunk(chunk("", tool_calls=[{"index": 0, "function": {"arguments": " "}}]))
        return completion("done")

    provider, _, _ = await provider_over(FakeHost(script), first_token_timeout=0.3)
    assert (await provider.complete(REQUEST)).content[0].text == "done"


async def test_without_an_engine():
    provider, _, _ = await provider_over(None)
    assert await provider.list_models() == []
    with pytest.raises(llm_errors.ConfigurationError) as caught:
        await provider.complete(REQUEST)
    assert from_llm_error(caught.value)["code"] == "unsupported"


async def test_settings_of_config_and_of_the_call():
    host = FakeHost()
    provider, _, _ = await provider_over(host, model="m", temperature=0.2)
    await provider.complete(REQUEST, temperature=0.9, max_output_tokens=4)
    sent = host.requests[0]
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("m", 0.9, 4)


async def test_an_error_has_its_type_and_the_text_block_is_closed():
    provider, events, _ = await provider_over(FakeHost(fails("out-of-memory", "Oh")))
    with pytest.raises(llm_errors.ProviderUnavailableError) as caught:
        await provider.complete(REQUEST)
    assert caught.value.retryable is False
    assert [name for name, _ in events[-2:]] == ["llm:stream_block_end", "llm:stream_aborted"]
    assert events[-1][1]["error"]["type"] == "ProviderUnavailableError"


async def test_a_chunk_that_is_none():
    async def script(running):
        running.on_chunk("nonsense")
        return await running.until_cancelled()

    provider, _, _ = await provider_over(FakeHost(script))
    with pytest.raises(llm_errors.LLMError) as caught:
        async with asyncio.timeout(1):
            await provider.complete(REQUEST)
    assert from_llm_error(caught.value)["code"] == "engine-crashed"


@pytest.mark.parametrize("word", [(), ("Hm",)])
async def test_a_cancelled_task_stops_the_engine(word):
    host = FakeHost(hangs(*word))
    provider, _, _ = await provider_over(host)
    task = asyncio.ensure_future(provider.complete(REQUEST))
    await until(lambda: host.running)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert host.cancelled


async def test_the_token_stops_the_engine():
    host = FakeHost(hangs("Hm"))
    provider, _, coordinator = await provider_over(host)
    task = asyncio.ensure_future(provider.complete(REQUEST))
    await until(lambda: host.running and host.running[next(iter(host.running))].said)
    coordinator.cancellation.request_immediate()
    await coordinator.cancellation.trigger_callbacks()
    response = await task
    assert (response.finish_reason, response.content[0].text) == ("cancelled", "Hm")
    assert (await provider.complete(REQUEST)).finish_reason == "cancelled"
    assert len(host.requests) == 1
