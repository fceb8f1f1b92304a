"""A session's files in the home, in the shapes of Amplifier's command line."""

from __future__ import annotations

import asyncio
import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fakes import TOOL, Client, FakeHost, answer, call, calls

from py_app.home import folder_tools, session_files
from py_app.home.archive import add_to
from py_app.home.folder_tools import with_folder_tools
from py_app.home.places import folder_name, slug_of

KEY = "sk-0123456789"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_files, "_AFTER", 0)


def folder(home: Path, session: str = "s") -> Path:
    return home / ".amplifier/projects" / slug_of(str(home)) / "sessions" / session


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def talk(host: FakeHost, *texts: str, **config: Any) -> Client:
    chat = await Client.open(host, **config)
    for text in texts:
        await chat.send(text)
    await asyncio.sleep(0.01)
    return chat


async def test_a_conversation_in_the_shapes_of_the_command_line(home: Path):
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("3 ☺"))
    await talk(host, f"1 + 2? {KEY}", tools=[TOOL], system="Be brief.", providerConfig={"api_key": KEY})
    asked, called, result, said = lines(folder(home) / "transcript.jsonl")
    assert asked["content"] == f"1 + 2? {KEY}"
    assert called["tool_calls"] == [{"id": "call_1", "tool": "add", "arguments": {"a": 1, "b": 2}}]
    assert (result["role"], result["tool_call_id"]) == ("tool", "call_1")
    assert said["content"] == "3 ☺"

    about = json.loads((folder(home) / "metadata.json").read_text())
    assert about["session_id"] == "s"
    assert about["turn_count"] == 1
    assert about["working_dir"] == str(home)
    assert {"name", "created", "bundle", "model"} <= about.keys()

    events = lines(folder(home) / "events.jsonl")
    names = [event["event"] for event in events]
    assert names.index("prompt:submit") < names.index("tool:pre") < names.index("tool:post")
    assert all(event["schema"] == {"name": "amplifier.log", "ver": "1.0.0"} for event in events)
    assert all(event["session_id"] == "s" and event["ts"] and event["lvl"] for event in events)
    (tool,) = [event for event in events if event["event"] == "tool:pre"]
    assert tool["data"]["tool_input"] == {"a": 1, "b": 2}
    assert KEY not in (folder(home) / "events.jsonl").read_text()


async def test_what_is_deleted_of_a_conversation_goes_from_the_disk(home: Path):
    chat = await talk(FakeHost(answer("one"), answer("two")), "first", "second")
    history = await chat.history()
    await chat.call("replace", json.dumps(history[2:]))
    await asyncio.sleep(0.01)
    assert [line["content"] for line in lines(folder(home) / "transcript.jsonl")] == ["second", "two"]
    await chat.call("replace", "[]")
    await asyncio.sleep(0.01)
    assert lines(folder(home) / "transcript.jsonl") == []


async def test_the_next_turn_comes_behind_and_a_retry_takes_its_place(home: Path):
    chat = await talk(FakeHost(answer("one"), answer("two"), answer("three")), "first", "second")
    transcript = folder(home) / "transcript.jsonl"
    assert [line["content"] for line in lines(transcript)] == ["first", "one", "second", "two"]
    (folder(home) / "metadata.json").write_text(json.dumps({"name": "Mine", "description": "kept"}))
    await chat.call("retry")
    await asyncio.sleep(0.01)
    assert [line["content"] for line in lines(transcript)] == ["first", "one", "second", "three"]
    about = json.loads((folder(home) / "metadata.json").read_text())
    assert (about["name"], about["description"], about["turn_count"]) == ("Mine", "kept", 2)
    assert not list(folder(home).glob("*.tmp"))


async def test_what_somebody_else_did_to_the_file_does_not_stay(home: Path):
    chat = await talk(FakeHost(answer("one"), answer("two")), "first")
    transcript = folder(home) / "transcript.jsonl"
    transcript.write_text("half a li")
    await chat.send("second")
    await asyncio.sleep(0.01)
    assert [line["content"] for line in lines(transcript)] == ["first", "one", "second", "two"]


async def test_a_deleted_conversation_leaves_nothing_and_does_not_come_back(home: Path):
    chat = await talk(FakeHost(), "Hi")
    assert folder(home).exists()
    assert await chat.call("discard") == {"ok": None}
    await asyncio.sleep(0.01)
    assert not folder(home).exists()


