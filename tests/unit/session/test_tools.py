"""Tool calls: the page's functions, approvals, hooks, and everything a model may get wrong."""

from __future__ import annotations

import asyncio
import json

import pytest
from amplifier_core.models import HookResult, ToolResult
from fakes import TOOL, Client, FakeHost, answer, call, calls, hangs, result_of, until

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}
DONE = answer("Done.")


async def test_a_tool_call_goes_to_the_page_and_back():
    host = FakeHost(calls(call("add", {"a": 2, "b": 3}), text="Let me see. "), DONE)

    async def add(name, arguments):
        return {"ok": arguments["a"] + arguments["b"]}

    host.tool = add
    chat = await Client.open(host, tools=[TOOL])
    assert await chat.send("2+3?") == {"ok": {"text": "Done.", "finishReason": "stop"}}
    assert host.tool_calls == [("call_1", "add", {"a": 2, "b": 3})]
    about = {"type": "tool", "id": "call_1", "name": "add", "input": {"a": 2, "b": 3}}
    assert host.of_type("tool") == [
        {**about, "phase": "start"},
        {**about, "phase": "end", "result": 5, "success": True},
    ]
    sent = host.requests[0]["tools"][0]["function"]
    assert (sent["name"], sent["parameters"]) == ("add", TOOL["inputSchema"])
    assert result_of(host) == "5"
    assert [m["role"] for m in await chat.history()] == ["user", "assistant", "tool", "assistant"]
    assert host.text == "Let me see. Done."


async def test_two_calls_in_one_step_run_in_order():
    both = calls(call("add", {"a": 1, "b": 1}, "x"), call("add", {"a": 2, "b": 2}, "y"))
    host = FakeHost(both, DONE)
    chat = await Client.open(host, tools=[TOOL])
    await chat.send("Go")
    assert [c[0] for c in host.tool_calls] == ["x", "y"]
    assert [m.get("tool_call_id") for m in host.requests[1]["messages"]][-2:] == ["x", "y"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{not json", "not valid JSON"),
        ('"text"', "not a JSON object"),
        ('{"a": NaN, "b": 1}', "NaN"),
        pytest.param('{"a": ' * 150 + "1" + "}" * 150, "nested too deeply", id="deep"),
        ({"a": 1}, 'lacks "b"'),
        ({"a": "one", "b": 2}, "must be of type number"),
    ],
)
async def test_wrong_arguments_are_told_to_the_model(arguments, said: str):
    host = FakeHost(calls(call("add", arguments)), DONE)
    chat = await Client.open(host, tools=[TOOL])
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert said in result_of(host)
    assert not host.tool_calls
    assert [event["phase"] for event in host.of_type("tool")] == ["start", "end"]
    assert host.of_type("tool")[1]["success"] is False


async def test_arguments_with_what_cannot_travel():
    host = FakeHost(calls(call("send_mail", '{"to\\ud800": "ab\\udfff"}')), DONE)
    chat = await Client.open(host, tools=[RISKY], approvals="allow")
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert host.tool_calls[0][2] == {"to\ufffd": "ab\ufffd"}


async def test_unknown_tool():
    host = FakeHost(calls(call("fly")), DONE)
    chat = await Client.open(host, tools=[TOOL])
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert 'no tool called "fly"' in result_of(host)
    assert "add" in result_of(host)


async def test_a_tool_that_fails_on_the_page():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)

    async def broken(name, arguments):
        return {"error": {"code": "bad-request", "message": "It broke.", "action": ""}}

    host.tool = broken
    chat = await Client.open(host, tools=[TOOL])
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert result_of(host) == "It broke."
    assert host.of_type("tool")[1]["success"] is False


async def test_a_tool_that_throws_on_the_page():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)

    async def broken(name, arguments):
        raise RuntimeError("no such page")

    host.tool = broken
    chat = await Client.open(host, tools=[TOOL])
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert "no such page" in result_of(host)


