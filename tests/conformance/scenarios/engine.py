"""The engine module itself: names, constants, what only the native engine does."""

from typing import Any

import amplifier_core
from amplifier_core import _engine as engine
from amplifier_core import capabilities, events
from tracing import Trace


async def names(t: Trace) -> None:
    t.add("all", engine.__all__)
    t.add("missing", [name for name in engine.__all__ if not hasattr(engine, name)])
    t.add("attribute of the package", amplifier_core._engine is engine)
    t.add("version", [engine.__version__, engine.RUST_AVAILABLE])


async def constants(t: Trace) -> None:
    plain = (str, bool, list)
    t.add(
        "values",
        {name: getattr(engine, name) for name in engine.__all__ if isinstance(getattr(engine, name), plain)},
    )
    t.add("events", events.ALL_EVENTS)
    t.add("capabilities", capabilities.ALL_WELL_KNOWN_CAPABILITIES)
    registry: Any = amplifier_core.HookRegistry
    t.add("registry", {name: getattr(registry, name) for name in dir(registry) if name.isupper()})


async def members(t: Trace) -> None:
    for name in (
        "RustSession",
        "RustHookRegistry",
        "RustCoordinator",
        "RustCancellationToken",
        "RetryConfig",
    ):
        t.add(name, [member for member in dir(getattr(engine, name)) if not member.startswith("_")])


async def sealed_classes(t: Trace) -> None:
    for name in ("RustSession", "RustHookRegistry", "RustCancellationToken", "RetryConfig", "ProviderError"):
        await t.attempt(name, lambda name=name: type("Own", (getattr(engine, name),), {}))
    await t.attempt("RustCoordinator", lambda: type("Own", (engine.RustCoordinator,), {}).__name__)


async def native_only(t: Trace) -> None:
    any_engine: Any = engine
    await t.attempt("wasm", lambda: any_engine.load_wasm_from_path("/no/such"))
    await t.attempt("wasm type", lambda: any_engine.load_wasm_from_path(3))
    await t.attempt(
        "mount wasm", lambda: any_engine.load_and_mount_wasm(engine.RustCoordinator(), "/no/such")
    )
    await t.attempt("from protobuf", lambda: any_engine.proto_chat_request_to_json(b""))
    await t.attempt("to protobuf", lambda: any_engine.json_to_proto_chat_response("{}"))
    await t.attempt("class", lambda: any_engine.WasmTool(), message=False)
