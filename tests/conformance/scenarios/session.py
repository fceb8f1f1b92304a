"""Sessions from mount plan to cleanup."""

import asyncio
import math
from typing import Any

from amplifier_core import AmplifierSession
from amplifier_core.events import ALL_EVENTS
from tracing import Trace, without_time

_PLAN: dict[str, Any] = {
    "session": {"orchestrator": "o", "context": "c"},
    "providers": [{"module": "p"}],
    "tools": [{"module": "t"}],
}


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name


class _Orchestrator:
    def __init__(self, t: Trace, run: Any) -> None:
        self.t = t
        self.run = run

    async def execute(
        self, prompt: str, context: Any, providers: Any, tools: Any, hooks: Any, **more: Any
    ) -> Any:
        self.t.add(
            "execute", [prompt, context, providers, tools, sorted(more), more["coordinator"].hooks is hooks]
        )
        result = self.run(more["coordinator"])
        return await result if asyncio.iscoroutine(result) else result


class _Loader:
    """Mounts what the plan names; `without` lists what mounts nothing, `failing` what cannot be loaded."""

    def __init__(self, t: Trace, run: Any, without: str = "", failing: str = "") -> None:
        self.t = t
        self.run = run
        self.without = without
        self.failing = failing

    async def load(self, module_id: str, *_: Any, **__: Any) -> Any:
        if module_id in self.failing:
            raise ValueError(f"load {module_id}")
        self.t.add("load", module_id)
        return lambda coordinator: self.mount(module_id, coordinator)

    async def mount(self, module_id: str, c: Any) -> Any:
        if module_id not in self.without:
            place = {"o": "orchestrator", "c": "context", "p": "providers", "t": "tools"}[module_id]
            await c.mount(place, _Orchestrator(self.t, self.run) if module_id == "o" else _Named(module_id))

        async def cleanup() -> None:
            self.t.add("cleanup", module_id)

        return cleanup

    def get_on_session_ready_queue(self) -> list[Any]:
        return []

    def clear_on_session_ready_queue(self) -> None:
        pass

    def enqueue_on_session_ready(self, *_: Any) -> None:
        pass

    def cleanup(self) -> None:
        self.t.add("loader cleanup")


def _session(t: Trace, run: Any = lambda c: "ok", plan: Any = None, watch: bool = True, **more: Any) -> Any:
    parts = {key: more.pop(key) for key in ("without", "failing") if key in more}
    session = AmplifierSession(_PLAN if plan is None else plan, **{"session_id": "SID", **more})
    session.coordinator.loader = _Loader(t, run, **parts)

    async def see(event: str, data: Any) -> None:
        t.add(event, without_time(data))

    for event in [*ALL_EVENTS, "session:config"] if watch else []:
        session.coordinator.hooks.register(event, see)
    return session


async def plans(t: Trace) -> None:
    make: Any = AmplifierSession
    for plan in (
        {},
        None,
        3,
        [],
        {"a": 1},
        {"session": 3},
        {"session": None},
        {"session": {}},
        {"session": {"orchestrator": "o"}},
        {"session": {"context": "c"}},
        {"session": {"orchestrator": None, "context": "c"}},
        {"session": {"orchestrator": "o", "context": None}},
        {"session": {"orchestrator": "", "context": ""}},
        {"session": {"orchestrator": {"module": "o"}, "context": {}}},
        {"session": {"orchestrator": 3, "context": True}},
        {"session": {"orchestrator": "o", "context": "c", "x": math.nan}},
        {"session": {"orchestrator": "o", "context": "c"}, "x": {(1,): 2}},
    ):
        await t.attempt(repr(plan), lambda plan=plan: make(plan).initialized)
    await t.attempt("object", lambda: make({**_PLAN, "x": object()}).initialized)


async def arguments(t: Trace) -> None:
    make: Any = AmplifierSession
    await t.attempt("none", lambda: make(), message=False)
    await t.attempt("id number", lambda: make(_PLAN, session_id=3))
    await t.attempt("id empty", lambda: make(_PLAN, session_id="").session_id)
    await t.attempt("parent number", lambda: make(_PLAN, parent_id=3))
    await t.attempt("parent empty", lambda: make(_PLAN, parent_id="").parent_id)
    await t.attempt("resumed", lambda: make(_PLAN, is_resumed=1))
    await t.attempt("loader is not kept", lambda: make(_PLAN, loader=object()).coordinator.loader)
    await t.attempt(
        "systems", lambda: make(_PLAN, approval_system=1, display_system=2).coordinator.approval_system
    )
    await t.attempt("subclass", lambda: type("Own", (AmplifierSession,), {}))


