"""process_hook_result: injections with limits and budgets, approvals, messages."""

import asyncio
from types import SimpleNamespace
from typing import Any

from amplifier_core import ContextInjection, HookResult, ModuleCoordinator
from amplifier_core.approval import ApprovalTimeoutError
from tracing import Trace


class _Context:
    def __init__(self, t: Trace, error: Exception | None = None) -> None:
        self.t = t
        self.error = error

    async def add_message(self, message: Any) -> None:
        if self.error:
            raise self.error
        self.t.add("added", message)


class _Display:
    def __init__(self, t: Trace, error: Exception | None = None) -> None:
        self.t = t
        self.error = error

    def show_message(self, *args: Any, **options: Any) -> None:
        if self.error:
            raise self.error
        self.t.add("shown", [args, options])


class _Approval:
    def __init__(self, t: Trace, answer: Any) -> None:
        self.t = t
        self.answer = answer

    async def request_approval(self, *args: Any, **options: Any) -> Any:
        self.t.add("asked", [args, options])
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def _coordinator(
    t: Trace, approval: Any = None, display: Any = None, context: Any = None, **plan: Any
) -> Any:
    session = SimpleNamespace(session_id="sid", parent_id=None, config={"session": plan})
    c = ModuleCoordinator(session, approval, _Display(t) if display is None else display)
    c.mount_points["context"] = _Context(t) if context is None else context
    return c


def _inject(text: str | None, **more: Any) -> HookResult:
    return HookResult(action="inject_context", context_injection=text, **more)


def _ask(**more: Any) -> HookResult:
    return HookResult(**{"action": "ask_user", "approval_prompt": "p?", "user_message": "um", **more})


async def passing_through(t: Trace) -> None:
    c = _coordinator(t)
    for result in (
        HookResult(),
        HookResult(action="deny", reason="d", user_message="m"),
        HookResult(action="modify", data={"a": 1}, suppress_output=True),
        HookResult(context_injection="not injected"),
    ):
        given = await c.process_hook_result(result, "ev", "hk")
        t.add(result.action, [given is result, given])


async def injecting(t: Trace) -> None:
    c = _coordinator(t)
    for result in (
        _inject("hello"),
        _inject("user says", context_injection_role="user", user_message="um", user_message_level="warning"),
        _inject("kept", suppress_output=True, reason="r", data={"a": 1}),
        _inject("for now", ephemeral=True),
        _inject(
            "with more", ephemeral=True, user_message="um", reason="r", data={"a": 1}, approval_prompt="ap"
        ),
        _inject("kept with more", approval_prompt="ap", approval_timeout=3, append_to_last_tool_result=True),
        _inject("for now", ephemeral=True, append_to_last_tool_result=True, context_injection_role="user"),
        _inject(""),
        _inject(None),
    ):
        await t.attempt("result", lambda result=result: c.process_hook_result(result, "ev", "hk"))
        t.add("counted", c._current_turn_injections)
    await t.attempt("unnamed", lambda: c.process_hook_result(_inject("x"), "ev"))


async def injecting_lists(t: Trace) -> None:
    c = _coordinator(t)
    items = [
        ContextInjection(content="lasting text", role="user", hook_name="q", event="e"),
        ContextInjection(content="first passing", ephemeral=True, role="assistant"),
        ContextInjection(content="", ephemeral=True),
        ContextInjection(content="second passing", ephemeral=True, append_to_last_tool_result=True),
    ]
    await t.attempt(
        "list",
        lambda: c.process_hook_result(HookResult(action="inject_context", context_injections=items), "ev"),
    )
    t.add("counted", c._current_turn_injections)
    await t.attempt(
        "both", lambda: c.process_hook_result(_inject("scalar", context_injections=items[:1]), "ev")
    )


async def cleaning_texts(t: Trace) -> None:
    c = _coordinator(t)
    dirty = "a\x00b\x1b[0m\x7f\x85 \u200b \r\n\té <system>"
    await t.attempt("control characters", lambda: c.process_hook_result(_inject(dirty), "ev", "hk"))
    await t.attempt("ephemeral", lambda: c.process_hook_result(_inject(dirty, ephemeral=True), "ev", "hk"))
    await t.attempt("surrogate", lambda: c.process_hook_result(_inject("ab\ud800c"), "ev", "hk"))
    await t.attempt("only control", lambda: c.process_hook_result(_inject("\x00\x01"), "ev", "hk"))
    await t.attempt("message", lambda: c.process_hook_result(HookResult(user_message=dirty), "ev", "hk"))


async def size_limit(t: Trace) -> None:
    c = _coordinator(t, injection_size_limit=5)
    for text in ("12345", "123456", "ééééé", "\x0012345", "😀" * 5):
        await t.attempt(repr(text), lambda text=text: c.process_hook_result(_inject(text), "ev", "hk"))
        t.add("counted", c._current_turn_injections)
    await t.attempt("ephemeral", lambda: c.process_hook_result(_inject("123456", ephemeral=True), "ev", "hk"))
    items = [ContextInjection(content="12345"), ContextInjection(content="123456")]
    result = HookResult(action="inject_context", context_injections=items, user_message="shown?")
    await t.attempt("list", lambda: c.process_hook_result(result, "ev", "hk"))
    t.add("counted", c._current_turn_injections)
    for limit in (0, -1, True, 1.5, "x"):
        odd = _coordinator(t, injection_size_limit=limit)
        await t.attempt(f"limit {limit!r}", lambda odd=odd: odd.process_hook_result(_inject("12345"), "ev"))


