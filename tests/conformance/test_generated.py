"""Generated programs on the native engine and on ours, each in a process that answers line by line."""

import json
import math
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path(__file__).resolve().parent
ANSWER_WITHIN_S = 60
EFFORT = int(os.environ.get("CONFORMANCE_EFFORT", "1"))  # above 1: more examples, new ones each time


class Engine:
    """A runner that serves programs."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "runner.py"), "--engine", name, "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._selector = selectors.DefaultSelector()
        assert self._process.stdout
        self._selector.register(self._process.stdout, selectors.EVENT_READ)

    def ask(self, program: Any) -> Any:
        """The trace of a program."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(program) + "\n")
        self._process.stdin.flush()
        assert self._selector.select(ANSWER_WITHIN_S), "the engine does not answer"
        line = self._process.stdout.readline()
        assert line, f"the engine ended with {self._process.wait(5)}"
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(10)


@pytest.fixture(scope="module")
def engines() -> Iterator[list[Engine]]:
    pair = [Engine("native"), Engine("kernel")]
    yield pair
    for engine in pair:
        engine.close()


def agree(engines: list[Engine], program: dict[str, Any]) -> None:
    native, kernel = (engine.ask(program) for engine in engines)
    assert kernel == native


def often(count: int) -> Any:
    return settings(
        max_examples=count * EFFORT,
        derandomize=EFFORT == 1,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


text = st.text(st.characters(codec="utf-8"), max_size=12)
# Eighths: the native engine's JSON parser loses the last bit of some floats (see differences.py), and makes
# floats of integers past 64 bits.
eighths = st.integers(-(10**6), 10**6).map(lambda n: n / 8)
plain_scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | eighths | text
scalars = plain_scalars | st.sampled_from([math.nan, math.inf, -math.inf])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
plain_dicts = st.dictionaries(st.sampled_from("abc"), plain_scalars, max_size=3)
roles = st.sampled_from(["system", "user", "assistant"])
injections = st.fixed_dictionaries(
    {"content": text},
    optional={
        "role": roles,
        "ephemeral": st.booleans(),
        "append_to_last_tool_result": st.booleans(),
        "hook_name": text,
        "event": text,
    },
)
results = st.fixed_dictionaries(
    {
        "action": st.sampled_from(
            ["continue", "deny", "modify", "inject_context", "inject_context", "ask_user"]
        )
    },
    optional={
        "data": st.none() | plain_dicts,
        "reason": st.none() | text,
        "context_injection": st.none() | text,
        "context_injection_role": roles,
        "ephemeral": st.booleans(),
        "append_to_last_tool_result": st.booleans(),
        "approval_prompt": st.none() | text,
        "approval_options": st.none() | st.lists(text, max_size=2),
        "approval_timeout": st.integers(0, 800).map(lambda n: n / 8),
        "approval_default": st.sampled_from(["allow", "deny"]),
        "suppress_output": st.booleans(),
        "user_message": st.none() | text,
        "user_message_level": st.sampled_from(["info", "warning", "error"]),
        "user_message_source": st.none() | text,
        "context_injections": st.lists(injections, max_size=3),
    },
)
# Mostly sound results, now and then a field of any kind.
returned = (
    results
    | st.sampled_from([None, "raise", "junk", {}])
    | st.builds(
        lambda result, field, value: {**result, field: value},
        results,
        st.sampled_from(
            ["action", "data", "ephemeral", "approval_options", "approval_timeout", "context_injections"]
        ),
        values,
    )
)


@often(500)
@given(
    defaults=plain_dicts,
    handlers=st.lists(
        st.fixed_dictionaries(
            {"priority": st.integers(-2, 2), "name": st.integers(0, 2), "result": returned}
        ),
        max_size=5,
    ),
    removed=st.lists(st.integers(0, 3), max_size=2),
    data=plain_dicts,
)
def test_hook_chains(engines: list[Engine], **program: Any) -> None:
    agree(engines, {"kind": "hooks", **program})


@often(350)
@given(data=values | st.dictionaries(text, values, max_size=4))
def test_event_data(engines: list[Engine], data: Any) -> None:
    agree(engines, {"kind": "data", "data": data})


@often(150)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["mount", "mount", "unmount", "get"]),
            st.sampled_from(["tools", "providers", "orchestrator", "context", "hooks", "other"]),
            st.sampled_from([None, "a", "own1", ""]),
        ),
        max_size=12,
    )
)
def test_mounts(engines: list[Engine], steps: Any) -> None:
    agree(engines, {"kind": "mounts", "steps": steps})


@often(150)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "request_graceful",
                    "request_immediate",
                    "request_cancellation",
                    "reset",
                    "register_child",
                    "register_child",
                    "unregister_child",
                    "register_tool_start",
                    "register_tool_complete",
                ]
            ),
            st.integers(0, 3),
            st.integers(0, 3),
        ),
        max_size=15,
    )
)
def test_cancellation(engines: list[Engine], steps: Any) -> None:
    agree(engines, {"kind": "cancellation", "steps": steps})


@often(200)
@given(
    options=st.fixed_dictionaries(
        {},
        optional={
            "max_retries": st.integers(-1, 2**33),
            "initial_delay": st.floats(),
            "max_delay": st.floats(),
            "backoff_factor": st.floats(-10, 10) | st.floats(),
            "honor_retry_after": st.booleans(),
        },
    ),
    calls=st.lists(
        st.tuples(
            st.integers(-1, 40) | st.integers(0, 2**31 - 1), st.none() | st.floats(), st.none() | st.floats()
        ),
        max_size=5,
    ),
)
def test_retry(engines: list[Engine], **program: Any) -> None:
    agree(engines, {"kind": "retry", **program})


@often(350)
@given(
    plan=st.fixed_dictionaries(
        {},
        optional={"injection_budget_per_turn": st.integers(0, 4), "injection_size_limit": st.integers(0, 10)},
    ),
    results=st.lists(results, max_size=4),
    answer=st.sampled_from(["Allow", "deny", "other"]),
)
def test_dispatch(engines: list[Engine], **program: Any) -> None:
    agree(engines, {"kind": "dispatch", **program})


heard = st.sampled_from(
    ["session:start", "session:end", "execution:start", "cancel:requested", "module:load_failed", "x"]
)
sessions = st.fixed_dictionaries(
    {
        "modules": st.lists(
            st.fixed_dictionaries({"fails": st.sampled_from(["", "", "load", "mount", "cleanup"])}),
            max_size=3,
        ),
        "handlers": st.lists(
            st.fixed_dictionaries({"event": heard, "priority": st.integers(-2, 2), "result": returned}),
            max_size=4,
        ),
        "steps": st.lists(
            st.tuples(st.just("emit"), heard)
            | st.tuples(st.just("cancel"), st.sampled_from(["now", "later"]))
            | st.tuples(st.just("raise"), text)
            | st.tuples(st.just("wait"), st.just(""))
            | st.tuples(st.just("child"), text),
            max_size=5,
        ),
        "prompts": st.lists(text, max_size=2),
    }
)


@often(300)
@given(session=sessions, child=sessions)
def test_sessions(engines: list[Engine], session: Any, child: Any) -> None:
    agree(engines, {"kind": "sessions", **session, "child": child})
