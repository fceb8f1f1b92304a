"""What pytest's reports (JUnit's XML) say of the tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_SLOWEST = 20


@dataclass(frozen=True)
class _Case:
    node: str  # FILE::TEST, from the root of the project
    name: str
    seconds: float
    failed: bool


def failed_tests(report: Path) -> list[str]:
    """The tests that failed, as pytest takes them; none without a report, because pytest itself ended."""
    return [case.node for case in _cases(report) if case.failed] if report.exists() else []


def print_tests(folder: Path) -> None:
    """Names the tests of all reports in `folder` that took longest, and those that failed.

    NAME.again.xml tells of the second try of what failed in NAME.xml.
    """
    again = {case.name: case for report in folder.glob("*.again.xml") for case in _cases(report)}
    firsts = [report for report in folder.glob("*.xml") if not report.match("*.again.xml")]
    cases = [case for report in firsts for case in _cases(report)]
    slowest = sorted(cases, key=lambda case: case.seconds, reverse=True)[:_SLOWEST]
    print(f"\nthe slowest {len(slowest)} of {len(cases)} tests:")
    for case in slowest:
        print(f"{case.seconds:7.1f} s  {case.name}")
    print()
    for case in cases:
        if case.failed:
            second = again.get(case.name)
            flaky = second is not None and not second.failed
            print(f"{'PASSED AT THE SECOND TRY' if flaky else 'FAILED'} {case.name}")


def _cases(report: Path) -> Iterator[_Case]:
    for case in ElementTree.parse(report).iter("testcase"):
        module = case.get("classname", "")
        failed = case.find("failure") is not None or case.find("error") is not None
        yield _Case(
            node=f"{module.replace('.', '/')}.py::{case.get('name')}",
            name=f"{module}::{case.get('name')}",
            seconds=float(case.get("time", 0)),
            failed=failed,
        )
