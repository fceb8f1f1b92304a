"""How the person wants a conversation's answers: it reaches the engines and the servers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes import Client, FakeHost, answer

from py_app.config import SessionConfig
from py_app.errors import AlcoveError

CHOSEN: dict[str, Any] = {
    "temperature": 0,
    "topP": 0.5,
    "maxTokens": 40,
    "frequencyPenalty": 0.2,
    "presencePenalty": -0.1,
    "seed": 7,
    "stop": ["END"],
}
SENT = {
    "temperature": 0,
    "top_p": 0.5,
    "max_tokens": 40,
    "frequency_penalty": 0.2,
    "presence_penalty": -0.1,
    "seed": 7,
    "stop": ["END"],
}


def sampled(request: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name in SENT}


@pytest.mark.parametrize("provider", ["llamacpp", "webllm"])
async def test_all_that_is_chosen_reaches_the_engine(provider: str):
    host = FakeHost()
    chat = await Client.open(host, provider=provider, sampling=CHOSEN)
    await chat.send("Hi")
    assert sampled(host.requests[0]) == SENT


async def test_what_is_chosen_comes_before_the_plan_and_the_rest_of_the_plan_stays():
    host = FakeHost()
    settings = {"temperature": 0.9, "max_tokens": 5}
    plan = {"providers": [{"module": "provider-llamacpp", "config": settings}]}
    chat = await Client.open(host, plan=plan, sampling={"temperature": 0.1})
    await chat.send("Hi")
    assert sampled(host.requests[0]) == {"temperature": 0.1, "max_tokens": 5}


async def test_nothing_is_sent_where_nothing_is_chosen():
    host = FakeHost()
    for sampling in ({}, None, {"temperature": None}):
        chat = await Client.open(host, sampling=sampling)
        await chat.send("Hi")
        assert sampled(host.requests[-1]) == {}


@pytest.mark.parametrize(("chosen", "again"), [(0, 0.5), (1.2, 1.2)])
async def test_a_retry_differs_and_is_never_colder_than_was_chosen(chosen: float, again: float):
    host = FakeHost(answer("One."), answer("Two."), answer("Three."))
    chat = await Client.open(host, sampling={"temperature": chosen, "seed": 7, "topP": 0.9})
    await chat.send("Hi")
    await chat.call("retry")
    await chat.send("And?")
    usual = {"temperature": chosen, "seed": 7, "top_p": 0.9}
    assert [sampled(request) for request in host.requests] == [
        usual,
        {"temperature": again, "top_p": 0.9},
        usual,
    ]


@pytest.mark.parametrize("wrong", [{"top_k": 3}, {"warmth": 1}, [], "hot", 3])
def test_what_is_no_sampling_is_refused(wrong: object):
    given = json.loads(json.dumps({"id": "s", "sampling": wrong}))
    with pytest.raises(AlcoveError, match="sampling"):
        SessionConfig.parse(given)
