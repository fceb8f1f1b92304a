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

from . import reports, site
from .base import ROOT, say
from .browser import ensure_chromium
from .bundle import bundle_unit_tests
from .toolchain import VENV_PYTHON

SUITES = ("unit", "conformance", "pyodide", "browser")
_NEED_CHROMIUM = {"pyodide", "browser"}
_QUICK = ("unit", "conformance", "browser")
# Folders of the browser suite that take longest come first: what begins last should end soon.
_LONGEST = ("chat", "engines", "models", "vision", "agents", "safety", "hosts")
# As deep as their sources, which find files of the project from where they are.
_UNIT_SCRIPTS = ROOT / ".cache" / "unit" / "ts"
# A browser waits about as long as it computes: two keep the cores of a small machine busy.
_AT_ONCE = 2
_TIMEOUT_S = 3000
# More failures than these in a folder are no accident.
_MOST_AGAIN = 6


@dataclass(frozen=True)
class _Job:
    """Commands that run one after the other, whatever the one before said."""

    name: str
    commands: Sequence[Sequence[str]]
    # Where its pytest reports, if the tests that failed are to be run once more.
    report: Path | None = None


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
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder)
        jobs = [] if only or quick else [_Job("check", [[sys.executable, "build.py", "check"]])]
        for suite in reversed(suites):
            jobs += _jobs(suite, arguments, results, quick=quick)
        outcomes = _run_all(jobs, 1 if arguments else _AT_ONCE)
        if len(jobs) > 1:
            reports.print_tests(results)
    for job in jobs:
        outcome = outcomes[job.name]
        verdict = "passed" if outcome.passed else "FAILED"
        closing = outcome.output.rstrip().rpartition("\n")[2] if job.name != "check" else ""
        print(f"suite {job.name}: {verdict} in {outcome.seconds:.0f} s {closing}".rstrip(), flush=True)
    failed = [name for name, outcome in outcomes.items() if not outcome.passed]
    print(f"test: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


def _jobs(suite: str, arguments: Sequence[str], results: Path, *, quick: bool) -> Iterable[_Job]:
    """What runs a suite: several jobs for that of the browser, whose folders do not know each other."""
    if suite == "browser" and quick:
        arguments = ["-m", "journey", *arguments]
    if suite == "browser" and not arguments:
        folders = {path.parent.name for path in (ROOT / "tests" / "browser").glob("*/test_*.py")}
        for folder in sorted(folders, key=lambda name: (*_LONGEST, name).index(name)):
            report = results / f"browser-{folder}.xml"
            yield _Job(f"browser/{folder}", [_pytest([f"tests/browser/{folder}"], report)], report)
        return
    if suite == "unit":
        yield _Job("unit/ts", [_node()])
    named = any(argument.startswith("tests/") for argument in arguments)
    tests = [*([] if named else [f"tests/{suite}"]), *arguments]
    yield _Job(suite, [_pytest(tests, results / f"{suite}.xml")])


def _node() -> list[str]:
    scripts = map(str, bundle_unit_tests(_UNIT_SCRIPTS))
    # Node waits for ever for a test that never ends. Each file is a process that mostly waits.
    flags = ["--enable-source-maps", "--test", "--test-timeout=120000", f"--test-concurrency={_AT_ONCE}"]
    return ["node", *flags, *scripts]


def _pytest(arguments: Sequence[str], report: Path) -> list[str]:
    return [str(VENV_PYTHON), "-m", "pytest", *arguments, f"--junitxml={report}"]


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
        passed = all(succeeded)
        if not passed and job.report:
            passed = _passes_again(job.report, output)
        file.seek(0)
        return _Outcome(passed, time.monotonic() - began, file.read())


def _passes_again(report: Path, output: IO[str] | None) -> bool:
    """Runs the tests that failed once more.

    Real engines in a real browser on a busy machine: a test that fails once and then passes is named,
    at the end of the run, and does not fail it.
    """
    tests = reports.failed_tests(report)
    if not 0 < len(tests) <= _MOST_AGAIN:
        return False
    print(f"once more: {', '.join(tests)}", file=output, flush=True)
    return _succeeds(_pytest(tests, report.with_suffix(".again.xml")), output)


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
