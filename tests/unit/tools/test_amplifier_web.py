"""Tools that upstream's facade registers in Python: of their shape and of Amplifier's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from upstream_guide import CALCULATOR

from py_app.amplifier_web import _Session


@pytest.fixture
def session() -> _Session:
    """With their tool in it, registered as they do."""
    found = _Session()
    scope: dict[str, Any] = {}
    exec("from py_app.amplifier_web import *", scope)
    exec(CALCULATOR, {**scope, "session": found})
    return found


async def called(session: _Session, name: str, **arguments: Any) -> dict[str, Any]:
    return json.loads(await session.call(name, json.dumps(arguments)))


async def test_a_tool_of_theirs(session: _Session) -> None:
    (declared,) = json.loads(session.declared())
    assert declared["name"] == "calculator"
    assert declared["description"] == "Evaluate math expressions"
    assert declared["inputSchema"]["required"] == ["expression"]
    assert declared["sideEffects"] is True
    assert await called(session, "calculator", expression="6*7") == {"success": True, "output": "42"}
    assert (await called(session, "calculator", expression="6*"))["success"] is False


async def test_a_tool_of_amplifiers_shape(session: _Session) -> None:
    class Echo:
        name = "echo"
        description = "Says it back."
        input_schema = {"type": "object"}  # noqa: RUF012

        async def execute(self, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
            return input

    session.register_tool(Echo())
    assert session.get_tool_names() == ["calculator", "echo"]
    assert await called(session, "echo", a=1) == {"success": True, "output": {"a": 1}}


async def test_what_is_no_tool(session: _Session) -> None:
    with pytest.raises(TypeError, match="a name and an execute"):
        session.register_tool(object())
