"""Opening sessions: configuration, mount plans, and the Python developer's door."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
from fakes import Client, FakeHost, answer

from py_app.config import SessionConfig
from py_app.errors import AlcoveError
from py_app.session import mount_plan, open_session, use_host


@pytest.mark.parametrize(
    "config",
    [
        {"id": ""},
        {"id": 3},
        {"approvals": "maybe"},
        {"colour": "red"},
        {"tools": {}},
        {"messages": [{"content": "no role"}]},
        {"messages": ["text"]},
        {"provider": "nowhere"},
        {"plan": {"session": {"orchestrator": {"module": "loop-missing"}}}},
        {"plan": {"session": {"context": {"module": "context-missing"}}}},
        {"plan": {"session": "x"}},
        {"plan": {"session": {"orchestrator": "loop-alcove"}}},
        {"plan": {"session": {"context": {}}}},
        {"plan": {"tools": ["tool-todo"]}},
        {"plan": {"tools": [{"module": "tool-missing"}]}},
        {"plan": {"hooks": [{"module": "hooks-missing"}]}},
        {"tools": [{"name": "a", "description": "", "inputSchema": {}}] * 2},
        {"tools": [{"description": "nameless"}]},
    ],
)
async def test_bad_configuration(config):
    chat = await Client.open(FakeHost(), id="good")
    error = (await chat.opened(**config))["error"]
    assert error["code"] == "bad-request", error
    assert error["action"]


async def test_open_answers_and_refuses_the_same_id():
    chat = await Client.open(FakeHost(), id="other")
    assert await chat.opened() == {"ok": {"id": "s", "provider": "llamacpp", "model": "tiny"}}
    assert (await chat.opened())["error"]["code"] == "bad-request"
    assert json.loads(await chat.app.open("{"))["error"]["code"] == "bad-request"


def test_a_plan_is_filled_where_it_is_silent():
    given = {
        "session": {"context": {"module": "mine"}},
        "providers": [{"module": "provider-x"}],
        "tools": [{"module": "tool-y"}],
    }
    plan = mount_plan(given, model="m", system="s", tools=[{"name": "f"}])
    assert plan["session"]["orchestrator"] == {"module": "loop-alcove"}
    assert plan["session"]["context"] == {"module": "mine"}
    assert plan["providers"] == given["providers"]
    assert [tool["module"] for tool in plan["tools"]] == ["tool-y", "tool-alcove-page"]
    assert plan["hooks"] == [{"module": "hooks-alcove-page"}]
    assert given == {
        "session": {"context": {"module": "mine"}},
        "providers": [{"module": "provider-x"}],
        "tools": [{"module": "tool-y"}],
    }


async def test_a_plan_given_whole():
    host = FakeHost(answer("Planned."))
    plan = {
        "session": {
            "orchestrator": {"module": "loop-streaming", "config": {"max_iterations": 1}},
            "context": {"module": "context-window", "config": {"system": "From the plan."}},
        },
        "providers": [{"module": "provider-llamacpp", "config": {"model": "planned", "temperature": 0.5}}],
        "hooks": [{"module": "hooks-page-stream"}],
    }
    chat = await Client.open(host, plan=plan, model=None)
    await chat.send("Hi")
    assert host.requests[0]["messages"][0] == {"role": "system", "content": "From the plan."}
    assert (host.requests[0]["model"], host.requests[0]["temperature"]) == ("planned", 0.5)
    assert host.records[-1]["model"] == "planned"
    assert len([e for _, e in host.events if e["type"] == "text"]) == 1


def test_earlier_names_of_our_modules_hold_until_somebody_else_bears_them(monkeypatch):
    given = {
        "session": {"orchestrator": {"module": "loop-streaming"}, "context": {"module": "context-window"}},
        "tools": [{"module": "tool-page-functions"}],
        "hooks": [{"module": "hooks-page-stream"}],
    }
    plan = mount_plan(given, system="s")
    assert plan["session"]["orchestrator"] == {"module": "loop-alcove"}
    assert plan["session"]["context"] == {"module": "context-alcove", "config": {"system": "s"}}
    assert plan["tools"] == [{"module": "tool-alcove-page"}]
    assert plan["hooks"] == [{"module": "hooks-alcove-page"}]
    monkeypatch.setitem(sys.modules, "amplifier_module_loop_streaming", ModuleType("official"))
    sys.modules["amplifier_module_loop_streaming"].__spec__ = ModuleSpec("official", None)
    assert mount_plan(given)["session"]["orchestrator"] == {"module": "loop-streaming"}


async def test_open_session_for_python():
    host = FakeHost(answer("Plain."))
    use_host(host)
    session = await open_session({"providers": [{"module": "provider-llamacpp"}]})
    try:
        assert await session.execute("Hi") == "Plain."
    finally:
        await session.cleanup()
    with pytest.raises(AlcoveError, match="tool-missing"):
        await open_session({"tools": [{"module": "tool-missing"}]}, host=host)


async def test_install_needs_a_browser():
    chat = await Client.open(FakeHost())
    assert json.loads(await chat.app.install("x.whl"))["error"]["code"] == "unsupported"


def test_start_imports_little():
    code = (
        "import sys, py_app.app\n"
        "assert not any(m.startswith(('amplifier_core', 'pydantic')) for m in sys.modules)\n"
        "py_app.app.start(object())\n"
        "ours = {'yaml', 'click', 'micropip', 'tomli'} & set(sys.modules)\n"
        "print(sorted(ours))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "yaml" not in done.stdout
    assert "micropip" not in done.stdout


async def test_the_page_may_configure_the_provider():
    config = {"id": "s", "provider": "x", "model": "m", "providerConfig": {"base_url": "http://h/v1"}}
    parsed = SessionConfig.parse(config)
    plan = mount_plan(provider=parsed.provider, model=parsed.model, provider_config=parsed.provider_config)
    wanted = {"module": "provider-x", "config": {"base_url": "http://h/v1", "model": "m"}}
    assert plan["providers"] == [wanted]


async def test_provider_settings_go_by_either_name_and_unknown_ones_are_logged(caplog):
    def plan(config: dict[str, object]) -> dict[str, object]:
        return {"providers": [{"module": "provider-llamacpp", "config": config}]}

    host = FakeHost()
    chat = await Client.open(host, plan=plan({"max_tokens": 7, "top_p": 0.5}))
    await chat.send("Hi")
    assert (host.requests[0]["max_tokens"], host.requests[0]["top_p"]) == (7, 0.5)
    assert not caplog.records
    await chat.opened(id="other", plan=plan({"temprature": 0.1}))
    assert "temprature" in caplog.text
