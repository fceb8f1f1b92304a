"""Mounting, capabilities, contributions, cleanup, what a coordinator shows."""

import asyncio
from types import SimpleNamespace
from typing import Any

from amplifier_core import ModuleCoordinator
from amplifier_core.testing import MockCoordinator, create_test_coordinator
from tracing import Trace


class _Named:
    def __init__(self, name: Any) -> None:
        self.name = name


def _session(**config: Any) -> Any:
    return SimpleNamespace(session_id="sid", parent_id="pid", config=config)


async def fresh(t: Trace) -> None:
    c: Any = ModuleCoordinator()
    for name in (
        "mount_points",
        "session_id",
        "parent_id",
        "session",
        "config",
        "channels",
        "injection_budget_per_turn",
        "injection_size_limit",
        "loader",
        "approval_system",
        "display_system",
        "session_state",
        "_current_turn_injections",
        "_cleanup_fns",
    ):
        t.add(name, getattr(c, name))
        t.add(f"{name} stays", getattr(c, name) is getattr(c, name))
    t.add("places", list(c.mount_points))
    t.add("hooks", c.mount_points["hooks"] is c.hooks)
    t.add("dict", c.to_dict())
    t.add("vars", vars(c))


async def places(t: Trace) -> None:
    c = ModuleCoordinator()
    for place in (
        "orchestrator",
        "context",
        "module-source-resolver",
        "hooks",
        "providers",
        "tools",
        "agents",
    ):
        await t.attempt(f"mount {place}", lambda place=place: c.mount(place, _Named("n")))
        await t.attempt(f"get {place}", lambda place=place: c.get(place))
        await t.attempt(f"get n {place}", lambda place=place: c.get(place, "n"))
        await t.attempt(f"get other {place}", lambda place=place: c.get(place, "other"))
        await t.attempt(f"unmount other {place}", lambda place=place: c.unmount(place, "other"))
        await t.attempt(f"unmount {place}", lambda place=place: c.unmount(place))
        await t.attempt(f"unmount n {place}", lambda place=place: c.unmount(place, name="n"))
        await t.attempt(f"gone {place}", lambda place=place: c.get(place))


async def names(t: Trace) -> None:
    class Raises:
        @property
        def name(self) -> str:
            raise ValueError("np")

    c: Any = ModuleCoordinator()
    await t.attempt("none", lambda: c.mount("tools", object()))
    await t.attempt("keyword", lambda: c.mount("tools", object(), name="q"))
    await t.attempt("given wins", lambda: c.mount("tools", _Named("own"), "given"))
    await t.attempt("number", lambda: c.mount("tools", _Named(3)))
    await t.attempt("None", lambda: c.mount("tools", _Named(None)))
    await t.attempt("empty", lambda: c.mount("tools", _Named("")))
    await t.attempt("given empty", lambda: c.mount("providers", _Named("x"), ""))
    await t.attempt("raises", lambda: c.mount("tools", Raises()))
    await t.attempt("None module", lambda: c.mount("tools", None))
    await t.attempt("None orchestrator", lambda: c.mount("orchestrator", None))
    await t.attempt("given number", lambda: c.mount("tools", _Named("x"), 3))
    await t.attempt("place number", lambda: c.mount(3, _Named("x")))
    t.add("tools", list(c.get("tools")))
    t.add("dict", c.to_dict())


async def at_the_call(t: Trace) -> None:
    c = ModuleCoordinator()
    mounting = c.mount("tools", _Named("n"))
    t.add("mounted", list(c.get("tools")))
    await mounting
    unmounting = c.unmount("tools", "n")
    t.add("unmounted", list(c.get("tools")))
    await unmounting
    try:
        c.mount("nope", 1).close()
        t.add("no error yet")
    except ValueError as error:
        t.add("error", str(error))


