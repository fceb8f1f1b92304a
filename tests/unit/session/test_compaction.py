"""What a model does not read any more of a conversation: it is told, it is kept, and it is read again."""

from __future__ import annotations

from typing import Any

from fakes import TOOL, Client, FakeHost, answer, call, calls

LONG = "word " * 600


def events(host: FakeHost, kind: str) -> list[dict[str, Any]]:
    found = host.of_type(kind)
    host.events.clear()
    return found


async def test_each_turn_that_does_not_read_all_says_from_where_on_it_reads():
    host = FakeHost(answer("Yes."), context=1400)
    client = await Client.open(host)
    for _ in range(2):
        await client.send(LONG)
        assert events(host, "compaction") == []
    for turn in range(2, 5):
        await client.send(LONG)
        (told,) = events(host, "compaction")
        history = await client.history()
        # Nothing that was said is gone.
        assert len(history) == 2 * (turn + 1) == len(host.kept)
        sent = [message["content"] for message in host.requests[-1]["messages"]]
        kept = [message["content"] for message in history[told["from"] : -1]]
        assert sent[-len(kept) :] == kept
        assert history[told["from"]]["role"] == "user"
        assert len(sent) < len(history)

    # A model that takes more reads all of it.
    await client.call("close")
    host.context = 32_000
    await client.opened(messages=host.kept)
    await client.send("And?")
    assert events(host, "compaction") == []
    assert sum(message["content"] == LONG for message in host.requests[-1]["messages"]) == 5


async def test_a_result_that_is_shortened_for_the_model_is_told():
    async def says_much(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": "y" * 30_000}

    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("Much."), context=2000)
    host.tool = says_much
    client = await Client.open(host, tools=[TOOL])
    assert (await client.send("Add."))["ok"]["text"] == "Much."
    (notice,) = host.of_type("notice")
    assert notice["level"] == "info"
    assert "shortened" in notice["text"]
    (result,) = (message for message in await client.history() if message["role"] == "tool")
    assert len(result["content"]) > 25_000


async def test_a_context_manager_of_somebody_elses_has_its_compaction_told_once_a_turn():
    host = FakeHost(answer("Yes."))
    client = await Client.open(host, plan={"session": {"context": {"module": "context-plain"}}})
    hooks = client.app._open["s"]._coordinator.hooks

    async def compacts(running: Any) -> str:
        for _ in range(2):
            await hooks.emit("context:compaction", {"messages_removed": 3})
        return await answer("Yes.")(running)

    host.scripts[:] = [compacts]
    for _ in range(2):
        await client.send("Hello")
        assert [notice["level"] for notice in events(host, "notice")] == ["info"]
