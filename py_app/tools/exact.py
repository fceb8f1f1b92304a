"""Arithmetic without rounding: a Python expression's syntax, and nothing of it is ever run.

Numbers are fractions of integers for as long as what is asked can be said exactly, decimals of 50 digits
after that. Everything is bounded: no number grows beyond some ten thousand digits.
"""

from __future__ import annotations

import ast
import decimal
import math
import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

Number = Fraction | Decimal

_DIGITS = 50
_MOST_BITS = 33_000
_MOST_CHARACTERS = 2_000
_MOST_DEPTH = 60
_CONTEXT = decimal.Context(prec=_DIGITS, Emax=99_999, Emin=-99_999)
_NAMES = {
    "pi": Decimal("3.14159265358979323846264338327950288419716939937511"),
    "e": Decimal("2.71828182845904523536028747135266249775724709369996"),
    "tau": Decimal("6.28318530717958647692528676655900576839433879875021"),
}
_SPELLED = str.maketrans(
    {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "^": "~", "π": " pi ", "√": " sqrt"}
)


class ExpressionError(Exception):
    """What is wrong with an expression, in words that help to write another."""


def evaluate(expression: str) -> Number | bool:
    """The value of an expression such as "2^100 / 3", "15% of 80" or "sqrt(2) > 1.4".

    Raises ExpressionError.
    """
    if len(expression) > _MOST_CHARACTERS:
        raise ExpressionError(f"An expression has at most {_MOST_CHARACTERS} characters.")
    text = _as_python(expression)
    try:
        tree = ast.parse(text, mode="eval").body
        with decimal.localcontext(_CONTEXT):
            return _value(tree, text, 0)
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError("This divides by zero.") from None
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            'This is no expression that can be computed. Write one such as "2 * (3 + 4)".'
        ) from None
    except (ArithmeticError, OverflowError):
        raise ExpressionError("This has no value, or none that can be written down.") from None


def _as_python(expression: str) -> str:
    text = expression.strip().rstrip("=").translate(_SPELLED).replace("~", "**")
    if "(" not in text:  # else the comma may stand between arguments
        text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%\s*of\b", r"(\1/100)*", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%(?=\s*(?:$|[-+*/)]\s))", r"(\1/100)", text)
    return re.sub(r"(\d+)!(?!=)", r"factorial(\1)", text)