async def direct_access(t: Trace) -> None:
    c = ModuleCoordinator()
    c.mount_points["tools"]["z"] = 1
    t.add("seen", c.get("tools"))
    c.mount_points["extra"] = {"q": 1}
    await t.attempt("extra", lambda: c.get("extra"))
    await t.attempt("extra q", lambda: c.get("extra", "q"))
    await t.attempt("mount extra", lambda: c.mount("extra", _Named("h")))
    await t.attempt("unmount extra", lambda: c.unmount("extra", "q"))
    t.add("extra after", c.mount_points["extra"])
    del c.mount_points["tools"]
    await t.attempt("get", lambda: c.get("tools"))
    await t.attempt("mount", lambda: c.mount("tools", _Named("q")))
    await t.attempt("unmount", lambda: c.unmount("tools", "q"))
    await t.attempt("dict", c.to_dict)
    hooks = c.hooks
    c.mount_points["hooks"] = 3
    t.add("hooks", [c.hooks is hooks, c.get("hooks")])


async def capabilities(t: Trace) -> None:
    c: Any = ModuleCoordinator()
    t.add("none", c.get_capability("x"))
    c.register_capability("x", 1)
    c.register_capability("a", None)
    c.register_capability("x", [2])
    t.add("last", c.get_capability("x"))
    t.add("dict", sorted(c.to_dict()["capabilities"]))
    await t.attempt("type", lambda: c.register_capability(1, 2))
    await t.attempt("get type", lambda: c.get_capability(None))


async def contributions(t: Trace) -> None:
    c: Any = ModuleCoordinator()

    async def two() -> list[int]:
        return [2]

    def bad() -> None:
        raise ValueError("cb")

    for name, callback in (
        ("one", lambda: 1),
        ("none", lambda: None),
        ("two", two),
        ("bad", bad),
        ("lambda", lambda: two()),
        ("one", lambda: 11),
        ("number", 3),
        ("falsy", lambda: 0),
    ):
        c.register_contributor("ch", name, callback)
    t.add("channels", c.channels)
    await t.attempt("collect", lambda: c.collect_contributions("ch"))
    await t.attempt("unknown", lambda: c.collect_contributions("other"))
    await t.attempt("type", lambda: c.register_contributor(1, "x", bad))


async def contribution_that_is_cancelled(t: Trace) -> None:
    c = ModuleCoordinator()

    async def cancelled() -> None:
        raise asyncio.CancelledError

    c.register_contributor("ch", "a", lambda: 1)
    c.register_contributor("ch", "b", cancelled)
    c.register_contributor("ch", "c", lambda: 3)
    await t.attempt("collect", lambda: c.collect_contributions("ch"))


async def cleanup(t: Trace) -> None:
    c: Any = ModuleCoordinator()
    log: list[str] = []

    async def ok() -> None:
        log.append("async")

    def plain() -> Any:
        log.append("plain")

    async def bad() -> None:
        log.append("bad")
        raise ValueError("x")

    def gives_coroutine() -> Any:
        log.append("gives")
        return ok()

    async def adds() -> None:
        log.append("adds")
        c.register_cleanup(plain)

    for fn in (ok, plain, bad, gives_coroutine, None, 3, adds):
        c.register_cleanup(fn)
    t.add("kept", len(c._cleanup_fns))
    await t.attempt("cleanup", c.cleanup)
    t.add("order", log)
    log.clear()
    await t.attempt("again", c.cleanup)
    t.add("again", log)


async def cleanup_with_fatal_errors(t: Trace) -> None:
    c = ModuleCoordinator()
    log: list[str] = []

    def note(name: str, error: BaseException | None = None) -> Any:
        async def fn() -> None:
            log.append(name)
            if error:
                raise error

        return fn

    c.register_cleanup(note("last"))
    c.register_cleanup(note("cancelled", asyncio.CancelledError("second")))
    c.register_cleanup(note("middle"))
    c.register_cleanup(note("first", asyncio.CancelledError("first")))
    await t.attempt("cleanup", c.cleanup)
    t.add("order", log)

    def leave() -> None:
        raise SystemExit(1)

    other = ModuleCoordinator()
    other.register_cleanup(note("after exit"))
    other.register_cleanup(leave)
    await t.attempt("exit", other.cleanup)
    t.add("order", log)


