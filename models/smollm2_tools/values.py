"""What stands in requests: names, places, numbers, dates, texts. Some of each are kept for the evaluation."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

Value = tuple[object, str]
"""As an argument, and as it is said."""


def _split(text: str) -> tuple[list[str], list[str]]:
    """For training, and held out: one in four."""
    every = text.split("|")
    return [one for place, one in enumerate(every) if place % 4 != 3], every[3::4]


_LISTS = {
    kind: _split(every)
    for kind, every in (
        line.split(": ", 1) for line in Path(__file__).with_suffix(".txt").read_text().splitlines()
    )
}


def _clock(draw: random.Random, _: bool) -> Value:
    hour, minute = draw.randrange(24), draw.choice((0, 0, 15, 30, 45))
    written = f"{hour:02d}:{minute:02d}"
    return written, written


def _email(draw: random.Random, held: bool) -> Value:
    name = draw.choice(_LISTS["person"][held][: 6 if held else 20]).split()[0].lower()
    more, host = (
        draw.choice(("", ".b", "77", "_k")),
        draw.choice(("example.com", "mail.org", "post.net", "acme.io")),
    )
    written = f"{name}{more}@{host}"
    return written, written


def _url(draw: random.Random, held: bool) -> Value:
    place = draw.choice(_LISTS["topic"][held]).split()[-1].lower()
    host = f"{draw.choice(('www.', '', 'docs.'))}{place}.{draw.choice(('org', 'com', 'net'))}"
    written = f"https://{host}/{draw.choice(('', 'news', 'a1'))}"
    return written, written


def _code(draw: random.Random, _: bool) -> Value:
    letters = "".join(draw.choices("ABCDEFGHKLMNPRSTUVWXZ", k=draw.randrange(1, 4)))
    written = f"{letters}{draw.choice(('-', ''))}{draw.randrange(10, 99999)}"
    return written, written


def _phone(draw: random.Random, _: bool) -> Value:
    written = f"+{draw.randrange(1, 99)} {draw.randrange(100, 999)} {draw.randrange(1000, 9999)}"
    return written, written


def _small(draw: random.Random, _: bool) -> Value:
    number = draw.choice((draw.randrange(2, 13), draw.randrange(2, 100)))
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    said = words[number - 2] if number <= 12 and draw.random() < 0.25 else str(number)
    return number, said


def _amount(draw: random.Random, _: bool) -> Value:
    whole = draw.choice((draw.randrange(5, 100), draw.randrange(100, 10000)))
    number = whole if draw.random() < 0.6 else whole + draw.choice((0.5, 0.25, 0.99, 0.1))
    return number, str(number)


def _sum(draw: random.Random, _: bool) -> Value:
    a, b, c = (draw.choice((draw.randrange(2, 100), draw.randrange(100, 10000))) for _ in range(3))
    forms = (
        (f"{a} + {b}", "{0} plus {1}"), (f"{a} * {b}", "{0} times {1}"), (f"{a} / {b}", "{0} divided by {1}"),
        (f"{a} - {b}", "{0} minus {1}"), (f"{a} * {b}", "{0} multiplied by {1}"), (f"({a} + {b}) * {c}", ""),
        (f"{a} * {b} - {c}", ""), (f"{a} + {b} + {c}", ""), (f"{a} / 100 * {b}", "{0} percent of {1}"),
        (f"{a} + {b}", ""), (f"{a} * {b}", ""),
    )  # fmt: skip
    written, said = draw.choice(forms)
    return written, said.format(a, b) or written


_MADE: dict[str, Callable[[random.Random, bool], Value]] = {
    "clock": _clock, "email": _email, "url": _url, "code": _code, "phone": _phone,
    "small": _small, "amount": _amount, "sum": _sum,
}  # fmt: skip


def value(kind: str, draw: random.Random, *, held: bool) -> Value:
    """One of a kind; `held`: of those that training never sees, where there are such."""
    if kind in _MADE:
        return _MADE[kind](draw, held)
    written = draw.choice(_LISTS[kind][held])
    return written, written
