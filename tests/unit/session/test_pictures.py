"""Pictures through the App: to a model that sees, and through the eye to one that reads."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakes import PICTURE, PNG, Client, FakeHost, answer, fails, hangs, until

from py_app.pictures import media_type
from py_app.transcript import title_of

BLOCK = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
PART = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}


async def test_a_model_that_sees_gets_the_picture_before_the_text():
    host = FakeHost()
    host.sees = True
    chat = await Client.open(host)
    assert "ok" in await chat.send("What is it?", PICTURE)
    content = [PART, {"type": "text", "text": "What is it?"}]
    assert host.requests[0]["messages"] == [{"role": "user", "content": content}]
    assert (await chat.history())[0] == {
        "role": "user",
        "content": [BLOCK, {"type": "text", "text": "What is it?"}],
    }
    assert host.records[-1]["messages"] == await chat.history()
    assert host.records[-1]["title"] == "What is it?"
    assert host.seen == []


async def test_a_text_model_reads_what_the_eye_saw():
    host = FakeHost()
    chat = await Client.open(host)
    assert "ok" in await chat.send("What is it?", PICTURE, PICTURE)
    assert host.requests[0]["messages"] == [
        {"role": "user", "content": "[Picture: view 1]\n[Picture: view 2]\nWhat is it?"}
    ]
    assert [request["image"] for request in host.seen] == [PICTURE, PICTURE]
    assert all(request["session"] == "s" and request["prompt"] for request in host.seen)
    assert host.of_type("picture") == [
        {"type": "picture", "picture": 0, "description": "view 1", "model": "tiny-eye"},
        {"type": "picture", "picture": 1, "description": "view 2", "model": "tiny-eye"},
    ]
    kept = host.records[-1]["messages"][0]["content"]
    assert kept[1] == {**BLOCK, "description": "view 2", "described_by": "tiny-eye"}
    # Each picture is looked at once, whatever follows.
    await chat.send("And now?")
    await chat.call("retry")
    assert len(host.seen) == 2


async def test_a_description_that_came_along_is_enough():
    host = FakeHost()
    chat = await Client.open(host)
    await chat.send("", {**PICTURE, "description": "a cat"})
    assert host.requests[0]["messages"] == [{"role": "user", "content": "[Picture: a cat]\n"}]
    assert host.seen == []
    assert host.records[-1]["title"] == "a cat"


async def test_a_picture_without_words():
    host = FakeHost()
    host.sees = True
    chat = await Client.open(host)
    assert "ok" in await chat.send("  ", PICTURE)
    assert host.requests[0]["messages"] == [{"role": "user", "content": [PART]}]
    assert host.records[-1]["title"] == "A picture"


async def test_retry_keeps_the_picture():
    host = FakeHost(answer("One."), answer("Two."))
    host.sees = True
    chat = await Client.open(host)
    await chat.send("What is it?", PICTURE)
    assert (await chat.call("retry"))["ok"]["text"] == "Two."
    assert host.requests[1]["messages"] == host.requests[0]["messages"]
    await chat.send("Thanks")
    assert host.requests[2]["messages"][-1] == {"role": "user", "content": "Thanks"}


async def test_a_conversation_goes_on_with_a_model_that_cannot_see():
    host = FakeHost()
    host.sees = True
    chat = await Client.open(host)
    await chat.send("What is it?", PICTURE)
    await chat.call("close")
    host.sees = False
    await chat.opened(messages=host.records[-1]["messages"])
    await chat.send("And what colour?")
    assert host.requests[1]["messages"][0] == {"role": "user", "content": "[Picture: view 1]\nWhat is it?"}
    assert host.records[-1]["messages"][0]["content"][0]["description"] == "view 1"


async def test_an_eye_that_fails_loses_nothing():
    async def fails_first(request: dict[str, Any]) -> dict[str, Any]:
        if len(host.seen) == 1:
            error = {"code": "model-not-found", "message": "There is no vision model.", "action": "Get one."}
            return {"error": error}
        return {"ok": {"text": "a cat", "model": "tiny-eye"}}

    host = FakeHost()
    host.eye = fails_first
    chat = await Client.open(host)
    error = (await chat.send("What is it?", PICTURE))["error"]
    assert (error["code"], error["message"]) == ("model-not-found", "There is no vision model.")
    assert not host.requests
    assert host.records[-1]["messages"][0]["content"][0] == BLOCK
    assert (await chat.call("retry"))["ok"]["text"]
    assert host.requests[0]["messages"][0]["content"] == "[Picture: a cat]\nWhat is it?"


async def test_cancel_while_the_eye_looks():
    async def looks_for_ever(request: dict[str, Any]) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    host = FakeHost()
    host.eye = looks_for_ever
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("What is it?", PICTURE))
    await until(lambda: host.seen)
    await chat.call("cancel", True)
    assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert host.cancelled == [host.seen[0]["id"]]
    assert not host.requests


async def test_a_cancelled_turn_takes_its_picture_with_it():
    host = FakeHost(hangs(), answer("Fine."))
    host.sees = True
    chat = await Client.open(host)
    turn = asyncio.ensure_future(chat.send("What is it?", PICTURE))
    await until(lambda: host.running)
    await chat.call("cancel", True)
    await turn
    await chat.send("Never mind")
    # Neighbours of one role are sent as one message: the picture is that of the first.
    picture, *said = host.requests[1]["messages"][-1]["content"]
    assert picture["type"] == "image_url"
    assert [part["text"] for part in said] == ["What is it?", "Never mind"]


async def test_a_server_that_refuses_keeps_the_picture_in_the_transcript():
    host = FakeHost(fails("unsupported"), answer("A cat."))
    host.sees = True
    chat = await Client.open(host)
    assert (await chat.send("What is it?", PICTURE))["error"]["code"] == "unsupported"
    assert (await chat.history())[0]["content"][0] == BLOCK
    assert (await chat.call("retry"))["ok"]["text"] == "A cat."


@pytest.mark.parametrize(
    "image",
    [
        "a string",
        {},
        {"media_type": "image/png"},
        {"media_type": "text/plain", "data": "QQ=="},
        {"media_type": "image/png", "data": ""},
        {"media_type": "image/png", "data": "no base64!"},
    ],
)
async def test_what_is_no_picture(image: Any):
    host = FakeHost()
    chat = await Client.open(host)
    assert (await chat.send("Hi", image))["error"]["code"] == "bad-request"
    assert await chat.history() == []


async def test_an_orchestrator_of_ones_own_refuses_pictures_before_anything_happens(monkeypatch):
    host = FakeHost()
    chat = await Client.open(host)
    coordinator = chat.app._find("s")._coordinator
    coordinator.register_capability("alcove.pictures", None)
    assert (await chat.send("Hi", PICTURE))["error"]["code"] == "unsupported"
    assert await chat.history() == []
    assert "ok" in await chat.send("Hi")


def test_titles_and_kinds():
    assert (
        title_of([{"role": "user", "content": [{**BLOCK, "description": "a red\ncircle"}]}]) == "a red circle"
    )
    assert media_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert media_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"


async def test_an_eye_that_says_nothing():
    async def silent(request: dict[str, Any]) -> dict[str, Any]:
        return {"ok": {"text": " ", "model": "tiny-eye"}}

    host = FakeHost()
    host.eye = silent
    chat = await Client.open(host)
    assert "ok" in await chat.send("What is it?", PICTURE)
    assert "found no words" in host.requests[0]["messages"][0]["content"]
    assert "found no words" in host.of_type("picture")[0]["description"]