async def fresh(t: Trace) -> None:
    session: Any = AmplifierSession(_PLAN)
    t.add("id", session.session_id)
    t.add("fields", [session.parent_id, session.is_resumed, session.initialized, session.config is _PLAN])
    c = session.coordinator
    t.add(
        "coordinator",
        [c is session.coordinator, c.session_id == session.session_id, c.config is _PLAN, c.loader],
    )
    t.add(
        "stand-in",
        [c.session is session, c.session.session_id == session.session_id, c.session.config is _PLAN],
    )
    for name in ("foo", "initialized"):
        await t.attempt(f"set {name}", lambda name=name: setattr(session, name, 1), message=False)
    await t.attempt("status", lambda: session.status, message=False)


async def not_initialized(t: Trace) -> None:
    session = _session(t)
    try:
        session.execute("x").close()
        t.add("no error yet")
    except RuntimeError as error:
        t.add("at the call", str(error))
    await t.attempt("cleanup", session.cleanup)
    await t.attempt("prompt", lambda: session.execute(3))


async def life(t: Trace) -> None:
    session = _session(t)
    await t.attempt("initialize", session.initialize)
    t.add("session", [session.initialized, session.coordinator.session is session])
    await t.attempt("again", session.initialize)
    await t.attempt("first", lambda: session.execute("hi"))
    await t.attempt("second", lambda: session.execute("hi again"))
    await t.attempt("prompt", lambda: session.execute(None))
    await t.attempt("cleanup", session.cleanup)
    t.add("initialized", session.initialized)
    await t.attempt("cleanup again", session.cleanup)
    await t.attempt("too late", lambda: session.execute("x"))


async def second_life(t: Trace) -> None:
    session = _session(t)
    for _ in range(2):
        await session.initialize()
        await t.attempt("execute", lambda: session.execute("hi"))
        await t.attempt("cleanup", session.cleanup)


async def child_and_resumed(t: Trace) -> None:
    plan = {**_PLAN, "session": {**_PLAN["session"], "metadata": {"m": 1}, "raw": True}, "api_key": "secret"}
    session = _session(t, plan=plan, parent_id="P", is_resumed=True)
    await session.initialize()
    await t.attempt("execute", lambda: session.execute("hi"))
    await t.attempt("cleanup", session.cleanup)


async def metadata_and_raw(t: Trace) -> None:
    for metadata, raw in (({}, 1), ([], "yes"), (None, {}), ("text", 0), ([1], None), (0, False), (5, False)):
        plan = {**_PLAN, "session": {**_PLAN["session"], "metadata": metadata, "raw": raw}}
        session = _session(t, plan=plan)
        await session.initialize()
        await t.attempt(repr((metadata, raw)), lambda session=session: session.execute("hi"))


async def failing_orchestrators(t: Trace) -> None:
    class OwnError(Exception):
        pass

    class UnspeakableError(Exception):
        def __str__(self) -> str:
            raise ValueError("no text")

    for error in (
        ValueError("boom"),
        OwnError("abc"),
        KeyError("k"),
        asyncio.CancelledError("c"),
        UnspeakableError(),
    ):

        async def run(_: Any, error: BaseException = error) -> None:
            raise error

        session = _session(t, run)
        await session.initialize()
        await t.attempt(type(error).__name__, lambda session=session: session.execute("hi"))
        await t.attempt("cleanup", session.cleanup)


async def cause(t: Trace) -> None:
    def run(_: Any) -> None:
        raise ValueError("boom")

    session = _session(t, run, watch=False)
    await session.initialize()
    try:
        await session.execute("hi")
    except RuntimeError as error:
        t.add("cause", repr(error.__cause__))


async def answers(t: Trace) -> None:
    class Text(str):
        __slots__ = ()

    for answer in (None, 3, {"a": 1}, b"x", "", Text("sub"), "é\x00"):
        session = _session(t, lambda c, answer=answer: answer, watch=False)
        await session.initialize()
        await t.attempt(repr(answer), lambda session=session: session.execute("hi"))


