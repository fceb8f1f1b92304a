"""`build.py test`: check, then the suites, each in processes of its own, two at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from . import site
from .base import ROOT, say
from .browser import ensure_chromium
from .toolchain import NODE_MODULES, VENV_PYTHON

SUITES = ("unit", "conformance", "pyodide", "browser")
_NEED_CHROMIUM = {"pyodide", "browser"}
_QUICK = ("unit", "conformance", "browser")
# Folders of the browser suite that take longest: what begins last should end soon.
_LONGEST = ("engines", "vision", "chat")
# A browser waits about as long as it computes: two keep the cores of a small machine busy.
_AT_ONCE = 2
_TIMEOUT_S = 3000
_SLOWEST = 20


@dataclass(frozen=True)
class _Job:
    """Commands that run one after the other, whatever the one before said."""

    name: str
    commands: Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Outcome:
    passed: bool
    seconds: float
    output: str = ""


def test(only: str | None, arguments: Sequence[str], *, quick: bool) -> int:
    """Runs one suite, or check and all of them; returns 0 when all passed.

    `quick` leaves out check, pyodide, and all of the browser suite but its journeys. `arguments` go to
    pytest; then each suite is one process, and one follows the other.
    """
    site.build()
    suites = (only,) if only else _QUICK if quick else SUITES
    if _NEED_CHROMIUM & set(suites):
        os.environ["CHROMIUM"] = ensure_chromium()
    with tempfile.TemporaryDirectory() as times:
        jobs = [] if only or quick else [_Job("check", [[sys.executable, "build.py", "check"]])]
        for suite in reversed(suites):
            jobs += _jobs(suite, arguments, times, quick=quick)
        outcomes = _run_all(jobs, 1 if arguments else _AT_ONCE)
        if len(jobs) > 1:
            _print_tests(Path(times))
    for job in jobs:
        outcome = outcomes[job.name]
        verdict = "passed" if outcome.passed else "FAILED"
        closing = outcome.output.rstrip().rpartition("\n")[2] if job.name != "check" else ""
        print(f"suite {job.name}: {verdict} in {outcome.seconds:.0f} s {closing}".rstrip(), flush=True)
    failed = [name for name, outcome in outcomes.items() if not outcome.passed]
    print(f"test: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


def _jobs(suite: str, arguments: Sequence[str], times: str, *, quick: bool) -> Iterable[_Job]:
    """What runs a suite: several jobs for that of the browser, whose folders do not know each other."""
    if suite == "browser" and quick:
        arguments = ["-m", "journey", *arguments]
    if suite == "browser" and not arguments:
        folders = {path.parent.name for path in (ROOT / "tests" / "browser").glob("*/test_*.py")}
        for folder in sorted(folders, key=lambda name: (*_LONGEST, name).index(name)):
            yield _Job(f"browser/{folder}", [_pytest(f"browser/{folder}", arguments, times)])
        return
    scripts = map(str, sorted((ROOT / "tests" / "unit" / "ts").rglob("*.test.ts")))
    # Node waits for ever for a test that never ends.
    runner = [str(NODE_MODULES / ".bin" / "tsx"), "--test", "--test-timeout=120000"]
    typescript = [[*runner, *scripts]] if suite == "unit" else []
    yield _Job(suite, [*typescript, _pytest(suite, arguments, times)])


def _pytest(folder: str, arguments: Sequence[str], times: str) -> list[str]:
    """The command for tests/FOLDER, or for what of it `arguments` name."""
    named = any(argument.startswith("tests/") for argument in arguments)
    report = f"--junitxml={times}/{folder.replace('/', '-')}.xml"
    return [str(VENV_PYTHON), "-m", "pytest", *([] if named else [f"tests/{folder}"]), report, *arguments]


def _run_all(jobs: Sequence[_Job], at_once: int) -> dict[str, _Outcome]:
    """Runs them in their order. What several say at a time is printed whole, as each one ends."""
    if len(jobs) == 1 or at_once == 1:
        return {job.name: _run(job, live=True) for job in jobs}
    outcomes: dict[str, _Outcome] = {}
    with ThreadPoolExecutor(at_once) as pool:
        running = {pool.submit(_run, job, live=False): job for job in jobs}
        try:
            for done in as_completed(running):
                name, outcome = running[done].name, done.result()
                outcomes[name] = outcome
                print(f"\n===== {name}\n{outcome.output.rstrip()}\n", flush=True)
        except BaseException:  # Ctrl+C: what has not begun never does
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return outcomes


def _run(job: _Job, *, live: bool) -> _Outcome:
    """Runs one. What it says goes to the terminal (`live`), or into the outcome."""
    say(f"running {job.name}")
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as file:
        output = None if live else file
        succeeded = [_succeeds(command, output) for command in job.commands]
        file.seek(0)
        return _Outcome(all(succeeded), time.monotonic() - began, file.read())


def _succeeds(command: Sequence[str], output: IO[str] | None) -> bool:
    errors = subprocess.STDOUT if output else None
    try:
        done = subprocess.run(
            command, cwd=ROOT, timeout=_TIMEOUT_S, check=False, stdout=output, stderr=errors
        )
    except subprocess.TimeoutExpired:
        print(f"no end after {_TIMEOUT_S} s: {' '.join(command[:4])} …", file=output, flush=True)
        return False
    return done.returncode == 0


def _print_tests(times: Path) -> None:
    """Names the tests of all suites that took longest, and those that failed, as each pytest reported."""
    took: list[tuple[float, str]] = []
    failed: list[str] = []
    for report in times.glob("*.xml"):
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.get('classname')}::{case.get('name')}"
            took.append((float(case.get("time", 0)), name))
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
    slowest = sorted(took, reverse=True)[:_SLOWEST]
    print(f"\nthe slowest {len(slowest)} of {len(took)} tests:")
    for seconds, name in slowest:
        print(f"{seconds:7.1f} s  {name}")
    print()
    for name in failed:
        print(f"FAILED {name}")
