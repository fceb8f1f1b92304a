"""amplifier_core's structural and behavioural suites, over a module of each kind, on both engines."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent


def _validated(engine: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(HERE / "validate.py"), engine],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    assert done.returncode == 0, done.stdout[-5000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def kernel() -> Any:
    return _validated("kernel")


def test_it_runs_on_our_engine(kernel: Any) -> None:
    assert kernel["engine"].startswith("py_app.kernel")


@pytest.mark.parametrize("kind", ["provider", "tool", "hooks", "loop", "context"])
def test_every_check_of_a_kind_passes(kernel: Any, kind: str) -> None:
    outcomes = {name: how for name, how in kernel["outcomes"].items() if f"module-{kind}-" in name}
    assert len(outcomes) > 3
    assert set(outcomes.values()) == {"passed"}, outcomes


def test_the_native_engine_passes_the_same(kernel: Any) -> None:
    assert _validated("native")["outcomes"] == kernel["outcomes"]