async def test_a_tool_that_never_ends():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), DONE)

    async def stuck(name, arguments):
        await asyncio.sleep(30)

    host.tool = stuck
    config = {"orchestrator": {"module": "loop-alcove", "config": {"tool_timeout": 0.02}}}
    chat = await Client.open(host, tools=[TOOL], plan={"session": config})
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert "did not finish" in result_of(host)


async def test_iteration_cap_ends_with_a_note():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})))
    config = {"orchestrator": {"module": "loop-alcove", "config": {"max_iterations": 3}}}
    chat = await Client.open(host, tools=[TOOL], plan={"session": config})
    outcome = (await chat.send("Go"))["ok"]
    assert len(host.requests) == 3
    assert outcome["finishReason"] == "max_iterations"
    assert "3 steps" in outcome["text"]
    assert host.text == outcome["text"]
    assert (await chat.history())[-1]["content"] == outcome["text"]


async def answering(host: FakeHost, *options: str, **config):
    """A chat with a risky tool whose approvals are answered with `options` in turn."""
    chat = await Client.open(host, tools=[RISKY], **config)
    left = list(options)

    def respond(event):
        if event["type"] == "approval":
            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], left.pop(0)))

    host.on_event = respond
    return chat


MAIL = calls(call("send_mail", {"to": "x"}))


async def test_approval_once_and_denied():
    host = FakeHost(MAIL, DONE, MAIL, DONE)
    chat = await answering(host, "Allow once", "Deny")
    await chat.send("Go")
    assert len(host.tool_calls) == 1
    await chat.send("Again")
    assert len(host.tool_calls) == 1
    assert "refused" in result_of(host, 3)
    asked = host.of_type("approval")[0]
    assert asked["options"] == [
        "Allow once",
        "Allow in this conversation",
        "Allow always",
        "Deny",
        "Never allow",
    ]
    assert asked["prompt"] == 'Allow the tool "send_mail" to run with {"to": "x"}?'
    assert asked["tool"] == "send_mail"
    assert "agent" not in asked
    assert json.loads(asked["details"]) == {"to": "x"}


@pytest.mark.parametrize("option", ["Allow in this conversation", "Allow always"])
async def test_a_standing_answer_allows_the_call_and_the_page_remembers_it(option: str):
    host = FakeHost(MAIL, DONE, MAIL, DONE)
    chat = await answering(host, option, option)
    await chat.send("Go")
    await chat.send("Again")
    assert len(host.tool_calls) == 2
    assert len(host.of_type("approval")) == 2  # the page answers the second one by itself


async def test_approval_time_out_denies():
    host = FakeHost(MAIL, DONE)
    config = {"orchestrator": {"module": "loop-alcove", "config": {"approval_timeout": 0.02}}}
    chat = await Client.open(host, tools=[RISKY], plan={"session": config})
    assert (await chat.send("Go"))["ok"]["text"] == "Done."
    assert "nobody answered" in result_of(host)
    assert not host.tool_calls
    late = await chat.call("respond", host.of_type("approval")[0]["id"], "Allow once")
    assert late["error"]["code"] == "bad-request"


async def test_a_wrong_option_is_refused_and_the_question_stays_open():
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    asked = host.of_type("approval")[0]["id"]
    assert (await chat.call("respond", asked, "Maybe"))["error"]["code"] == "bad-request"
    assert await chat.call("respond", asked, "Allow once") == {"ok": None}
    await turn
    assert host.tool_calls


async def test_approvals_allow_asks_nobody():
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY], approvals="allow")
    await chat.send("Go")
    assert host.tool_calls
    assert not host.of_type("approval")


@pytest.mark.parametrize("immediate", [True, False])
async def test_cancel_while_approval_is_asked(immediate: bool):
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    await chat.call("cancel", immediate)
    assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert not host.tool_calls
    history = await chat.history()
    assert [m["role"] for m in history] == ["user", "assistant", "tool"]
    assert "metadata" not in history[2]  # the person stopped; that is no answer


