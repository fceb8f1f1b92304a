"""The interpreter: what it computes, what it keeps, and that whatever is run in it dies alone."""

from __future__ import annotations

import pytest
from asking import Run


def test_a_cell_gives_its_output_and_its_last_value(run: Run) -> None:
    ran = run("print('hello')\nx = 20\nx + 22")
    assert (ran["output"], ran["value"], ran["error"]) == ("hello\n", "42", None)
    assert run("x * 2")["value"] == "40"
    assert run("import asyncio\nawait asyncio.sleep(0.01)\nx = None\nx")["value"] is None


def test_what_is_raised_is_told_with_its_line(run: Run) -> None:
    ran = run("def half(n):\n    return n / 0\n\nhalf(3)")
    assert ran["error"].startswith("Traceback")
    assert "return n / 0" in ran["error"]
    assert ran["error"].endswith("ZeroDivisionError: division by zero")
    assert "runner" not in ran["error"]
    assert "SyntaxError" in run("def (")["error"]
    assert run("input()")["error"].endswith("EOFError: EOF when reading a line")
    assert run("raise SystemExit(3)")["output"].strip() == "The code ended itself with 3."


def test_too_much_output_is_shortened_and_said(run: Run) -> None:
    ran = run("for i in range(30_000): print('line', i)")
    assert len(ran["output"]) < 21_000
    assert "more characters were left out" in ran["output"]
    assert len(run("'x' * 10_000_000")["value"]) < 21_000


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(1)", "engine-crashed"),
        ("import time; time.sleep(60)", "timeout"),
        ("import asyncio; await asyncio.sleep(60)", "timeout"),
    ],
)
def test_what_never_ends_dies_alone(run: Run, code: str, why: str) -> None:
    run("kept = 1")
    assert run(code, 1)["failed"] == why
    ran = run("'kept' in globals()")
    assert (ran["value"], ran["lost"]) == ("False", True)


def test_all_memory(run: Run) -> None:
    ran = run("hoard = []\nwhile True: hoard.append(bytearray(10_000_000))", 30)
    assert (ran["error"], ran["exhausted"]) == ("MemoryError", True)
    assert run("1 + 1")["value"] == "2"


def test_tasks_that_breed_die_with_their_call(run: Run) -> None:
    breed = """
import asyncio
async def breed():
    while True:
        for _ in range(3): asyncio.create_task(breed())
        await asyncio.sleep(0)
asyncio.create_task(breed())
born = 1
"""
    run(breed, 5)
    assert run("1 + 1")["value"] == "2"
