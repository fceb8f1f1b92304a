"""`provider-openai` with a server that misbehaves, and a key that must not get about."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from amplifier_core import llm_errors
from fakes import PICTURE, Client, FakeHost, until
from mounted import Mounted, asking, mounted
from openai_servers import FakeServer

from providers.errors import NoSightError, from_llm_error
from providers.openai.failures import Failures, retry_after
from providers.openai.response import TransportError
from providers.openai.settings import ServerSettings

KEY = "sk-very-secret"
HI = asking("Hi")
TOO_LONG = llm_errors.ContextLengthError
NO_SIGHT = NoSightError
FAILED = llm_errors.ProviderUnavailableError


async def at(fake: FakeServer, **config) -> Mounted:
    return await mounted("openai", **{"base_url": fake.url, "api_key": KEY, **config})


def said(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    return b"data: " + json.dumps({"model": "m", "choices": [choice]}).encode() + b"\n\n"


def error(message: str, **fields: str) -> str:
    return json.dumps({"error": {"message": message, **fields}})


@pytest.mark.parametrize(
    ("status", "body", "error_type", "code", "retryable"),
    [
        ("400 Bad", error("No."), llm_errors.InvalidRequestError, "bad-request", False),
        ("400 Bad", error("x", code="context_length_exceeded"), TOO_LONG, "context-overflow", False),
        ("400 Bad", error("This model's maximum context length is 9"), TOO_LONG, "context-overflow", False),
        ("400 Bad", error("m is not a multimodal model"), NO_SIGHT, "unsupported", False),
        ("500 Oh", error("image input is not supported - hint: mmproj"), NO_SIGHT, "unsupported", False),
        ("401 No", error(f"Incorrect API key: {KEY}"), llm_errors.AuthenticationError, "unsupported", False),
        ("403 No", error("country"), llm_errors.AccessDeniedError, "unsupported", False),
        ("404 No", error('model "m" not found, pull it'), llm_errors.NotFoundError, "model-not-found", False),
        ("404 No", "<html>nginx</html>", llm_errors.ConfigurationError, "unsupported", False),
        ("413 Big", "", TOO_LONG, "context-overflow", False),
        ("418 Tea", "[]", llm_errors.InvalidRequestError, "bad-request", False),
        ("429 Slow", error("x", code="insufficient_quota"), llm_errors.QuotaExceededError, "quota", False),
        ("429 Slow", error("x"), llm_errors.RateLimitError, "busy", True),
        ("500 Oh", "trace", llm_errors.ProviderUnavailableError, "engine-crashed", True),
        ("503 Wait", error("Loading model"), llm_errors.ProviderUnavailableError, "busy", True),
        ("301 Moved", "", llm_errors.ConfigurationError, "unsupported", False),
        ("200 OK", "<html>", llm_errors.ConfigurationError, "unsupported", False),
    ],
)  # fmt: skip
async def test_each_refusal_has_its_type(fake, status, body, error_type, code, retryable):
    fake.say(status, body)
    with pytest.raises(llm_errors.LLMError) as caught:
        await (await at(fake)).provider.complete(HI)
    data = from_llm_error(caught.value)
    assert (type(caught.value), data["code"], caught.value.retryable) == (error_type, code, retryable)
    assert data["action"]
    assert KEY not in repr(caught.value) + json.dumps(data)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_the_pause_that_a_server_asks_for_is_kept(fake, status):
    fake.say(status, Retry_After="0.4")
    fake.stream(said("Hi"), said("", "stop"))
    here = await at(fake)
    with pytest.raises(llm_errors.LLMError) as caught:
        await here.provider.complete(HI)
    assert (caught.value.retryable, caught.value.retry_after) == (True, 0.4)
    assert (await here.provider.complete(HI)).content[0].text == "Hi"
    first, second = fake.times
    assert second - first >= 0.4


async def test_a_pause_of_an_hour_is_left_to_the_person(fake):
    fake.say("429 Too Many Requests", Retry_After="3600")
    here = await at(fake)
    with pytest.raises(llm_errors.RateLimitError) as caught:
        await here.provider.complete(HI)
    assert caught.value.retryable is False
    assert "60 minutes" in from_llm_error(caught.value)["action"]


def test_retry_after():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (retry_after({"retry-after": soon}) or 0) <= 30
    assert retry_after({"retry-after": "-3"}) == 0
    assert retry_after({"retry-after-ms": "250", "retry-after": "9"}) == 0.25
    for nonsense in ("soon", "nan", "inf", ""):
        assert retry_after({"retry-after": nonsense}) is None


@pytest.mark.parametrize(
    ("pieces", "error_type"),
    [
        ([said("He")], llm_errors.StreamError),
        ([said("He"), b"data: {nonsense\n\n"], llm_errors.ConfigurationError),
        ([said("He"), b'data: {"error": {"code": 500, "message": "CUDA"}}\n\n'], FAILED),
        ([b'data: {"error": {"code": 503, "message": "busy"}}\n\n'], FAILED),
        ([], llm_errors.StreamError),
    ],
)  # fmt: skip
async def test_a_stream_that_breaks(fake, pieces, error_type):
    fake.stream(*pieces)
    here = await at(fake)
    with pytest.raises(llm_errors.LLMError) as caught:
        await here.provider.complete(HI)
    assert type(caught.value) is error_type
    assert "".join(here.deltas) == ("He" if pieces and pieces[0] == said("He") else "")


async def test_a_server_that_does_not_stream(fake):
    message = {"role": "assistant", "content": "Hello."}
    body = json.dumps({"model": "m", "choices": [{"message": message, "finish_reason": "stop"}]})
    fake.say("200 OK", body, Content_Type="application/json")
    response = await (await at(fake)).provider.complete(HI)
    assert response.content[0].text == "Hello."


async def test_a_stream_that_stalls_is_ended(fake):
    fake.stream(said("He"), hang=True)
    with pytest.raises(llm_errors.LLMTimeoutError):
        await (await at(fake, progress_timeout=0.2)).provider.complete(HI)
    await until(lambda: fake.gone == 1)


async def test_a_cancel_before_the_first_byte(fake):
    async def silent(writer):
        await asyncio.sleep(60)

    fake.answers.append(silent)
    here = await at(fake)
    answering = asyncio.ensure_future(here.provider.complete(HI))
    await until(lambda: fake.requests)
    await here.cancel()
    assert (await answering).finish_reason == "cancelled"
    await until(lambda: fake.gone == 1)


async def test_what_is_sent(fake):
    fake.stream(said("Hi", "stop"), b"data: [DONE]\n\n")
    here = await at(fake, model="m", temperature=0.3)
    await here.provider.complete(HI, max_output_tokens=5)
    ((line, headers, body),) = fake.requests
    assert line == "POST /v1/chat/completions HTTP/1.1"
    assert headers["authorization"] == f"Bearer {KEY}"
    sent = json.loads(body)
    assert (sent["model"], sent["temperature"], sent["max_tokens"], sent["stream"]) == ("m", 0.3, 5, True)
    assert "id" not in sent


async def test_a_second_try_varies_only_what_is_set(fake):
    fake.stream(said("Hi", "stop"))
    for config, wanted in (({}, None), ({"temperature": 0}, 0.5)):
        here = await at(fake, **config)
        here.coordinator.register_capability("alcove.variation", {"temperature": 0.5})
        await here.provider.complete(HI)
        assert json.loads(fake.requests[-1][2]).get("temperature") == wanted


async def test_what_the_person_chose_reaches_the_server(fake):
    fake.stream(said("Hi", "stop"))
    here = await at(fake, model="m", temperature=0.9)
    here.coordinator.register_capability("alcove.sampling", {"temperature": 0.1, "max_tokens": 9, "seed": 3})
    await here.provider.complete(HI)
    sent = json.loads(fake.requests[-1][2])
    assert (sent["temperature"], sent["max_tokens"], sent["seed"]) == (0.1, 9, 3)


@pytest.mark.parametrize(
    ("page", "server", "words"),
    [
        ("https://alcove.example", "http://localhost:11434", "OLLAMA_ORIGINS=https://alcove.example"),
        ("https://alcove.example", "http://localhost:11434", "permissions"),
        ("https://alcove.example", "http://nas:8080", "give it https"),
        ("http://localhost:8000", "https://nas:8080", "certificate"),
    ],
)
def test_what_a_page_can_do_about_a_server_that_it_cannot_reach(page, server, words):
    settings = ServerSettings.read({"base_url": server})
    assert settings is not None
    error = Failures(settings).transport(TransportError("blocked", "Failed to fetch", page=page))
    assert words in from_llm_error(error)["action"]


async def test_the_key_gets_nowhere_else(fake, caplog):
    caplog.set_level(logging.DEBUG)
    fake.say("400 Bad", f"You sent {KEY}.")
    here = await at(fake, nonsense=1)
    with pytest.raises(llm_errors.LLMError) as caught:
        await here.provider.complete(HI)
    seen = [
        caplog.text,
        json.dumps(from_llm_error(caught.value)),
        repr(vars(here.provider)),
        repr(caught.value),
    ]
    seen += [
        here.provider.get_info().model_dump_json(),
        repr(here.coordinator.get_capability("alcove.engine")),
    ]
    assert "[key]" in seen[1]
    assert not [text for text in seen if KEY in text]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"base_url": "localhost:8080"}, "http://"),
        ({"base_url": "http://me:pw@host/v1"}, "password"),
        ({"base_url": "http://host/v1?x=1"}, "holds a ?"),
        ({"base_url": "http://[::1"}, "no URL"),
        ({"base_url": "http://host:99999"}, "no URL"),
        ({"base_url": "http://host", "api_key": f"{KEY}\r\nHost: evil"}, "character"),
        ({"base_url": "http://host", "api_key": f"{KEY}é"}, "character"),
    ],
)
async def test_settings_that_cannot_be(config, words):
    with pytest.raises(llm_errors.ConfigurationError) as caught:
        await mounted("openai", **config)
    assert words in str(caught.value)
    assert KEY not in repr(caught.value) + json.dumps(from_llm_error(caught.value))


def test_addresses():
    def read(url: str) -> ServerSettings:
        settings = ServerSettings.read({"base_url": url})
        assert settings is not None
        return settings

    assert read("http://localhost:11434/").base == "http://localhost:11434/v1"
    assert read("https://host/api/v3/").base == "https://host/api/v3"
    assert read("https://host/v1/chat/completions").base == "https://host/v1"
    assert read("http://app.localhost:8080").on_this_device
    assert read("http://[::1]:8080").on_this_device
    assert not read("https://localhost.evil.com").on_this_device


async def test_without_a_server():
    here = await mounted("openai")
    assert await here.provider.list_models() == []
    with pytest.raises(llm_errors.ConfigurationError, match="No server is chosen"):
        await here.provider.complete(HI)


async def test_nobody_answers():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        here = await mounted("openai", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(llm_errors.NetworkError, match="Nothing answers"):
            await here.provider.list_models()


@pytest.mark.parametrize("words", ["not trusted", "does not speak https"])
async def test_https_that_fails(words, tmp_path):
    async def answer(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    context = self_signed(tmp_path) if words == "not trusted" else None
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        here = await mounted("openai", base_url=f"https://127.0.0.1:{port}")
        with pytest.raises(llm_errors.NetworkError, match=words) as caught:
            await here.provider.complete(HI)
    assert caught.value.retryable is False


def self_signed(folder: Path) -> ssl.SSLContext:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1"
    )
    subprocess.run([*command.split(), "-out", made, "-keyout", key], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


async def test_a_server_whose_model_cannot_see_is_told_in_words(fake):
    """It says so only when it is sent a picture: the eye is asked then, and the turn goes on."""
    fake.say("500 Oh", error("image input is not supported - hint: mmproj"))
    fake.stream(said("A cat."), said("", "stop"), b"data: [DONE]\n\n")
    host = FakeHost()
    settings = {"base_url": fake.url, "api_key": KEY}
    chat = await Client.open(host, provider="openai", model="m", providerConfig=settings)
    assert (await chat.send("What is it?", PICTURE))["ok"]["text"] == "A cat."
    first, second = (json.loads(body)["messages"][0]["content"] for _, _, body in fake.requests)
    assert first[0] == {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{PICTURE['data']}"},
    }
    assert second == "[Picture: view 1]\nWhat is it?"
    await chat.send("And now?")
    assert len(host.seen) == 1
    assert json.loads(fake.requests[2][2])["messages"][0]["content"] == second