async def test_immediate_cancel_stops_the_tool_and_every_call_has_a_result():
    two = calls(call("add", {"a": 1, "b": 1}, "x"), call("add", {"a": 2, "b": 2}, "y"))
    host = FakeHost(two, DONE)

    async def stuck(name, arguments):
        await asyncio.sleep(30)

    host.tool = stuck
    chat = await Client.open(host, tools=[TOOL])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.tool_calls)
    await chat.call("cancel", True)
    async with asyncio.timeout(1):
        assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert [m.get("tool_call_id") for m in await chat.history()] == [None, None, "x", "y"]
    assert len(host.tool_calls) == 1


async def test_graceful_cancel_finishes_the_tool_and_stops():
    two = calls(call("add", {"a": 1, "b": 1}, "x"), call("add", {"a": 2, "b": 2}, "y"))
    host = FakeHost(two, DONE)

    async def slow(name, arguments):
        await asyncio.sleep(0.03)
        return {"ok": "finished"}

    host.tool = slow
    chat = await Client.open(host, tools=[TOOL])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.tool_calls)
    await chat.call("cancel", False)
    assert (await turn)["ok"]["finishReason"] == "cancelled"
    history = await chat.history()
    assert history[2]["content"] == "finished"
    assert "stopped" in history[3]["content"]
    assert len(host.tool_calls) == len(host.requests) == 1


async def test_a_call_that_was_cut_off_does_not_run():
    async def cut(running):
        return json.dumps(
            json.loads(await hangs()(running))
            | json.loads(await calls(call("add", {"a": 1, "b": 1}))(running))
        ).replace('"tool_calls"}', '"cancelled"}')

    host = FakeHost(cut)
    chat = await Client.open(host, tools=[TOOL])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.running)
    await chat.call("cancel", True)
    assert (await turn)["ok"]["finishReason"] == "cancelled"
    assert not host.tool_calls


async def test_a_python_tool_that_does_not_say_needs_approval():
    class Tool:
        name = "delete"
        description = "Deletes."
        input_schema: dict = {}  # noqa: RUF012

        async def execute(self, input):  # noqa: A002
            return ToolResult(output=object())

    host = FakeHost(calls(call("delete")), DONE)
    chat = await Client.open(host)
    await chat.app._find("s")._coordinator.mount("tools", Tool(), name="delete")
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    await chat.call("respond", host.of_type("approval")[0]["id"], "Allow once")
    assert (await turn)["ok"]["text"] == "Done."
    assert "object object" in result_of(host)


async def test_a_tool_and_its_hooks_learn_which_call_it_is():
    host = FakeHost(calls(call("where", {}, "x"), call("where", {"again": 1}, "y")), DONE)
    chat = await Client.open(host)
    coordinator = chat.app._find("s")._coordinator
    found, told = [], []

    class Where:
        name = description = "where"
        input_schema: dict = {}  # noqa: RUF012
        side_effects = False

        async def execute(self, input):  # noqa: A002
            found.append(coordinator._tool_dispatch_contexts[asyncio.current_task()])
            return ToolResult(output="here")

    async def hook(event, data):
        told.append({name: data[name] for name in ("tool_call_id", "parallel_group_id")})
        return HookResult()

    await coordinator.mount("tools", Where(), name="where")
    coordinator.hooks.register("tool:post", hook, 10, "test-hook")
    await chat.send("Go")
    assert found == told
    assert [about["tool_call_id"] for about in found] == ["x", "y"]
    assert len({about["parallel_group_id"] for about in found}) == 1
    assert not coordinator._tool_dispatch_contexts


async def test_the_first_step_may_have_to_be_a_call():
    host = FakeHost(calls(call("add", {"a": 1, "b": 2})), answer("3."))
    plan = {"session": {"orchestrator": {"module": "loop-alcove", "config": {"tool_choice": "required"}}}}
    chat = await Client.open(host, tools=[TOOL], plan=plan)
    assert (await chat.send("1 + 2"))["ok"]["text"] == "3."
    assert [request.get("tool_choice") for request in host.requests] == ["required", None]
    without = FakeHost()
    await (await Client.open(without, plan=plan)).send("Hi")
    assert "tool_choice" not in without.requests[0]
