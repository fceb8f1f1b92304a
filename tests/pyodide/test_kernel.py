"""The conformance scenarios in Pyodide, against the native engine on CPython."""

import base64
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

CONFORMANCE = Path(__file__).resolve().parents[1] / "conformance"
sys.path.insert(0, str(CONFORMANCE))

from compare import Traces, differing  # noqa: E402
from differences import DIFFERENCES  # noqa: E402
from test_scenarios import traces_of  # noqa: E402

_RUN = """
import base64, io, json, sys, tarfile
import py_app.kernel
py_app.kernel.install()
tarfile.open(fileobj=io.BytesIO(base64.b64decode("%s"))).extractall("/tmp/conformance", filter="data")
sys.path.insert(0, "/tmp/conformance")
import runner
json.dumps(await runner.run_all())
"""


def _scenario_sources() -> str:
    """The runner and the scenarios as a tar archive in base64."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path in [
            CONFORMANCE / "runner.py",
            CONFORMANCE / "tracing.py",
            *CONFORMANCE.glob("scenarios/*.py"),
        ]:
            archive.add(path, path.relative_to(CONFORMANCE))
    return base64.b64encode(packed.getvalue()).decode()


@pytest.fixture(scope="module")
def in_pyodide(selenium_module_scope: Any) -> Traces:
    selenium = selenium_module_scope
    selenium.load_package(["amplifier-core", "alcove"])
    selenium.set_script_timeout(120)
    return json.loads(selenium.run_async(_RUN % _scenario_sources()))


@pytest.fixture(scope="module")
def native() -> Traces:
    return traces_of("native")


def test_no_scenario_breaks(in_pyodide: Traces) -> None:
    broken = {name: entries[-1] for name, entries in in_pyodide.items() if entries[-1] != ["end", None]}
    assert not broken


def test_only_the_listed_differences(native: Traces, in_pyodide: Traces) -> None:
    found = differing(native, in_pyodide)
    unlisted = {key: found[key] for key in found.keys() - DIFFERENCES.keys()}
    assert not unlisted, json.dumps(unlisted, indent=1)
    assert not DIFFERENCES.keys() - found.keys()
