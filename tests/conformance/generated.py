"""Programs that a test generates: JSON in, trace out. See test_generated.py for how they are made."""

from types import SimpleNamespace
from typing import Any

from amplifier_core import CancellationToken, ContextInjection, HookRegistry, HookResult, ModuleCoordinator
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


_KINDS = {
    "hooks": _hooks,
    "data": _data,
    "mounts": _mounts,
    "cancellation": _cancellation,
    "retry": _retry,
    "dispatch": _dispatch,
}
