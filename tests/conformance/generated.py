"""Programs that a test generates: JSON in, trace out. See test_generated.py for how they are made."""

import asyncio
from types import SimpleNamespace
from typing import Any

from amplifier_core import (
    AmplifierSession,
    CancellationToken,
    ContextInjection,
    HookRegistry,
    HookResult,
    ModuleCoordinator,
)
from amplifier_core._engine import RetryConfig, compute_delay
from tracing import Trace, without_time


async def run(t: Trace, program: dict[str, Any]) -> None:
    """Run a program of the kind that it names."""
    await _KINDS[program["kind"]](t, program)


async def _hooks(t: Trace, program: dict[str, Any]) -> None:
    """`defaults`, `handlers` of {priority, name, result}, `removed` (names), `data`, `collect`."""
    hooks = HookRegistry()
    hooks.set_default_fields(**program["defaults"])
    for number, spec in enumerate(program["handlers"]):

        async def handler(_: str, data: Any, number: int = number, spec: Any = spec) -> Any:
            t.add(f"{number} sees", without_time(data))
            if spec["result"] == "raise":
                raise ValueError("raised")
            return spec["result"]

        hooks.register("x", handler, spec["priority"], f"h{spec['name']}")
    for name in program["removed"]:
        hooks.unregister(f"h{name}")
    t.add("handlers", hooks.list_handlers())
    await t.attempt("emit", lambda: hooks.emit("x", program["data"]))
    await t.attempt("collect", lambda: hooks.emit_and_collect("x", program["data"], timeout=5))


async def _data(t: Trace, program: dict[str, Any]) -> None:
    """`data`: what a handler sees of it, in which order."""
    hooks = HookRegistry()

    async def handler(_: str, data: Any) -> None:
        t.add("sees", [without_time(data), list(data) if isinstance(data, dict) else None])

    hooks.register("x", handler)
    await t.attempt("emit", lambda: hooks.emit("x", program["data"]))


async def _mounts(t: Trace, program: dict[str, Any]) -> None:
    """`steps` of [verb, place, name]."""
    c = ModuleCoordinator()
    modules: dict[int, str] = {}
    for number, (verb, place, name) in enumerate(program["steps"]):
        if verb == "mount":
            module = SimpleNamespace(name=f"own{number % 3}")
            modules[id(module)] = str(number)
            program.setdefault("kept", []).append(module)
            await t.attempt("mount", lambda place=place, name=name, m=module: c.mount(place, m, name))
        elif verb == "unmount":
            await t.attempt("unmount", lambda place=place, name=name: c.unmount(place, name))
        else:
            await t.attempt("get", lambda place=place, name=name: _which(c.get(place, name), modules))
    t.add("end", c.to_dict())


def _which(found: Any, modules: dict[int, str]) -> Any:
    if isinstance(found, dict):
        return {name: modules[id(module)] for name, module in found.items()}
    return modules.get(id(found), type(found).__name__)


async def _cancellation(t: Trace, program: dict[str, Any]) -> None:
    """`steps` of [verb, token, other]; the tokens are four, the others are tokens or tools."""
    tokens = [CancellationToken() for _ in range(4)]
    for verb, index, other in program["steps"]:
        token = tokens[index]
        if verb in ("register_child", "unregister_child"):
            # Only downwards: a ring of tokens never ends, natively too.
            if other > index:
                t.add(verb, getattr(token, verb)(tokens[other]))
        elif verb == "register_tool_start":
            t.add(verb, token.register_tool_start(str(other), f"tool{other}"))
        elif verb == "register_tool_complete":
            t.add(verb, token.register_tool_complete(str(other)))
        else:
            t.add(verb, getattr(token, verb)())
        t.add(
            "states", [[each.state, each.running_tools, sorted(each.running_tool_names)] for each in tokens]
        )


async def _retry(t: Trace, program: dict[str, Any]) -> None:
    """`options` of a RetryConfig without jitter, `calls` of [attempt, retry_after, delay_multiplier]."""
    config = RetryConfig(jitter=False, **program["options"])
    for attempt, after, multiplier in program["calls"]:
        delay = await t.attempt(
            "delay", lambda a=attempt, r=after, m=multiplier: compute_delay(config, a, r, m)
        )
        if isinstance(delay, float):
            # Powers may differ in their last bits between maths libraries, and so may the sign of nothing.
            t.entries[-1][1] = f"{delay + 0.0:.12g}"