async def with_a_session(t: Trace) -> None:
    plan = {"session": {"injection_budget_per_turn": 100, "injection_size_limit": 50}, "z": 1}
    session = _session(**plan)
    c: Any = ModuleCoordinator(session, 1, 2)
    t.add("ids", [c.session_id, c.parent_id, c.config is session.config, c.session is session])
    t.add(
        "limits", [c.injection_budget_per_turn, c.injection_size_limit, c.approval_system, c.display_system]
    )
    t.add("dict", c.to_dict())
    c._set_session(5)
    t.add("other session", [c.session, c.session_id])
    t.add(
        "keywords",
        ModuleCoordinator(session=session, approval_system="a", display_system="d").approval_system,
    )


async def odd_sessions(t: Trace) -> None:
    make: Any = ModuleCoordinator
    await t.attempt("no parent", lambda: make(SimpleNamespace(session_id="s")))
    await t.attempt("number", lambda: make(3))
    await t.attempt("id", lambda: make(SimpleNamespace(session_id=3, parent_id=None, config={})))
    await t.attempt("parent", lambda: make(SimpleNamespace(session_id="s", parent_id=3, config={})))
    await t.attempt("config", lambda: make(SimpleNamespace(session_id="s", parent_id=None, config=3)).config)
    await t.attempt("keyword", lambda: make(foo=1))
    for session in (3, None, {"injection_size_limit": "x", "injection_budget_per_turn": 1.5}, {}):
        c = make(_session(session=session))
        await t.attempt(f"budget {session!r}", lambda c=c: c.injection_budget_per_turn)
        await t.attempt(f"limit {session!r}", lambda c=c: c.injection_size_limit)


async def attributes(t: Trace) -> None:
    c: Any = ModuleCoordinator(_session())
    for name in ("loader", "approval_system", "display_system", "session_state", "mount_points", "foo"):
        await t.attempt(f"set {name}", lambda name=name: setattr(c, name, {"new": 1}))
        t.add(name, getattr(c, name))
    t.add("vars", vars(c))
    for name in (
        "session_id",
        "parent_id",
        "session",
        "hooks",
        "cancellation",
        "config",
        "channels",
        "_cleanup_fns",
    ):
        await t.attempt(f"set {name}", lambda name=name: setattr(c, name, 1), message=False)
    for value in (5, True, -1, "x", 1.5):
        await t.attempt(f"injections {value!r}", lambda v=value: setattr(c, "_current_turn_injections", v))
        t.add("injections", c._current_turn_injections)
    c.reset_turn()
    t.add("reset", c._current_turn_injections)


async def subclasses(t: Trace) -> None:
    class WithNew(ModuleCoordinator):
        def __new__(cls, *_: Any) -> Any:
            return super().__new__(cls, _session(), 1, 2)

        def __init__(self, extra: int) -> None:
            self.extra = extra
            super().__init__()

    class Plain(ModuleCoordinator):
        pass

    class PassesArguments(ModuleCoordinator):
        def __init__(self, session: Any) -> None:
            super().__init__(session)

    class Overrides(ModuleCoordinator):
        async def mount(self, mount_point: str, module: Any, name: str | None = None) -> None:
            t.add("own mount", [mount_point, name])
            await super().mount(mount_point, module, name)

    made: Any = WithNew(4)
    t.add("new", [made.extra, made.session_id, made.approval_system])
    t.add("plain", Plain(_session()).session_id)
    await t.attempt("passes", lambda: PassesArguments(_session()))
    overrides = Overrides()
    await overrides.mount("tools", _Named("n"))
    t.add("mounted", list(overrides.get("tools")))
    t.add("instance", isinstance(made, ModuleCoordinator))


async def test_helpers(t: Trace) -> None:
    mock = MockCoordinator()
    await mock.mount("tools", _Named("n"))
    await mock.unmount("tools", "n")
    t.add("mock", [mock.session_id, mock.config, mock.mount_history, mock.unmount_history])
    ready = create_test_coordinator()
    t.add("ready", ready.to_dict())
    t.add("tool", await ready.get("tools", "echo").execute({}))
