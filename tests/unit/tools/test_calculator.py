"""The calculator: exact as far as numbers can be, and nothing that makes it compute for ever."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mounted_tool import call

exact = pytest.mark.parametrize


@exact(
    ("expression", "result"),
    [
        ("1+1", "2"),
        ("0.1 + 0.2", "0.3"),
        ("2^100", "1267650600228229401496703205376"),
        ("1/3", "1/3"),
        ("1/8", "0.125"),
        ("-7 // 2", "-4"),
        ("-7 % 3", "2"),
        ("15% of 80", "12"),
        ("10%", "0.1"),
        ("1,234,567 + 1", "1234568"),
        ("max(1,234)", "234"),
        ("5!", "120"),
        ("3 × (4 − 1) ÷ 9", "1"),
        ("sqrt(2/8)", "0.5"),
        ("round(2.5)", "3"),
        ("round(-1.005, 2)", "-1.01"),
        ("gcd(2^200, 6^50)", str(2**50)),
        ("comb(52, 5)", "2598960"),
        ("0x1F + 1e3", "1031"),
        ("2 ** -2", "0.25"),
        ("100!/98! =", "9900"),
    ],
)
async def test_what_can_be_said_exactly_is(expression: str, result: str) -> None:
    output = (await call("calculator", expression=expression)).output
    assert (output["result"], output["exact"]) == (result, True)


async def test_what_cannot_is_said_to_25_digits() -> None:
    output = (await call("calculator", expression="sqrt(2)")).output
    assert output == {"result": "1.414213562373095048801689", "exact": False}
    assert (await call("calculator", expression="2/3")).output["decimal"] == "0.6666666666666666666666667"
    assert (await call("calculator", expression="sqrt(2) > 1.4142")).output["result"] is True


@exact(
    "expression",
    [
        "9**9**9",
        "9**9**9**9",
        "2**(2**40)",
        "(10**5000)**2 * 10**5000",
        "factorial(10**9)",
        "10**9999 * 10**9999",
        "1e999999999",
        "exp(exp(exp(9)))",
        "(" * 400 + "1" + ")" * 400,
        "-" * 1500 + "1",
        "9" * 2001,
        "comb(10**9, 5*10**8)",
        "+".join(["9**9"] * 300),
        "round(1, 10**9)",
    ],
)
async def test_nothing_takes_long(expression: str) -> None:
    began = time.perf_counter()
    await call("calculator", expression=expression)
    assert time.perf_counter() - began < 2


@exact(
    "expression",
    [
        "__import__('os').system('ls')",
        "(1).__class__",
        "[1, 2]",
        "'a' * 9",
        "lambda: 1",
        "1 if 1 else 2",
        "x",
        "sqrt",
        "sqrt(1, 2, 3)",
        "sqrt(*[1])",
        "1/0",
        "0**-1",
        "ln(0)",
        "asin(2)",
        "(-8)**(1/3)",
        "",
        "2 +",
        "True",
        "1j",
        "a = 1",
        "\x00",
    ],
)
async def test_what_is_no_arithmetic_is_refused_with_a_reason(expression: str) -> None:
    result = await call("calculator", expression=expression)
    assert not result.success
    assert len(result.output) > 15
    assert "Traceback" not in result.output


@given(st.integers(), st.integers(min_value=1), st.sampled_from(["+", "-", "*", "//", "%"]))
async def test_integers_are_as_pythons(left: int, right: int, sign: str) -> None:
    output = (await call("calculator", expression=f"({left}) {sign} {right}")).output
    assert output["result"] == str(eval(f"({left}) {sign} {right}"))