async def test_sub_agents_have_folders_of_their_own(home: Path, tmp_path: Path):
    said = [{"role": "user", "content": "Look"}, {"role": "assistant", "content": "Seen"}]
    agents = [{"id": "s-1_scout", "name": "scout", "from": 0, "messages": said}]
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "Go"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c", "name": "delegate", "arguments": {}}],
        },
        {
            "role": "tool",
            "tool_call_id": "c",
            "content": "Seen",
            "metadata": {"agents": agents, "approval": "x"},
        },
    ]
    chat = await talk(FakeHost(), "And now?", messages=messages)
    assert lines(folder(home, "s-1_scout") / "transcript.jsonl") == said
    about = json.loads((folder(home, "s-1_scout") / "metadata.json").read_text())
    assert (about["parent_id"], about["agent_name"]) == ("s", "scout")
    assert lines(folder(home) / "transcript.jsonl")[2]["metadata"] == {"approval": "x"}
    assert json.loads((folder(home) / "metadata.json").read_text())["sub_sessions"] == ["s-1_scout"]

    record = {"id": "s", "title": "Go", "created": "2026-01-01T00:00:00Z", "model": "m", "messages": messages}
    add_to(tmp_path / "out.zip", record, "/home/me/work")
    with ZipFile(tmp_path / "out.zip") as archive:
        base = ".amplifier/projects/-home-me-work/sessions"
        names = {f"{base}/{name}" for name in ("s/metadata.json", "s/transcript.jsonl", "s/events.jsonl")}
        assert names < set(archive.namelist())
        assert archive.read(f"{base}/s-1_scout/transcript.jsonl").count(b"\n") == 2

    await chat.call("discard")
    assert not folder(home, "s-1_scout").exists()


async def test_what_agents_said_in_another_branch_goes_with_the_conversation(home: Path):
    def worked(sub_id: str) -> list[dict[str, Any]]:
        said = [{"role": "user", "content": "Look"}]
        agents = [{"id": sub_id, "name": "scout", "from": 0, "messages": said}]
        made = {"id": "c", "name": "delegate", "arguments": {}}
        return [
            {"role": "user", "content": "Go"},
            {"role": "assistant", "content": "", "tool_calls": [made]},
            {"role": "tool", "tool_call_id": "c", "content": "Seen", "metadata": {"agents": agents}},
        ]

    chat = await talk(FakeHost(), "And now?", messages=worked("s-1_scout"))
    await chat.call("replace", json.dumps(worked("s-2_scout")))
    await chat.send("And now?")
    await asyncio.sleep(0.01)
    about = json.loads((folder(home) / "metadata.json").read_text())
    assert about["sub_sessions"] == ["s-1_scout", "s-2_scout"]
    assert await chat.call("discard") == {"ok": None}
    assert list(folder(home).parent.iterdir()) == []


def test_a_session_in_a_folder_has_amplifiers_tools_where_they_are_installed(monkeypatch: pytest.MonkeyPatch):
    assert with_folder_tools({}, "/mnt/x") == {}
    installed = [
        EntryPoint(name, "m:mount", "amplifier.modules") for name in ("tool-filesystem", "tool-search")
    ]
    monkeypatch.setattr(folder_tools, "entry_points", lambda group: installed)
    mine = {"module": "tool-search", "config": {"max_results": 5}}
    first, second = with_folder_tools({"tools": [mine]}, "/mnt/x")["tools"]
    assert first == mine
    assert second == {"module": "tool-filesystem", "config": {"allowed_read_paths": ["/mnt/x"]}}


@pytest.fixture
def damaged(home: Path) -> None:
    home.mkdir()
    (home / ".amplifier").write_text("no folder")


@pytest.mark.usefixtures("damaged")
async def test_a_home_that_cannot_be_written_ends_no_turn():
    chat = await talk(FakeHost(answer("one")), "first")
    assert (await chat.call("history"))["ok"][-1]["content"] == "one"


@pytest.mark.parametrize("session_id", ["../../etc", ".", "..", "a/b", "x" * 500, "Größe", "%2E%2E", "a\\b"])
def test_no_id_climbs_out_of_its_folder(session_id: str):
    name = folder_name(session_id)
    assert not {"/", "\\"} & set(name)
    assert name not in (".", "..")
    assert len(name.encode()) <= 255


def test_other_ids_have_other_folders():
    ids = ["a/b", "a%2Fb", "x" * 300, "x" * 301, "..", "%2E%2E"]
    assert len({folder_name(each) for each in ids}) == len(ids)
