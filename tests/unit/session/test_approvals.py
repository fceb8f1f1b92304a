"""The policy, what the person is shown, and the other ways in which a tool may be asked for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from amplifier_core import ApprovalRequest
from amplifier_core.models import HookResult, ToolResult
from fakes import TOOL, Client, FakeHost, answer, call, calls, until

from py_app.agents.agent import Agent
from py_app.approver import Approver, Question
from py_app.errors import AlcoveError
from py_app.hooks.approval import guard
from py_app.policy import Policy
from py_app.session import open_session
from py_app.spelling import spelled, spelled_json
from py_app.tools.page_function import PageFunctionTool

RISKY = {**TOOL, "name": "send_mail", "inputSchema": {"type": "object"}, "sideEffects": True}
MAIL = calls(call("send_mail", {"to": "x"}))
DONE = answer("Done.")


class Tool:
    description = "Does something."
    input_schema: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, name: str, **attributes: Any) -> None:
        self.name = name
        self.ran = 0
        vars(self).update(attributes)

    async def execute(self, input: Any) -> ToolResult:  # noqa: A002
        self.ran += 1
        return ToolResult(output="ran")


# --- the policy ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approvals", "tool", "verdict"),
    [
        ("ask", Tool("bash"), "ask"),
        ("ask", Tool("anything"), "ask"),
        ("ask", Tool("write_file"), "ask"),
        ("ask", Tool("delegate"), "allow"),  # what is done for it asks for itself
        ("ask", Tool("read_file"), "allow"),
        ("ask", Tool("load_skill"), "allow"),
        ("ask", Tool("read_file", side_effects=True), "ask"),
        ("ask", Tool("mine", side_effects=False), "allow"),
        ("allow", Tool("bash"), "allow"),
        ({"bash": "deny"}, Tool("bash"), "deny"),
        ({"bash": "allow"}, Tool("bash"), "allow"),
        ({"bash": "allow"}, Tool("write_file"), "ask"),
        ({"read_file": "ask"}, Tool("read_file"), "ask"),
        ({"default": "deny", "grep": "allow"}, Tool("read_file"), "deny"),
        ({"default": "deny", "grep": "allow"}, Tool("grep"), "allow"),
        ({"default": "allow", "bash": "ask"}, Tool("bash"), "ask"),
        ({"default": "ask"}, Tool("grep"), "allow"),
    ],
)
def test_policy(approvals: Any, tool: Tool, verdict: str):
    assert Policy.parse(approvals).verdict(tool.name, tool) == verdict


@pytest.mark.parametrize("approvals", ["maybe", 3, {"bash": "yes"}, {"default": None}, ["ask"]])
def test_no_policy(approvals: Any):
    with pytest.raises(AlcoveError):
        Policy.parse(approvals)


async def test_a_policy_of_the_session():
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY], approvals={"send_mail": "deny"})
    await chat.send("Go")
    assert not host.tool_calls
    assert not host.of_type("approval")
    assert "not allowed in this conversation" in host.requests[1]["messages"][-1]["content"]

    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY], approvals={"send_mail": "allow"})
    await chat.send("Go")
    assert host.tool_calls
    assert not host.of_type("approval")


# --- what the person is shown ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain — café 日本 🙂", "plain — café 日本 🙂"),
        ("\u202egpj.exe\u202c", r"\u202egpj.exe\u202c"),
        ("a\u200bb\u00adc\ufeff", r"a\u200bb\u00adc\ufeff"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("a\x00\x1b\x7f\x9b", r"a\u0000\u001b\u007f\u009b"),
        ("a\u00a0b\u3000", r"a\u00a0b\u3000"),
        ("\u3164\u2800\ufe0f\U000e0041\U000e0100", r"\u3164\u2800\ufe0f\udb40\udc41\udb40\udd00"),
        ("line\u2028two\u2029", r"line\u2028two\u2029"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str):
    assert spelled(text) == shown
    told = spelled_json({text: [text]}, indent=2)
    assert shown.replace("\\u001b", "\\u001b") in told
    assert json.loads(told) == {text: [text]}


def test_line_breaks_of_the_input_are_not_those_of_the_form():
    told = spelled_json({"a": 'x",\n  "b": 1'}, indent=2)
    assert told == '{\n  "a": "x\\",\\n  \\"b\\": 1"\n}'


async def test_a_question_hides_nothing():
    given = {"path": "\u202egpj.exe\u202c", "long": "x" * 20_000 + "END"}
    host = FakeHost(calls(call("send_mail", given)), DONE, context=32_768)
    chat = await Client.open(host, tools=[RISKY])
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: host.of_type("approval"))
    asked = host.of_type("approval")[0]
    assert r"\u202egpj.exe\u202c" in asked["details"]
    assert "END" in asked["details"]
    assert r"\u202egpj.exe\u202c" in asked["prompt"]
    assert "\u202e" not in asked["prompt"] + asked["details"]
    await chat.call("respond", asked["id"], "Deny")
    await turn
    assert len(host.requests[1]["messages"][-1]["content"]) < 100


# --- other ways ------------------------------------------------------------------------------------------


async def responding(host: FakeHost, *options: str, **config: Any) -> Client:
    chat = await Client.open(host, tools=[RISKY], **config)
    left = list(options)

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "approval":
            asyncio.get_running_loop().create_task(chat.call("respond", event["id"], left.pop(0)))

    host.on_event = respond
    return chat


def hook(chat: Client, result: HookResult, priority: int = 10) -> None:
    async def handler(event: str, data: dict[str, Any]) -> HookResult:
        return result

    chat.app._find("s")._coordinator.hooks.register("tool:pre", handler, priority, "test-hook")


@pytest.mark.parametrize(("second", "ran"), [("Allow once", 1), ("Deny", 0)])
async def test_where_another_hook_asks_too_both_are_asked(second: str, ran: int):
    host = FakeHost(MAIL, DONE)
    chat = await responding(host, "Allow", second)
    hook(chat, HookResult(action="ask_user", approval_prompt="Really?", approval_options=["Allow", "Deny"]))
    await chat.send("Go")
    assert [event["prompt"][:7] for event in host.of_type("approval")] == ["Really?", "Allow t"]
    assert len(host.tool_calls) == ran


async def test_a_hook_that_allows_when_nobody_answers_does_not_speak_for_the_person():
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY])
    about = {"approval_options": ["Allow", "Deny"], "approval_timeout": 0.02, "approval_default": "allow"}
    hook(chat, HookResult(action="ask_user", approval_prompt="Really?", **about))
    turn = asyncio.ensure_future(chat.send("Go"))
    await until(lambda: len(host.of_type("approval")) == 2)
    await chat.call("respond", host.of_type("approval")[1]["id"], "Deny")
    await turn
    assert not host.tool_calls


async def test_a_question_that_was_never_asked_is_not_asked_of_the_next_call():
    host = FakeHost(MAIL, calls(call("send_mail", {"to": "y"}, "call_2")), DONE)
    chat = await responding(host, "Deny", "Allow", "Allow once")
    hook(chat, HookResult(action="ask_user", approval_prompt="Really?", approval_options=["Allow", "Deny"]))
    await chat.send("Go")
    assert json.loads(host.of_type("approval")[2]["details"]) == {"to": "y"}
    assert host.tool_calls == [("call_2", "send_mail", {"to": "y"})]


async def test_what_a_hook_has_changed_is_asked_for_and_run():
    host = FakeHost(MAIL, DONE)
    chat = await responding(host, "Allow once")
    changed = {"tool_name": "send_mail", "tool_call_id": "call_1", "tool_input": {"to": "y"}}
    hook(chat, HookResult(action="modify", data=changed))
    await chat.send("Go")
    assert host.of_type("approval")[0]["details"] == '{\n  "to": "y"\n}'
    assert host.tool_calls == [("call_1", "send_mail", {"to": "y"})]


async def test_a_function_of_the_page_cannot_be_called_past_the_guard():
    host = FakeHost()
    chat = await responding(host, "Deny", "Allow once")
    tool = chat.app._find("s")._coordinator.get("tools")["send_mail"]
    refused = await tool.execute({"to": "x"})
    assert not refused.success
    assert not (await tool.execute({"to": "x"})).success  # it was refused: not asked again
    assert len(host.of_type("approval")) == 1
    assert (await tool.execute({"to": "z"})).success
    assert host.tool_calls[0][2] == {"to": "z"}


async def test_a_session_without_a_guard_calls_no_function_that_acts():
    host = FakeHost()
    chat = await Client.open(host, tools=[TOOL, RISKY])
    coordinator = chat.app._find("s")._coordinator
    coordinator.register_capability("alcove.approvals", None)
    assert not (await coordinator.get("tools")["send_mail"].execute({})).success
    assert (await coordinator.get("tools")["add"].execute({"a": 1, "b": 2})).success


async def test_a_child_session_asks_its_parents_person_and_says_who_asks():
    host = FakeHost(MAIL, DONE)
    chat = await Client.open(host, tools=[RISKY])
    parent = chat.app._find("s")._coordinator
    tool = Tool("send_mail")
    plan = {"providers": [{"module": "provider-llamacpp", "config": {"model": "tiny"}}]}
    agent = Agent("s-1", "helper\u202e", "s")
    child = await open_session(plan, parent=parent.session, agent=agent, session_id="s-1")
    await child.coordinator.mount("tools", tool, name="send_mail")
    turn = asyncio.ensure_future(child.execute("Go"))
    await until(lambda: host.of_type("approval"))
    asked = host.of_type("approval")[0]
    assert asked["agent"] == {"id": "s-1", "name": r"helper\u202e", "parent": "s"}
    assert r'of "helper\u202e"' in asked["prompt"]
    await chat.call("respond", asked["id"], "Allow once")
    await turn
    assert tool.ran == 1
    await child.cleanup()


async def test_official_hooks_approval_asks_through_the_page_and_once():
    host = FakeHost(MAIL, DONE)
    chat = await responding(host, "Allow once")
    coordinator = chat.app._find("s")._coordinator
    providers: list[Any] = []
    coordinator.register_capability("approval.register_provider", providers.append)
    guard(coordinator, coordinator.get_capability("alcove.approvals"))

    async def official(event: str, data: dict[str, Any]) -> HookResult:
        request = ApprovalRequest(
            tool_name=data["tool_name"], action="Execute", details=data["tool_input"], risk_level="high"
        )
        response = await providers[0].request_approval(request)
        return HookResult(action="continue" if response.approved else "deny")

    coordinator.hooks.register("tool:pre", official, -10, "approval_hook")
    await chat.send("Go")
    assert len(host.of_type("approval")) == 1
    assert len(host.tool_calls) == 1
    assert host.of_type("approval")[0]["tool"] == "send_mail"
    assert host.of_type("approval")[0]["origin"] == PageFunctionTool.__module__
    assert (await chat.history())[2]["metadata"] == {"approval": "Allow once"}


async def test_an_approval_system_that_fails_lets_nothing_through():
    class Broken:
        async def request_approval(self, *about: Any) -> str:
            raise ValueError("broken")

    host = FakeHost(MAIL, DONE)
    tool = Tool("send_mail")
    plan = {"providers": [{"module": "provider-llamacpp", "config": {"model": "tiny"}}]}
    session = await open_session(plan, host=host, approvals=Broken())
    await session.coordinator.mount("tools", tool, name="send_mail")
    assert await session.execute("Go") == "Done."
    assert not tool.ran
    await session.cleanup()


async def test_a_question_says_whose_tool_it_is():
    host = FakeHost(MAIL, DONE, MAIL, DONE)
    chat = await responding(host, "Deny", "Deny", "Deny")
    await chat.send("Go")
    tools = chat.app._find("s")._coordinator.get("tools")
    for tool in (Tool("send_mail"), Tool("send_mail", origin="mail.example")):
        host.scripts = [MAIL, DONE]
        tools["send_mail"] = tool
        await chat.send("Go")
    origins = [question["origin"] for question in host.of_type("approval")]
    assert origins == [PageFunctionTool.__module__, Tool.__module__, "mail.example"]


async def test_a_grant_is_for_one_call():
    host = FakeHost()
    chat = await responding(host, "Allow once", "Deny")
    coordinator = chat.app._find("s")._coordinator
    approver: Approver = coordinator.get_capability("alcove.approvals")
    tool = coordinator.get("tools")["send_mail"]
    question = Question("send_mail", {}, None, "c", coordinator.hooks)
    assert await approver.ask(question)
    assert await approver.passes(question, tool)
    assert not await approver.passes(question, tool)  # asked anew, and denied
    assert len(host.of_type("approval")) == 2
