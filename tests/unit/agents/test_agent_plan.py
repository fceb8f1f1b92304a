"""What an agent's session is made of: what it has of the plan, and what it says itself."""

from __future__ import annotations

from typing import Any

import pytest
from crew import Crew, delegate, opened
from fakes import answer, calls

from py_app.agents.plan import agents_of, child_plan, delegating, find, instruction_of
from py_app.agents.preference import prefer

PARENT: dict[str, Any] = {
    "session": {
        "orchestrator": {"module": "loop-alcove", "config": {"provider": "llamacpp", "max_iterations": 4}},
        "context": {"module": "context-alcove", "config": {"system": "Parent.", "compact_to": 0.5}},
    },
    "providers": [{"module": "provider-llamacpp", "config": {"model": "tiny", "seed": 1}}],
    "tools": [{"module": "tool-a"}, {"module": "tool-b", "config": {"x": 1, "deep": {"y": 2}}}],
    "hooks": [{"module": "hooks-a"}],
    "agents": {"poet": {}, "adder": {}},
}


def modules(plan: dict[str, Any], section: str = "tools") -> list[str]:
    return [entry["module"] for entry in plan[section]]


@pytest.mark.parametrize("place", ["base_url", "host", "endpoint"])
def test_a_server_that_an_agent_names_is_not_told_the_key_of_its_parents(place: str):
    ours = {"base_url": "https://mine.example/v1", "api_key": "sk-mine", "model": "m"}
    parent = {**PARENT, "providers": [{"module": "provider-openai", "config": ours}]}

    def config(**own: Any) -> dict[str, Any]:
        (provider,) = child_plan(parent, {"providers": [{"module": "provider-openai", "config": own}]})[
            "providers"
        ]
        return provider["config"]

    assert config(**{place: "https://theirs.example/v1"}) == {place: "https://theirs.example/v1"}
    assert config(model="n") == {**ours, "model": "n"}
    assert config(base_url=ours["base_url"], seed=1) == {**ours, "seed": 1}


def test_an_agent_has_what_its_parent_has_but_its_system_prompt():
    plan = child_plan(PARENT, {})
    assert plan["session"]["context"]["config"] == {"compact_to": 0.5}
    assert (plan["tools"], plan["providers"]) == (PARENT["tools"], PARENT["providers"])
    plan["tools"][1]["config"]["deep"]["y"] = 3
    assert PARENT["tools"][1]["config"]["deep"]["y"] == 2
    assert PARENT["session"]["context"]["config"]["system"] == "Parent."


def test_what_it_says_itself_is_laid_over_that():
    agent = {
        "tools": ["calculator", "tool-c", {"module": "tool-b", "config": {"deep": {"z": 4}}}],
        "providers": [{"module": "provider-webllm"}, {"module": "provider-llamacpp", "config": {"seed": 2}}],
        "session": {"orchestrator": {"config": {"max_iterations": 9}}},
    }
    plan = child_plan(PARENT, agent)
    assert modules(plan) == ["tool-a", "tool-b", "tool-alcove-calculator", "tool-c"]
    assert plan["tools"][1]["config"] == {"x": 1, "deep": {"y": 2, "z": 4}}
    assert modules(plan, "providers") == ["provider-webllm", "provider-llamacpp"]
    assert plan["providers"][1]["config"] == {"model": "tiny", "seed": 2}
    assert plan["session"]["orchestrator"]["config"] == {"provider": "llamacpp", "max_iterations": 9}


@pytest.mark.parametrize("tools", [3, [None], [{"config": {}}], {"config": {}}])
def test_what_is_no_module_is_refused(tools: Any):
    with pytest.raises(ValueError, match="Each module is a name"):
        child_plan(PARENT, {"tools": tools})


@pytest.mark.parametrize("agents", [["poet"], "poet", {"poet": "verse"}])
async def test_what_are_no_agents_is_refused(agents: Any):
    answer = await (await opened(Crew(own=[]), {})).opened(id="t", plan={"agents": agents})
    assert answer["error"]["code"] == "bad-request"
    assert "agents" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ({"exclude_tools": ["tool-a"]}, ["tool-b"]),
        ({"inherit_tools": ["tool-a"]}, ["tool-a"]),
        ({"inherit_tools": []}, []),
        ({}, ["tool-a", "tool-b"]),
    ],
)
def test_what_is_inherited(policy: dict[str, Any], left: list[str]):
    assert modules(child_plan(PARENT, {}, tool_inheritance=policy)) == left
    named = child_plan(PARENT, {"tools": ["tool-a"]}, tool_inheritance=policy)
    assert "tool-a" in modules(named)


