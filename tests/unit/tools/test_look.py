"""The `look` tool over what the page sees."""

from __future__ import annotations

import json

import pytest
from fakes import PICTURE, PNG, Client, FakeHost, answer, call, calls

from py_app.bridge import Page


@pytest.mark.parametrize("source", ["camera", "picture"])
async def test_it_sees_for_a_model_that_reads(source):
    host = FakeHost(calls(call("look", {"source": source, "question": "A cat?"})), answer("Yes."))
    chat = await Client.open(host, tools=["look"], approvals="allow")
    await chat.send("Is there a cat?", PICTURE)
    asked = host.seen[-1]
    assert (asked["prompt"], asked["image"]) == ("A cat?", {"media_type": "image/png", "data": PNG})
    assert "view" in json.loads(host.requests[-1]["messages"][-1]["content"])["description"]


@pytest.mark.parametrize(
    ("source", "says"), [("screen", "No screen was chosen"), ("picture", "No picture is attached")]
)
async def test_what_cannot_be_seen_is_told_to_the_model(source, says):
    host = FakeHost(calls(call("look", {"source": source})), answer("No."))
    chat = await Client.open(host, tools=["look"], approvals="allow")
    await chat.send("Look")
    assert says in host.requests[-1]["messages"][-1]["content"]


async def test_the_person_is_asked_first(monkeypatch):
    seen = []
    monkeypatch.setattr(Page, "see", lambda self, request: seen.append(request))
    host = FakeHost(calls(call("look", {"source": "camera"})), answer("No."))
    chat = await Client.open(host, tools=["look"], approvals={"look": "deny"})
    await chat.send("Look")
    assert seen == []
    assert "not allowed" in host.requests[-1]["messages"][-1]["content"]
