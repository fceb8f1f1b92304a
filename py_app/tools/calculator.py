"""`tool-alcove-calculator`: arithmetic that is exact (`py_app/tools/exact.py`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from fractions import Fraction

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.tools.exact import ExpressionError, Number, decimal_of, evaluate
from py_app.tools.function import FunctionTool, ToolError
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_SHOWN_DIGITS = 25
_MOST_DIGITS = 2_000


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `calculator`; returns what unmounts it."""
    tool = FunctionTool(
        coordinator,
        "calculator",
        "Compute an expression exactly.",
        {"expression": {"type": "string", "description": 'For example "12.5 * (3 + 4) ^ 2"'}},
        _run,
        required=["expression"],
    )
    return await mount_tool(coordinator, tool)


async def _run(given: Json) -> ToolResult:
    try:
        return ToolResult(output=_told(evaluate(str(given.get("expression", "")))))
    except ExpressionError as error:
        raise ToolError(str(error)) from None


def _told(value: Number | bool) -> Json:
    """{"result", "exact"}, and "decimal" for a fraction whose decimals never end."""
    if isinstance(value, bool):
        return {"result": value, "exact": True}
    if isinstance(value, Decimal):
        return {"result": _decimal(value), "exact": False}
    if value.denominator == 1:
        return {"result": _whole(value.numerator), "exact": True}
    if (ending := _ending(value)) is not None:
        return {"result": ending, "exact": True}
    fraction = f"{_whole(value.numerator)}/{_whole(value.denominator)}"
    return {"result": fraction, "decimal": _decimal(decimal_of(value)), "exact": True}


def _ending(value: Fraction) -> str | None:
    """As a decimal, if that ends before it is long."""
    for places in range(1, 41):
        scaled = value * 10**places
        if scaled.denominator == 1:
            sign, digits = "-" if scaled < 0 else "", _whole(abs(scaled.numerator)).rjust(places + 1, "0")
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    return None


def _whole(value: int) -> str:
    """All digits; of very many the first and the last, and how many there are."""
    digits = str(Decimal(value))  # str(int) refuses long ones
    if len(digits) <= _MOST_DIGITS:
        return digits
    return f"{digits[:100]}…{digits[-100:]} ({len(digits.lstrip('-')):,} digits)"


def _decimal(value: Decimal) -> str:
    rounded = f"{value:.{_SHOWN_DIGITS}g}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded and "e" not in rounded.lower() else rounded
