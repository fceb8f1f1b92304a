"""Registering, ordering, data on its way to handlers, default fields."""

import datetime
import decimal
import enum
import math
import pathlib
from typing import Any

from amplifier_core import HookRegistry, HookResult
from tracing import Trace, without_time


class _Colour(enum.IntEnum):
    RED = 1


class _Name(str):
    __slots__ = ()


def _recorder(t: Trace, label: str = "handler") -> Any:
    async def handler(event: str, data: Any) -> HookResult:
        t.add(label, [event, without_time(data)])
        return HookResult()

    return handler


async def no_handlers(t: Trace) -> None:
    hooks = HookRegistry()
    t.add("empty", await hooks.emit("x", {}))
    t.add("data", await hooks.emit("x", {"a": [1, {"b": None}]}))
    t.add("list", await hooks.emit("x", [1]))


async def one_handler(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    t.add("result", await hooks.emit("x", {"a": 1, "b": (1, 2), "c": {3: 4, None: 5, True: 6, 1.5: 7}}))


async def key_order(t: Trace) -> None:
    hooks = HookRegistry()

    async def keys(_: str, data: Any) -> None:
        t.add("keys", [list(data), list(data["nested"])])

    hooks.register("x", keys)
    await hooks.emit("x", {"z": 1, "nested": {"y": 1, "b": 2}, "é": 1, "A": 1, "_": 2})


async def odd_values(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    values = {
        "date": datetime.datetime(2020, 1, 1),
        "decimal": decimal.Decimal("1.50"),
        "enum": _Colour.RED,
        "name": _Name("n"),
        "path": pathlib.PurePosixPath("/a/b"),
        "set": {1},
        "bytes": b"1",
        "object": object(),
        "model": HookResult(),
        "generator": (i for i in ()),
        "emoji": "😀",
        "pair": "\ud83d\ude00",
        "control": "\x00\x1f\u2028",
    }
    for name, value in values.items():
        await t.attempt(name, lambda value=value: hooks.emit("x", {"v": value}))


async def numbers(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    numbers = [
        2**63,
        2**64 - 1,
        2**64,
        2**70,
        -(2**63),
        -(2**63) - 1,
        1.0,
        -0.0,
        1e16,
        1e-7,
        0.1 + 0.2,
        5e-324,
    ]
    for number in numbers:
        await t.attempt(repr(number), lambda number=number: hooks.emit("x", {"v": number}))


async def floats_in_full(t: Trace) -> None:
    hooks = HookRegistry()
    t.add("last bit", await hooks.emit("x", {"v": 5.960464477539063e-08}))


async def not_json(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    circle: dict[str, Any] = {}
    circle["circle"] = circle
    for label, data in {
        "nan": {"s": "NaN", "a": math.nan},
        "inf": {"a": [math.inf]},
        "-inf": {"a": -math.inf},
        "high surrogate": {"a": "\ud800"},
        "low surrogate": {"a": "x\udc00y"},
        "two high": {"a": "\ud800\ud800"},
        "tuple key": {(1, 2): 1},
        "surrogate key": {"\ud800": 1},
        "circle": circle,
    }.items():
        await t.attempt(label, lambda data=data: hooks.emit("x", data))


async def nesting(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    for levels in (100, 125, 126, 127, 128, 300):
        value: Any = 1
        for _ in range(levels):
            value = [value]
        await t.attempt(str(levels), lambda value=value: hooks.emit("x", {"a": value}))


async def data_that_is_no_dict(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.set_default_fields(session_id="s")
    hooks.register("x", _recorder(t))
    for data in ([1], None, "text", 3, True, HookResult(reason="r")):
        await t.attempt(repr(type(data).__name__), lambda data=data: hooks.emit("x", data))


async def models_as_data(t: Trace) -> None:
    class Dumps:
        def model_dump(self, **options: Any) -> Any:
            return {"options": sorted(options)}

    class DumpsPlain:
        def model_dump(self) -> Any:
            return {"plain": 1}

    class Fails:
        def model_dump(self) -> Any:
            raise ValueError("no")

    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    for data in (Dumps(), DumpsPlain(), Fails()):
        await t.attempt(type(data).__name__, lambda data=data: hooks.emit("x", data))


async def str_that_fails(t: Trace) -> None:
    class Bad:
        def __str__(self) -> str:
            raise ValueError("no text")

    await t.attempt("emit", lambda: HookRegistry().emit("x", {"a": Bad()}))


async def errors_at_the_call(t: Trace) -> None:
    hooks = HookRegistry()
    for data in ({"a": math.nan}, {(1,): 2}):
        try:
            coroutine = hooks.emit("x", data)
        except Exception as error:
            t.add("at the call", type(error).__name__)
        else:
            t.add("later")
            coroutine.close()


async def argument_types(t: Trace) -> None:
    hooks = HookRegistry()
    noop = _recorder(t)
    await t.attempt("event", lambda: hooks.register(1, noop))  # type: ignore[arg-type]
    await t.attempt("priority text", lambda: hooks.register("x", noop, "a"))  # type: ignore[arg-type]
    await t.attempt("priority float", lambda: hooks.register("x", noop, 1.5))  # type: ignore[arg-type]
    await t.attempt("priority big", lambda: hooks.register("x", noop, 2**40))
    await t.attempt("priority small", lambda: hooks.register("x", noop, -(2**40)))
    await t.attempt("name", lambda: hooks.register("x", noop, 1, 5))  # type: ignore[arg-type]
    await t.attempt("emit event", lambda: hooks.emit(3, {}))  # type: ignore[arg-type]
    await t.attempt("emit none", lambda: hooks.emit(None, {}))  # type: ignore[arg-type]
    await t.attempt("unknown keyword", lambda: hooks.register("x", noop, foo=1))  # type: ignore[call-arg]
    await t.attempt("no handler", lambda: hooks.register("x"))  # type: ignore[call-arg]
    await t.attempt("unregister", lambda: hooks.unregister(3))  # type: ignore[arg-type]
    await t.attempt("list", lambda: hooks.list_handlers(3))  # type: ignore[arg-type]


async def order(t: Trace) -> None:
    hooks = HookRegistry()
    for name, priority in (("a", 5), ("b", 0), ("c", -5), ("d", 5), ("e", 0), ("f", 100)):
        hooks.register("x", _recorder(t, name), priority, name)
    t.add("list", hooks.list_handlers("x"))
    await hooks.emit("x", {})


async def names_and_lists(t: Trace) -> None:
    hooks = HookRegistry()
    noop = _recorder(t)
    t.add("unregister function", repr(hooks.register("x", noop)))
    t.add("named", repr(hooks.on("y", noop, name="it's")))
    t.add("all", hooks.list_handlers())
    t.add("one", hooks.list_handlers("x"))
    t.add("none", hooks.list_handlers("nope"))


async def unregistering(t: Trace) -> None:
    hooks = HookRegistry()
    noop = _recorder(t)
    first = hooks.register("x", noop, 5, "n")
    hooks.register("x", noop, 0, "n")
    hooks.on("y", noop, name="n")
    hooks.unregister("n")
    t.add("latest went", hooks.list_handlers())
    hooks.unregister("n")
    t.add("next went", hooks.list_handlers())
    first()
    first()
    t.add("own went", hooks.list_handlers())
    t.add("nothing left", hooks.unregister("n"))


async def changes_while_running(t: Trace) -> None:
    hooks = HookRegistry()

    async def add(_: str, __: Any) -> None:
        hooks.register("x", _recorder(t, "added"))
        remove()

    hooks.register("x", add)
    remove = hooks.register("x", _recorder(t, "removed"))
    await hooks.emit("x", {})
    t.add("second")
    await hooks.emit("x", {})


async def default_fields(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    hooks.set_default_fields(session_id="s", parent_id=None, z=(1,))
    await hooks.emit("x", {})
    await hooks.emit("x", {"session_id": "own", "parent_id": None})
    hooks.set_default_fields(foo=object)
    await hooks.emit("x", {})
    await t.attempt("nan", lambda: hooks.set_default_fields(a=math.nan))
    await hooks.emit("x", {})
    hooks.set_default_fields()
    await hooks.emit("x", {})


async def timestamps(t: Trace) -> None:
    hooks = HookRegistry()

    async def see(_: str, data: Any) -> None:
        t.add("timestamp", data.get("timestamp"))

    hooks.register("x", see)
    await hooks.emit("x", {"timestamp": "mine"})
    hooks.set_default_fields(timestamp="default")
    t.add("result", await hooks.emit("x", {}))


async def handlers_have_their_own_copy(t: Trace) -> None:
    hooks = HookRegistry()

    async def spoil(_: str, data: Any) -> None:
        data["nested"]["b"] = 2
        data["new"] = 1

    data = {"nested": {"a": [1]}}
    hooks.register("x", spoil)
    hooks.register("x", _recorder(t))
    t.add("result", await hooks.emit("x", data))
    t.add("given", data)


async def data_is_read_at_the_call(t: Trace) -> None:
    hooks = HookRegistry()
    hooks.register("x", _recorder(t))
    data = {"n": 1}
    coroutine = hooks.emit("x", data)
    data["n"] = 2
    await coroutine


async def kinds_of_handlers(t: Trace) -> None:
    class Calls:
        async def __call__(self, _: str, __: Any) -> Any:
            return {"action": "deny", "reason": "callable object"}

    class Awaitable:
        def __await__(self) -> Any:
            yield from ()
            return {"action": "deny"}

    def plain(_: str, __: Any) -> HookResult:
        return HookResult(action="deny", reason="plain")

    def raises(_: str, __: Any) -> None:
        raise ValueError("plain")

    async def raises_async(_: str, __: Any) -> None:
        raise KeyError("async")

    handlers = {
        "object": Calls(),
        "plain": plain,
        "lambda coroutine": lambda e, d: Calls()(e, d),
        "awaitable": lambda e, d: Awaitable(),
        "raises": raises,
        "raises async": raises_async,
        "arity": lambda e: None,
        "number": 3,
    }
    for label, handler in handlers.items():
        hooks = HookRegistry()
        hooks.register("x", handler)
        hooks.register("x", _recorder(t, "next"))
        await t.attempt(label, lambda hooks=hooks: hooks.emit("x", {"a": 1}))


async def nested_emit(t: Trace) -> None:
    hooks = HookRegistry()

    async def inner(_: str, data: Any) -> HookResult:
        return HookResult(action="modify", data={"from": data["n"]})

    async def outer(_: str, data: Any) -> Any:
        t.add("inner gave", await hooks.emit("inner", data))

    hooks.register("outer", outer)
    hooks.register("inner", inner)
    t.add("outer gave", await hooks.emit("outer", {"n": 1}))
