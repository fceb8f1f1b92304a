"""What handlers may return, one at a time."""

import math
from types import SimpleNamespace
from typing import Any

from amplifier_core import ContextInjection, HookRegistry, HookResult
from tracing import Trace, without_time


async def _returned(t: Trace, label: str, value: Any) -> None:
    hooks = HookRegistry()

    async def handler(_: str, __: Any) -> Any:
        return value

    async def after(_: str, data: Any) -> None:
        t.add("after", without_time(data))

    hooks.register("x", handler, name="first")
    hooks.register("x", after, name="second")
    await t.attempt(label, lambda: hooks.emit("x", {"a": 1}))


async def unparseable(t: Trace) -> None:
    for value in (
        "text",
        '{"action":"deny"}',
        3,
        1.5,
        True,
        [],
        [1],
        SimpleNamespace(action="deny"),
        object(),
        b"x",
    ):
        await _returned(t, f"{type(value).__name__}", value)


async def dicts(t: Trace) -> None:
    for value in (
        {},
        {"foo": 1},
        {"action": "deny", "reason": "x"},
        {"action": "zap"},
        {"action": None},
        {"action": "deny", "reason": 3},
        {"action": "modify", "data": [1]},
        {"action": "modify", "data": {"b": 2}},
        {"action": "modify", "data": None},
        {"action": "modify", "data": {}},
        {"action": "deny", "data": "x"},
        {(1,): 2},
        {"action": "continue", "unknown": object()},
    ):
        await _returned(t, repr(value).split(" at 0x")[0], value)


async def field_types(t: Trace) -> None:
    wrong: dict[str, list[Any]] = {
        "context_injection": [3, ""],
        "context_injection_role": ["tool", None, "user"],
        "ephemeral": [1, None, True],
        "approval_prompt": [3, "p"],
        "approval_options": [["a"], [], [3], "a", None],
        "approval_timeout": [3, 2.5, None, "3", True, -1],
        "approval_default": ["allow", "maybe", None],
        "suppress_output": [True, "yes"],
        "user_message": [3, "m"],
        "user_message_level": ["zap", "error", None],
        "user_message_source": [3, "s"],
        "append_to_last_tool_result": [True, 0],
        "context_injections": [None, [], {}, "x"],
    }
    for field, values in wrong.items():
        for value in values:
            await _returned(t, f"{field}={value!r}", {"action": "ask_user", field: value})


async def injections_in_dicts(t: Trace) -> None:
    for item in (
        {"content": "c"},
        {},
        {"content": None},
        {"content": "c", "role": "tool"},
        {"content": "c", "role": "user", "ephemeral": True, "extra": 1},
        {"content": "c", "hook_name": 3},
        {"content": "c", "event": None},
        "text",
        None,
    ):
        await _returned(t, repr(item), {"action": "inject_context", "context_injections": [item]})


async def models(t: Trace) -> None:
    broken = HookResult()
    broken.user_message_level = "zap"  # type: ignore[assignment]

    class Dumps:
        def model_dump(self, **_: Any) -> Any:
            return {"action": "deny", "reason": "dumped"}

    class DumpsPlain:
        def model_dump(self) -> Any:
            return {"action": "deny", "reason": "dumped plainly"}

    class DumpsJson:
        def model_dump_json(self, **_: Any) -> Any:
            return '{"action":"deny"}'

    class Fails:
        def model_dump(self, **_: Any) -> Any:
            raise ValueError("no")

    class Own(HookResult):
        more: int = 1

    for value in (
        broken,
        Dumps(),
        DumpsPlain(),
        DumpsJson(),
        Fails(),
        Own(action="deny", reason="own"),
        HookResult.model_construct(action="deny"),
        HookResult(action="modify", data={"a": object()}),
        HookResult(action="modify", data={"t": (1, 2), "s": {1}}),
        ContextInjection(content="c"),
    ):
        await _returned(t, type(value).__name__, value)


async def not_json(t: Trace) -> None:
    for label, value in {
        "nan in model": HookResult(action="modify", data={"n": [math.nan, 1], "k": {"i": math.inf}}),
        "nan in dict": {"action": "modify", "data": {"n": math.nan}},
        "surrogate in model": HookResult(action="modify", data={"s": "\ud800"}),
        "surrogate in dict": {"action": "modify", "data": {"s": "\udc00"}},
        "big": HookResult(action="modify", data={"b": 2**70}),
        "infinite timeout": HookResult(action="ask_user", approval_timeout=math.inf),
        "nan in deny": HookResult(action="deny", reason="NaN", data={"x": math.nan}),
    }.items():
        await _returned(t, label, value)


async def exceptions(t: Trace) -> None:
    hooks = HookRegistry()

    def raises(error: BaseException) -> Any:
        async def handler(_: str, __: Any) -> None:
            raise error

        return handler

    import asyncio

    for error in (
        ValueError("v"),
        KeyError("k"),
        RuntimeError(),
        asyncio.CancelledError("c"),
        TimeoutError("t"),
    ):
        hooks.register("x", raises(error))

    async def after(_: str, data: Any) -> None:
        t.add("after", without_time(data))

    hooks.register("x", after)
    await t.attempt("emit", lambda: hooks.emit("x", {"a": 1}))
