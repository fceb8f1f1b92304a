"""A whole session over `provider-openai`: retries are the loop's, and the key stays where it was put."""

from __future__ import annotations

import json

from fakes import Client, FakeHost
from openai_servers import FakeServer

KEY = "sk-of-the-session"
TEXT = b'data: {"model": "m", "choices": [{"delta": {"content": "Hello."}, "finish_reason": "stop"}]}\n\n'


async def session(fake: FakeServer, host: FakeHost) -> Client:
    provider = {"module": "provider-openai", "config": {"base_url": fake.url, "api_key": KEY}}
    loop = {"module": "loop-alcove", "config": {"retry_delay": 0.01}}
    return await Client.open(
        host, plan={"providers": [provider], "session": {"orchestrator": loop, "raw": True}}
    )


async def test_a_busy_server_is_asked_again_after_its_pause(fake):
    fake.say("503 Service Unavailable", Retry_After="0.3")
    fake.say("429 Too Many Requests")
    fake.stream(TEXT, b"data: [DONE]\n\n")
    client = await session(fake, FakeHost())
    assert (await client.send("Hi"))["ok"] == {"text": "Hello.", "finishReason": "stop"}
    assert len(fake.requests) == 3
    assert fake.times[1] - fake.times[0] >= 0.3


async def test_a_server_that_stays_busy_is_asked_three_times(fake):
    fake.say("503 Service Unavailable")
    client = await session(fake, FakeHost())
    assert (await client.send("Hi"))["error"]["code"] == "busy"
    assert len(fake.requests) == 3


async def test_the_key_is_not_in_what_the_page_gets(fake, caplog):
    caplog.set_level("DEBUG")
    fake.say("400 Bad", f"The key {KEY} may not do this.")
    fake.stream(TEXT)
    host = FakeHost()
    client = await session(fake, host)
    refused = await client.send("Hi")
    assert "[key]" in refused["error"]["detail"]
    answered = await client.send("Hi again")
    assert answered["ok"]["text"] == "Hello."
    seen = [refused, answered, host.records, host.events, await client.history(), caplog.text]
    assert host.records
    assert KEY not in json.dumps(seen)


async def test_settings_that_cannot_be_do_not_tell_the_key(fake):
    from py_app.app import start

    client = Client(start(FakeHost()), FakeHost())
    provider = {"module": "provider-openai", "config": {"base_url": "ftp://host", "api_key": KEY}}
    answer = await client.opened(plan={"providers": [provider]})
    assert answer["error"]["code"] == "bad-request"
    assert "http://" in answer["error"]["message"]
    assert KEY not in json.dumps(answer)