async def cancelled_runs(t: Trace) -> None:
    async def gently(c: Any) -> str:
        await c.request_cancel()
        return "part"

    async def at_once(c: Any) -> None:
        await c.request_cancel(True)
        raise ValueError("stopped")

    async def by_token(c: Any) -> None:
        c.cancellation.request_immediate()
        raise asyncio.CancelledError

    async def no_text(c: Any) -> Any:
        await c.request_cancel()
        return 3

    for run in (gently, at_once, by_token, no_text):
        session = _session(t, run)
        await session.initialize()
        await t.attempt(run.__name__, lambda session=session: session.execute("hi"))
        t.add("state", session.coordinator.cancellation.state)
        session.coordinator.cancellation.reset()
        await t.attempt("again", lambda session=session: session.execute("hi"))
        await t.attempt("cleanup", session.cleanup)


async def missing_modules(t: Trace) -> None:
    for without in ("o", "c", "p", "t", "op"):
        session = _session(t, without=without)
        await t.attempt(f"initialize without {without}", session.initialize)
        await t.attempt("execute", lambda session=session: session.execute("hi"))
        await t.attempt("cleanup", session.cleanup)


async def failing_modules(t: Trace) -> None:
    for failing in "ocpt":
        session = _session(t, failing=failing)
        await t.attempt(f"initialize, {failing} fails", session.initialize)
        t.add("initialized", session.initialized)
        await t.attempt("cleanup", session.cleanup)


async def initialize_after_failure(t: Trace) -> None:
    session = _session(t, failing="o")
    await t.attempt("fails", session.initialize)
    session.coordinator.loader.failing = ""
    await t.attempt("works", session.initialize)
    await t.attempt("execute", lambda: session.execute("hi"))


async def without_a_loader(t: Trace) -> None:
    session: Any = AmplifierSession({"session": {"orchestrator": "no-such-orchestrator", "context": "c"}})
    await t.attempt("initialize", session.initialize)
    t.add("loader", session.coordinator.loader)


async def as_context_manager(t: Trace) -> None:
    async def use(error: Exception | None) -> str:
        async with _session(t) as session:
            t.add("entered", [session, session.initialized])
            if error:
                raise error
            return await session.execute("x")

    await t.attempt("fine", lambda: use(None))
    await t.attempt("raises", lambda: use(ValueError("in body")))
    await t.attempt("exit alone", lambda: _session(t).__aexit__(None, None, None))


async def concurrent_cleanup(t: Trace) -> None:
    session = _session(t, watch=False)

    async def slow(_: str, __: Any) -> None:
        t.add("end begins")
        await asyncio.sleep(0.02)
        t.add("end done")

    session.coordinator.hooks.register("session:end", slow)
    await session.initialize()
    await asyncio.gather(session.cleanup(), session.cleanup())


async def cleanup_errors(t: Trace) -> None:
    session = _session(t)
    await session.initialize()

    def fails(error: BaseException) -> Any:
        async def cleanup() -> None:
            t.add("fails", type(error).__name__)
            raise error

        return cleanup

    session.coordinator.register_cleanup(fails(ValueError("x")))
    session.coordinator.register_cleanup(fails(asyncio.CancelledError("c")))
    await t.attempt("cleanup", session.cleanup)
    t.add("initialized", session.initialized)


async def denied_start(t: Trace) -> None:
    session = _session(t, watch=False)

    async def deny(event: str, _: Any) -> Any:
        t.add("denied", event)
        return {"action": "deny", "reason": "no"}

    for event in ("session:start", "session:end", "cancel:completed"):
        session.coordinator.hooks.register(event, deny)
    await session.initialize()
    await t.attempt("execute", lambda: session.execute("x"))
    await t.attempt("cleanup", session.cleanup)


async def children_get_cancelled(t: Trace) -> None:
    parent, child = _session(t, watch=False), _session(t, parent_id="SID", session_id="CHILD")
    await parent.initialize()
    await child.initialize()
    parent.coordinator.cancellation.register_child(child.coordinator.cancellation)
    await parent.coordinator.request_cancel(immediate=True)
    await t.attempt("child", lambda: child.execute("x"))
