"""Where this engine knowingly differs from the native one, and why.

A key is `subject.scenario:label`, or `subject.scenario` where the traces differ in length. The conformance
test fails for a difference that is not listed here, and for an entry that no longer differs.
"""

_BROWSER = "needs the native engine; the error says what to do instead"
_TIMEOUT = "native panics with a Rust error; ours is a ValueError that names the bad value"

DIFFERENCES: dict[str, str] = {
    "session.cause:cause": "ours keeps the orchestrator's exception as the cause: its type is not lost",
    "hooks.floats_in_full:last bit": "native's JSON parser loses the last bit of some floats; ours is exact",
    "retry.attempts_past_31_bits:delay": "native's exponent wraps round there and gives no delay at all",
    "scheduling.turns_of_the_loop:others ran meanwhile": (
        "native runs every handler as a task of its own; ours runs it in place, 20 times faster, and "
        "gives the loop a turn only when the handler waits for something"
    ),
    "scheduling.tasks_of_handlers:same task": "handlers run in the emitter's task, in a context of their own",
    "scheduling.emit_that_nobody_awaits:ran by itself": (
        "there is no second thread in a browser: an emit runs when it is awaited"
    ),
    "scheduling.plain_handlers_and_the_loop:loop": (
        "native calls plain functions on a thread of its runtime; a browser has one thread, the loop's"
    ),
    "scheduling.cancelled_execute:log": (
        "native leaves the orchestrator running when the task that awaits execute() is cancelled; "
        "ours stops it"
    ),
    "scheduling.concurrent_initialize": "native loads every module twice; ours lets the second caller wait",
    "scheduling.odd_collect_time_outs:-1": _TIMEOUT,
    "scheduling.odd_collect_time_outs:inf": _TIMEOUT,
    "scheduling.odd_collect_time_outs:nan": _TIMEOUT,
    "engine.native_only:wasm": _BROWSER,
    "engine.native_only:mount wasm": _BROWSER,
    "engine.native_only:from protobuf": _BROWSER,
    "engine.native_only:to protobuf": _BROWSER,
}
