"""emit_and_collect, and the ids that tie the events of one LLM call together."""

import math
from typing import Any

from amplifier_core import HookRegistry, HookResult
from tracing import Trace


async def collecting(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.set_default_fields(session_id="s")

    def gives(result: Any) -> Any:
        async def handler(_: str, data: Any) -> Any:
            t.add("sees", data)
            if isinstance(result, Exception):
                raise result
            return result

        return handler

    for result in (
        HookResult(action="modify", data={"z": 1}),
        HookResult(data={"a": {"b": [1]}}),
        HookResult(action="deny", reason="no", data={"d": 1}),
        HookResult(action="deny"),
        None,
        ValueError("v"),
        "junk",
        {"data": {}},
        HookResult(action="ask_user", data={"q": 1}),
    ):
        hooks.register("x", gives(result))
    t.add("collected", await hooks.emit_and_collect("x", {"a": 1}))
    t.add("nothing", await hooks.emit_and_collect("y", {"a": 1}))
    t.add("list", await hooks.emit_and_collect("x", [1], timeout=5))
    await t.attempt("no timeout", lambda: hooks.emit_and_collect("x", {}, None))
    await t.attempt("text timeout", lambda: hooks.emit_and_collect("x", {}, "1"))  # type: ignore[arg-type]
    await t.attempt("nan", lambda: hooks.emit_and_collect("x", {"a": math.nan}))


async def correlation(t: Trace) -> None:
    hooks = HookRegistry()
    ids: list[Any] = []

    async def see(event: str, data: Any) -> None:
        request_id = data.get("request_id")
        if request_id is not None and request_id not in ids:
            ids.append(request_id)
        t.add(event, None if request_id is None else ids.index(request_id))

    for event in (
        "llm:request",
        "llm:response",
        "provider:error",
        "provider:retry",
        "provider:request",
        "llm:x",
    ):
        hooks.register(event, see)
    for event, data in (
        ("llm:response", {}),
        ("llm:request", {"a": 1}),
        ("provider:retry", {}),
        ("provider:request", {}),
        ("llm:x", {}),
        ("llm:response", {}),
        ("llm:response", {}),
        ("llm:request", {"request_id": "mine"}),
        ("provider:error", {}),
        ("llm:request", {"request_id": ""}),
        ("llm:request", {"request_id": 5}),
        ("llm:response", {"request_id": None}),
    ):
        await hooks.emit(event, data)
    hooks.set_default_fields(request_id="default")
    for event in ("llm:request", "llm:response", "llm:response"):
        await hooks.emit(event, {})


async def correlation_is_kept(t: Trace) -> None:
    from amplifier_core.correlation import current_request_id

    hooks = HookRegistry()
    coroutine = hooks.emit("llm:request", {})
    first = current_request_id()
    await coroutine
    t.add("set at the call", first is not None and first == current_request_id())
    await hooks.emit_and_collect("llm:response", {})
    t.add("collecting ends nothing", first == current_request_id())
