"""Argument checks that raise what the native engine raises, and how errors are worded."""

import operator
from typing import SupportsFloat, SupportsIndex, cast


def expect(value: object, kind: type) -> None:
    """Raise the native engine's TypeError unless `value` is an instance of `kind`."""
    if not isinstance(value, kind):
        what = "'None'" if value is None else f"'{type(value).__name__}' object"
        raise TypeError(f"{what} is not an instance of '{kind.__name__}'")


def expect_optional(value: object, kind: type) -> None:
    """As `expect`, with None allowed."""
    if value is not None:
        expect(value, kind)


def unsigned(value: SupportsIndex) -> int:
    """`value` as an integer that is not negative; TypeError or OverflowError otherwise."""
    number = operator.index(value)
    if number < 0:
        raise OverflowError("can't convert negative int to unsigned")
    return number


def ranged(value: SupportsIndex, low: int, high: int) -> int:
    """`value` as an integer within [low, high]; TypeError or OverflowError otherwise."""
    number = operator.index(value)
    if number > high:
        raise OverflowError("number too large to fit in target type")
    if number < low:
        raise OverflowError("number too small to fit in target type")
    return number


def error_text(error: BaseException) -> str:
    """`Type: message`, the form in which the engine reports an exception."""
    name = type(error).__qualname__
    try:
        return f"{name}: {error}"
    except Exception:
        return f"{name}: <exception str() failed>"


def real(value: SupportsFloat | SupportsIndex) -> float:
    """`value` as a float; TypeError for what is no number."""
    kind = type(cast(object, value))
    if not hasattr(kind, "__float__") and not hasattr(kind, "__index__"):
        raise TypeError(f"must be real number, not {kind.__name__}")
    return float(value)


class Sealed:
    """Base of the engine's classes that cannot be subclassed."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        for base in cls.__bases__:
            if base is not Sealed and issubclass(base, Sealed):
                raise TypeError(f"type 'builtins.{base.__name__}' is not an acceptable base type")
