"""What a run says of tests that failed, once or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_steps.reports import failed_tests, print_tests


def _write(report: Path, module: str, **failed: bool) -> Path:
    cases = "".join(
        f'<testcase classname="{module}" name="{name}" time="1.5">{"<failure/>" if bad else ""}</testcase>'
        for name, bad in failed.items()
    )
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return report


def test_the_tests_that_failed(tmp_path: Path) -> None:
    report = _write(tmp_path / "browser-chat.xml", "tests.browser.chat.test_long", good=False, bad=True)
    assert failed_tests(report) == ["tests/browser/chat/test_long.py::bad"]
    assert failed_tests(_write(tmp_path / "fine.xml", "tests.unit.test_a", good=False)) == []
    assert failed_tests(tmp_path / "none.xml") == []


def test_what_failed_once_is_told_from_what_failed_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "browser-chat.xml", "tests.browser.chat.test_long", good=False, once=True, twice=True)
    _write(tmp_path / "browser-chat.again.xml", "tests.browser.chat.test_long", once=False, twice=True)
    print_tests(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert "the slowest 3 of 3 tests:" in lines
    assert "PASSED AT THE SECOND TRY tests.browser.chat.test_long::once" in lines
    assert "FAILED tests.browser.chat.test_long::twice" in lines
    assert not any("::good" in line and "FAILED" in line for line in lines)