async def _dispatch(t: Trace, program: dict[str, Any]) -> None:
    """`plan` (the session section) and `results` (fields of hook results)."""

    class Host:
        async def add_message(self, message: Any) -> None:
            t.add("added", message)

        def show_message(self, *args: Any) -> None:
            t.add("shown", args)

        async def request_approval(self, *args: Any) -> str:
            t.add("asked", args)
            return program["answer"]

    session = SimpleNamespace(session_id="s", parent_id=None, config={"session": program["plan"]})
    c: Any = ModuleCoordinator(session, Host(), Host())
    c.mount_points["context"] = Host()
    for fields in program["results"]:
        items = [ContextInjection(**item) for item in fields.pop("context_injections", [])]
        result = HookResult(**fields, context_injections=items)
        await t.attempt("result", lambda result=result: c.process_hook_result(result, "ev", "hk"))
        t.add("counted", c._current_turn_injections)


async def _sessions(t: Trace, program: dict[str, Any]) -> None:
    """`modules` of {place, fails}, `handlers` (as of `_hooks`), `steps` of the orchestrator, `prompts`."""
    await _session(t, program, None)


async def _session(t: Trace, program: dict[str, Any], parent: AmplifierSession | None) -> None:
    plan: dict[str, Any] = {"session": {"orchestrator": "o", "context": "c"}, "providers": [{"module": "p"}]}
    plan["tools"] = [{"module": f"t{n}"} for n in range(len(program["modules"]))]
    loader = _Loader(t, program)
    session = AmplifierSession(plan, parent_id=parent.session_id if parent else None)
    session.coordinator.loader = loader
    loader.session = session
    for number, spec in enumerate(program["handlers"]):

        async def handler(event: str, data: Any, number: int = number, spec: Any = spec) -> Any:
            t.add(f"{number} hears {event}", sorted(data))
            if spec["result"] == "raise":
                raise ValueError("raised")
            return spec["result"]

        session.coordinator.hooks.register(spec["event"], handler, spec["priority"], f"h{number}")
    await t.attempt("initialize", session.initialize)
    for prompt in program["prompts"]:
        await t.attempt("execute", lambda prompt=prompt: session.execute(prompt))
    t.add("end", [session.coordinator.cancellation.state, sorted(session.coordinator.get("tools") or {})])
    await t.attempt("cleanup", session.cleanup)


class _Loader:
    """Mounts what the plan names, as the program says."""

    session: AmplifierSession | None = None

    def __init__(self, t: Trace, program: dict[str, Any]) -> None:
        self._t = t
        self._program = program

    def get_on_session_ready_queue(self) -> list[Any]:
        return []

    def clear_on_session_ready_queue(self) -> None:
        pass

    async def load(self, module: str, *_: Any, **__: Any) -> Any:
        spec = self._program["modules"][int(module[1:])] if module[0] == "t" else {"fails": ""}
        if spec["fails"] == "load":
            raise ValueError(f"load {module}")

        async def mount(c: Any) -> Any:
            await asyncio.sleep(0)
            if spec["fails"] == "mount":
                raise RuntimeError(f"mount {module}")
            place = {"o": "orchestrator", "c": "context", "p": "providers", "t": "tools"}[module[0]]
            await c.mount(place, self if module == "o" else SimpleNamespace(name=module))

            async def cleanup() -> None:
                self._t.add("cleanup", module)
                if spec["fails"] == "cleanup":
                    raise ValueError("cleanup")

            return cleanup

        return mount

    async def execute(self, prompt: str, hooks: Any = None, coordinator: Any = None, **_: Any) -> str:
        for verb, given in self._program["steps"]:
            if verb == "emit":
                await self._t.attempt("emit", lambda given=given: hooks.emit(given, {"prompt": prompt}))
            elif verb == "cancel":
                await coordinator.request_cancel(given == "now")
            elif verb == "raise":
                raise KeyError(given)
            elif verb == "wait":
                await asyncio.sleep(0)
            elif verb == "child" and "child" in self._program:
                child = {**self._program["child"], "prompts": [given]}
                await _session(self._t, child, self.session)
        return f"answer to {prompt}"


_KINDS = {
    "sessions": _sessions,
    "hooks": _hooks,
    "data": _data,
    "mounts": _mounts,
    "cancellation": _cancellation,
    "retry": _retry,
    "dispatch": _dispatch,
}
