"""Several handlers on one event: who is asked, who wins."""

from typing import Any

from amplifier_core import ContextInjection, HookRegistry, HookResult
from tracing import Trace, without_time


async def _chain(t: Trace, label: str, *results: Any) -> None:
    hooks = HookRegistry()
    for index, result in enumerate(results):

        async def handler(_: str, data: Any, index: int = index, result: Any = result) -> Any:
            t.add(f"{label}: {index} sees", without_time(data))
            return result

        hooks.register("x", handler, name=f"h{index}")
    await t.attempt(label, lambda: hooks.emit("x", {"a": 1}))


def _inject(text: str | None, **more: Any) -> HookResult:
    return HookResult(action="inject_context", context_injection=text, **more)


_DENY = HookResult(action="deny", reason="no", data={"z": 1}, user_message="m", context_injection="ci")
_ASK = HookResult(
    action="ask_user", approval_prompt="p?", approval_options=["a"], approval_timeout=5, reason="z"
)
_MODIFY = HookResult(action="modify", data={"b": 2}, reason="r")
_INJECT = _inject("one", context_injection_role="user", ephemeral=True)


async def continuing(t: Trace) -> None:
    await _chain(
        t, "extras are dropped", HookResult(reason="hi", user_message="m", data={"q": 1}), HookResult()
    )
    await _chain(t, "injection without action", HookResult(context_injection="z"))


async def denying(t: Trace) -> None:
    await _chain(t, "first", _DENY, HookResult())
    await _chain(t, "after ask", _ASK, _DENY)
    await _chain(t, "after inject", _INJECT, _DENY)
    await _chain(t, "after modify", _MODIFY, _DENY)


async def modifying(t: Trace) -> None:
    await _chain(t, "twice", _MODIFY, HookResult(action="modify", data={"c": 3}), HookResult())
    await _chain(t, "nothing", HookResult(action="modify"), HookResult())
    await _chain(t, "to empty", HookResult(action="modify", data={}), HookResult())
    await _chain(t, "then continue", _MODIFY, HookResult(reason="last"))


async def asking(t: Trace) -> None:
    await _chain(t, "twice", _ASK, HookResult(action="ask_user", approval_prompt="second"))
    await _chain(t, "after inject", _INJECT, _ASK)
    await _chain(t, "before inject", HookResult(action="ask_user", context_injection="c"), _INJECT)
    await _chain(t, "after modify", _MODIFY, HookResult(action="ask_user", data={"k": 1}))
    await _chain(t, "before modify", _ASK, _MODIFY)


async def injecting_alone(t: Trace) -> None:
    more = {
        "reason": "r",
        "user_message": "u",
        "suppress_output": True,
        "data": {"d": 1},
        "approval_prompt": "ap",
    }
    await _chain(t, "keeps its fields", _inject("one", **more), HookResult())
    await _chain(t, "empty", _inject(""), HookResult())
    await _chain(t, "none", _inject(None, reason="r"), HookResult())
    await _chain(t, "append", _inject("a", ephemeral=True, append_to_last_tool_result=True))
    await _chain(t, "with modify", _inject("a", data={"z": 1}), _MODIFY)
    await _chain(t, "after modify", _MODIFY, _inject("a"))


async def injecting_together(t: Trace) -> None:
    await _chain(t, "two roles", _inject("one"), _inject("two", context_injection_role="user"))
    await _chain(t, "first role", _inject("one", context_injection_role="assistant"), _inject("two"))
    await _chain(t, "last ephemeral", _inject("one"), _inject("two", ephemeral=True))
    await _chain(t, "first ephemeral", _inject("one", ephemeral=True), _inject("two"))
    await _chain(t, "append", _inject("one", append_to_last_tool_result=True), _inject("two"))
    await _chain(
        t,
        "other fields",
        _inject("a", user_message="u1", reason="r1", suppress_output=True, data={"d": 1}),
        _inject("b", user_message="u2", suppress_output=True),
    )
    for first, second in ((True, False), (False, True)):
        handlers = _inject("a", suppress_output=first), _inject("b", suppress_output=second)
        await _chain(t, f"output {first} {second}", *handlers)
    await _chain(t, "empty and full", _inject(""), _inject("b"))
    await _chain(t, "none and full", _inject(None), _inject("b", reason="r"))


async def injecting_lists(t: Trace) -> None:
    items = [
        ContextInjection(content="x", role="user", hook_name="own", event="own"),
        ContextInjection(content="y", ephemeral=True),
    ]
    await _chain(t, "list", HookResult(action="inject_context", context_injections=items))
    await _chain(
        t, "list and scalar", _inject("z", context_injections=items, context_injection_role="assistant")
    )
    await _chain(
        t, "list then scalar", HookResult(action="inject_context", context_injections=items), _inject("z")
    )
    await _chain(t, "continue with list", HookResult(context_injections=items))
    await _chain(t, "ask with list", HookResult(action="ask_user", context_injections=items))
    await _chain(t, "deny with list", HookResult(action="deny", context_injections=items))