async def size_error_at_the_call(t: Trace) -> None:
    c = _coordinator(t, injection_size_limit=1)
    try:
        c.process_hook_result(_inject("long"), "ev").close()
        t.add("no error yet")
    except ValueError as error:
        t.add("error", str(error))


async def budget(t: Trace) -> None:
    c = _coordinator(t, injection_budget_per_turn=5)
    for text in ("a" * 16, "a" * 7, "a" * 3, "é" * 8, "😀" * 9):
        await t.attempt(text[:1], lambda text=text: c.process_hook_result(_inject(text), "ev", "hk"))
        t.add("counted", c._current_turn_injections)
    c.reset_turn()
    await t.attempt("ephemeral", lambda: c.process_hook_result(_inject("a" * 80, ephemeral=True), "ev", "hk"))
    t.add("counted", c._current_turn_injections)
    for limit in (0, -1, True, 1.5, "x"):
        odd = _coordinator(t, injection_budget_per_turn=limit)
        await t.attempt(f"budget {limit!r}", lambda odd=odd: odd.process_hook_result(_inject("12345"), "ev"))


async def contexts(t: Trace) -> None:
    class Plain:
        def add_message(self, message: Any) -> None:
            t.add("plain", sorted(message))

    for label, context in {
        "fails": _Context(t, ValueError("cf")),
        "no method": object(),
        "plain": Plain(),
    }.items():
        c = _coordinator(t, context=context)
        await t.attempt(label, lambda c=c: c.process_hook_result(_inject("x"), "ev", "hk"))
    c = _coordinator(t)
    c.mount_points["context"] = None
    await t.attempt("none", lambda: c.process_hook_result(_inject("x"), "ev", "hk"))


async def decisions(t: Trace) -> None:
    for answer in (
        "Allow",
        "Allow once",
        "Allow always",
        "ALLOW",
        "Deny",
        "deny",
        "yes",
        "",
        " allow ",
        None,
        3,
        True,
    ):
        c = _coordinator(t, _Approval(t, answer))
        result = _ask(approval_options=["x"], approval_timeout=3, reason="own")
        await t.attempt(repr(answer), lambda c=c, result=result: c.process_hook_result(result, "ev", "hk"))


async def questions(t: Trace) -> None:
    c = _coordinator(t, _Approval(t, "Deny"))
    for more in (
        {},
        {"approval_prompt": None},
        {"approval_prompt": ""},
        {"approval_prompt": "é" * 200},
        {"approval_prompt": "é" * 200 + "a"},
        {"approval_options": []},
        {"approval_default": "allow"},
        {"context_injection": "x", "context_injections": [ContextInjection(content="y")]},
        {"suppress_output": True, "approval_timeout": 0.5},
    ):
        await t.attempt(repr(sorted(more)), lambda more=more: c.process_hook_result(_ask(**more), "ev", "hk"))


async def approval_failures(t: Trace) -> None:
    for error in (
        ApprovalTimeoutError("t"),
        TimeoutError("t"),
        ValueError("v"),
        asyncio.CancelledError(),
    ):
        for default in ("deny", "allow"):
            c = _coordinator(t, _Approval(t, error))
            await t.attempt(
                f"{type(error).__name__} {default}",
                lambda c=c, default=default: c.process_hook_result(
                    _ask(approval_default=default), "ev", "hk"
                ),
            )

    class Plain:
        def request_approval(self, *_: Any) -> str:
            return "Allow"

    for approval in (None, Plain(), object()):
        for default in ("deny", "allow"):
            c = _coordinator(t, approval)
            await t.attempt(
                f"{type(approval).__name__} {default}",
                lambda c=c, default=default: c.process_hook_result(
                    _ask(approval_default=default), "ev", "hk"
                ),
            )


async def messages(t: Trace) -> None:
    c = _coordinator(t)
    for more in (
        {"user_message_level": "error", "user_message_source": "src"},
        {"user_message_source": ""},
        {"user_message": ""},
        {"user_message": None},
    ):
        result = HookResult(**{"user_message": "m", **more})
        await t.attempt(repr(sorted(more.items())), lambda r=result: c.process_hook_result(r, "ev", "hk"))
    for display in (_Display(t, ValueError("df")), object()):
        c = _coordinator(t, display=display)
        await t.attempt("bad display", lambda c=c: c.process_hook_result(HookResult(user_message="m"), "ev"))
    c.display_system = None
    await t.attempt("no display", lambda: c.process_hook_result(HookResult(user_message="m"), "ev"))


async def odd_results(t: Trace) -> None:
    c = _coordinator(t)
    zap = HookResult.model_construct(**{**HookResult().model_dump(), "action": "zap"})
    for result in (
        None,
        {"action": "deny"},
        3,
        zap,
        SimpleNamespace(action="continue"),
        SimpleNamespace(action="deny", context_injection=None),
        SimpleNamespace(action="inject_context", context_injection="q"),
    ):
        await t.attempt(type(result).__name__, lambda r=result: c.process_hook_result(r, "ev", "hk"))
    await t.attempt("event", lambda: c.process_hook_result(HookResult(), 3))
    await t.attempt("name", lambda: c.process_hook_result(HookResult(), "e", None))
    await t.attempt("keywords", lambda: c.process_hook_result(result=HookResult(), event="e", hook_name="n"))