def _value(node: ast.expr, text: str, depth: int) -> Number | bool:
    if depth > _MOST_DEPTH:
        raise ExpressionError("This is nested too deeply: compute it in parts.")

    def inner(child: ast.expr) -> Number:
        value = _value(child, text, depth + 1)
        return Fraction(int(value)) if isinstance(value, bool) else _bounded(value)

    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return _bounded(_literal(ast.get_source_segment(text, node) or ""))
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -inner(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return inner(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(inner(left), inner(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _bounded(_BINARY[type(op)](*_alike(inner(left), inner(right))))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            return _COMPARE[type(op)](*_alike(inner(left), inner(right)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _call(name, [inner(each) for each in args])
        case ast.Call(func=ast.Name(id=name)) | ast.Name(id=name):
            known = ", ".join([*_FUNCTIONS, *_NAMES])
            raise ExpressionError(f'"{name}" is not known here. Known are {known}.')
        case _:
            raise ExpressionError("Only numbers, + - * / // % ** and functions can be computed.")


def _literal(text: str) -> Fraction:
    if re.fullmatch(r"0[xXoObB][0-9a-fA-F_]+", text):
        return Fraction(int(text, 0))
    found = re.fullmatch(r"([\d_]*\.?[\d_]*)(?:[eE]([+-]?\d+))?", text)
    if found is None or abs(int(found[2] or 0)) > 9_999:
        raise ExpressionError("A number is too long, or is none.")
    return Fraction(text.replace("_", ""))


def _bounded(value: Number) -> Number:
    if isinstance(value, Fraction):
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
            raise ExpressionError("The number is too large to be written down.")
    elif not value.is_finite():
        raise ExpressionError("This has no value, or none that can be written down.")
    return value


def _alike(left: Number, right: Number) -> tuple[Number, Number]:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left, right
    return decimal_of(left), decimal_of(right)


def decimal_of(value: Number) -> Decimal:
    """`value` to 50 digits."""
    if isinstance(value, Decimal):
        return value
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            size = max(base.numerator.bit_length(), base.denominator.bit_length())
            if abs(exponent.numerator) * (size - 1) > _MOST_BITS:
                raise ExpressionError("The number is too large to be written down.")
            return _bounded(Fraction(base**exponent.numerator))
        if exponent == Fraction(1, 2):
            return _root(base)
    return _bounded(decimal_of(base) ** decimal_of(exponent))


def _root(value: Number) -> Number:
    if isinstance(value, Fraction) and value >= 0:
        top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom)
    return decimal_of(value).sqrt()


def _whole(value: Number, most: int = 10**9) -> int:
    if value != int(value) or not 0 <= value <= most:
        raise ExpressionError(f"Whole numbers from 0 to {most:,} are wanted here.")
    return int(value)


def _wholes(values: Iterable[Number]) -> list[int]:
    return [_whole(value, 10**3_000) for value in values]


def _sum(*values: Number) -> Number:
    total = Fraction(0)
    for value in values:
        total += Fraction(value)
    return total


def _log(value: Number, base: Number = _NAMES["e"]) -> Number:
    natural = decimal_of(value).ln()
    return natural if base == _NAMES["e"] else natural / decimal_of(base).ln()


def _of(function: Callable[[Number], Number]) -> Callable[..., Number]:
    return function


def _float(function: Callable[[float], float]) -> Callable[[Number], Number]:
    return lambda value: Decimal(repr(function(float(value))))


def _rounded(value: Number, places: Number = Fraction(0)) -> Number:
    shift = Fraction(10) ** int(max(min(places, 100), -100))
    exact = Fraction(value) * shift
    half_up = math.floor(abs(exact) + Fraction(1, 2))
    return Fraction(half_up if exact >= 0 else -half_up) / shift


def _arranged(count: Callable[[int, int], int]) -> Callable[[Number, Number], Number]:
    return lambda n, k: Fraction(count(_whole(n, 2_500), _whole(k, 2_500)))


def _call(name: str, values: list[Number]) -> Number:
    try:
        return _bounded(_FUNCTIONS[name](*values))
    except TypeError:
        raise ExpressionError(f"{name} wants another number of arguments.") from None


# Of two numbers of one kind.
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: left / right,
    ast.FloorDiv: lambda left, right: Fraction(math.floor(Fraction(left) / Fraction(right))),
    ast.Mod: lambda left, right: Fraction(left) % Fraction(right),
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "sqrt": _root,
    "abs": abs,
    "round": _rounded,
    "floor": _of(lambda value: Fraction(math.floor(value))),
    "ceil": _of(lambda value: Fraction(math.ceil(value))),
    "min": lambda *values: min(*values, key=Fraction),
    "max": lambda *values: max(*values, key=Fraction),
    "sum": _sum,
    "gcd": lambda *values: Fraction(math.gcd(*_wholes(values))),
    "lcm": lambda *values: Fraction(math.lcm(*_wholes(values))),
    "factorial": _of(lambda value: Fraction(math.factorial(_whole(value, 2_500)))),
    "comb": _arranged(math.comb),
    "perm": _arranged(math.perm),
    "exp": _of(lambda value: decimal_of(value).exp()),
    "ln": _of(lambda value: decimal_of(value).ln()),
    "log10": _of(lambda value: decimal_of(value).log10()),
    "log2": _of(lambda value: decimal_of(value).ln() / Decimal(2).ln()),
    "log": _log,
    "sin": _float(math.sin),
    "cos": _float(math.cos),
    "tan": _float(math.tan),
    "asin": _float(math.asin),
    "acos": _float(math.acos),
    "atan": _float(math.atan),
    "degrees": _float(math.degrees),
    "radians": _float(math.radians),
}