def test_the_plan_says_what_all_agents_have():
    assert modules(child_plan({**PARENT, "spawn": {"exclude_tools": ["tool-b"]}}, {})) == ["tool-a"]
    assert modules(child_plan({**PARENT, "spawn": {"tools": ["clock"]}}, {})) == ["tool-alcove-clock"]
    hooks = child_plan(PARENT, {}, hook_inheritance={"exclude_hooks": ["hooks-a"]})["hooks"]
    assert hooks == []


@pytest.mark.parametrize(
    ("allowed", "left"),
    [("none", []), (["poet", "x"], ["poet"]), ("all", ["poet", "adder"]), (None, ["poet", "adder"])],
)
def test_whom_an_agent_may_let_work(allowed: Any, left: list[str]):
    assert list(agents_of(child_plan(PARENT, {"agents": allowed}))) == left


@pytest.mark.parametrize(
    "agent",
    [
        {"instruction": "Do."},
        {"instructions": "Do."},
        {"system": "Do."},
        {"system": {"instruction": "Do."}},
    ],
)
def test_an_instruction_is_found_wherever_it_stands(agent: dict[str, Any]):
    assert instruction_of(agent) == "Do."


def test_names_that_there_are():
    assert find(agents_of(PARENT), "self") == {}
    with pytest.raises(ValueError, match="The agents are: adder, poet"):
        find(agents_of(PARENT), "pilot")
    with pytest.raises(ValueError, match="none"):
        find({}, "pilot")
    assert agents_of({"agents": ["poet"]}) == agents_of({}) == {}
    assert agents_of({"agents": {"poet": None, "adder": {}}}) == {"adder": {}}


def test_a_plan_with_agents_has_a_tool_that_reaches_them():
    assert delegating(PARENT, []) == ["delegate"]
    assert delegating({}, []) == delegating(PARENT, ["delegate"]) == []
    assert delegating({**PARENT, "tools": [{"module": "tool-task"}]}, []) == []


class Offers:
    def __init__(self, *models: str) -> None:
        self.models = models

    async def list_models(self) -> list[Any]:
        return [type("Model", (), {"id": name})() for name in self.models]


class Mounted:
    def __init__(self, **providers: Offers) -> None:
        self.providers = providers

    def get(self, _: str) -> dict[str, Offers]:
        return self.providers


async def test_the_first_preference_that_can_be_had():
    plan = child_plan({**PARENT, "providers": [*PARENT["providers"], {"module": "provider-openai"}]}, {})
    wanted = [
        {"provider": "anthropic", "model": "x"},
        {"provider": "openai", "model": "none-*"},
        {"provider": "openai", "model": "GPT-*", "config": {"temperature": 0.1, "api_key": "other"}},
    ]
    await prefer(plan, wanted, Mounted(openai=Offers("gpt-1", "gpt-2", "o")))  # type: ignore[arg-type]
    assert plan["providers"][0] == {
        "module": "provider-openai",
        "config": {"temperature": 0.1, "model": "gpt-2", "priority": 0},
    }
    assert plan["session"]["orchestrator"]["config"] == {"max_iterations": 4}
    with pytest.raises(ValueError, match=r"anthropic/x\. The providers are: provider-openai, "):
        await prefer(plan, wanted[:1], Mounted())  # type: ignore[arg-type]


async def test_an_agent_of_its_own_kind_has_the_conversations_system_prompt():
    host = Crew(own=[answer("ok")])
    chat = await opened(host, system="Be brief.")
    spawn = chat.app._find("s")._coordinator.get_capability("session.spawn")
    assert (await spawn(agent_name="self", instruction="Go."))["output"] == "ok"
    assert host.requests_of("own")[0]["messages"][0]["content"] == "Be brief."


async def test_a_preferred_model_answers():
    preferences = [{"provider": "llamacpp", "model": "t*"}]
    poet = {"instruction": "You are POET.", "provider_preferences": preferences}
    host = Crew(own=[calls(delegate("poet")), answer("ok")], poet=[answer("Roses")])
    await (await opened(host, {"poet": poet})).send("Go")
    assert host.requests_of("poet")[0]["model"] == "tiny"
    assert host.of_type("agent")[1]["status"] == "success"
