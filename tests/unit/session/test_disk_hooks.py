"""In a browser a tool finds the disk as it is, and a model hears of what a tool wrote and is not kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fakes import TOOL, Client, FakeHost, answer, call, calls

from py_app import session

FULL = {"code": "quota", "message": "The home is full.", "action": "Delete something."}


@pytest.fixture(autouse=True)
def in_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "sys", SimpleNamespace(platform="emscripten"))


async def talk(host: FakeHost, *, acts: bool = True) -> None:
    tool = {**TOOL, "sideEffects": acts}
    chat = await Client.open(host, tools=[tool], approvals={"add": "allow"})
    await chat.send("1 + 2?")


def host(kept: dict[str, Any]) -> FakeHost:
    made = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("3"))

    async def tool(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return kept if name == "alcove:keep-disks" else {"ok": 3}

    made.tool = tool
    return made


async def test_the_disk_is_looked_at_before_a_tool_and_kept_after_it():
    fake = host({"ok": None})
    await talk(fake)
    assert [name for _, name, _ in fake.tool_calls] == ["alcove:look-at-disks", "add", "alcove:keep-disks"]


async def test_what_cannot_be_kept_is_told_to_the_model_and_to_the_person():
    fake = host({"error": FULL})
    await talk(fake)
    words = "The home is full. Delete something."
    assert {"type": "notice", "level": "warning", "text": words} in [event for _, event in fake.events]
    (told,) = [message for message in fake.requests[-1]["messages"] if message["role"] == "tool"]
    assert words in told["content"]
    assert told["content"].endswith("3"), "what the tool said is not lost"


async def test_a_tool_that_only_reads_does_not_fail_for_what_it_did_not_write():
    fake = host({"error": FULL})
    await talk(fake, acts=False)
    assert [name for _, name, _ in fake.tool_calls] == ["alcove:look-at-disks", "add"]
    (told,) = [message for message in fake.requests[-1]["messages"] if message["role"] == "tool"]
    assert told["content"] == "3"
