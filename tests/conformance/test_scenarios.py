"""The written scenarios on the native engine and on ours."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from compare import Traces, differing  # noqa: E402
from differences import DIFFERENCES  # noqa: E402


def traces_of(engine: str) -> Traces:
    """All scenarios on one engine, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(HERE / "runner.py"), "--engine", engine],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def native() -> Traces:
    return traces_of("native")


@pytest.fixture(scope="module")
def kernel() -> Traces:
    return traces_of("kernel")


@pytest.fixture(scope="module")
def found(native: Traces, kernel: Traces) -> dict[str, tuple[Any, Any]]:
    return differing(native, kernel)


def test_there_are_enough_scenarios(native: Traces) -> None:
    assert len(native) >= 40
    assert all(len(entries) > 1 for entries in native.values())


def test_no_scenario_breaks(kernel: Traces) -> None:
    broken = {name: entries[-1] for name, entries in kernel.items() if entries[-1] != ["end", None]}
    assert not broken


def test_engines_agree_but_for_the_listed_differences(found: dict[str, tuple[Any, Any]]) -> None:
    unlisted = {key: found[key] for key in found.keys() - DIFFERENCES.keys()}
    assert not unlisted, json.dumps(unlisted, indent=1)


def test_listed_differences_are_still_there(found: dict[str, tuple[Any, Any]]) -> None:
    assert not DIFFERENCES.keys() - found.keys()


def test_every_difference_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in DIFFERENCES.values())
