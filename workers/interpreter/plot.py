"""Draws figures as SVG, under the names of matplotlib.pyplot that are used most.

No more than that: matplotlib itself is not to be had for this Python. Runs inside Pyodide.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 40, 52
_COLOURS = ("#2f6fde", "#d9552c", "#2b9a66", "#8a52c9", "#c28a12", "#4b5a6b")
_NAMED = {
    "b": _COLOURS[0],
    "r": "#cc2936",
    "g": _COLOURS[2],
    "k": "#111",
    "m": "#b5179e",
    "c": "#0e9aa7",
    "y": _COLOURS[4],
}
_MOST_POINTS = 5_000
_MOST_FIGURES = 8

Draw = Callable[["Axes"], str]


class Axes:
    """One diagram. Its methods are pyplot's functions; those that name something may begin with `set_`."""

    def __init__(self) -> None:
        self._texts = {"title": "", "xlabel": "", "ylabel": ""}
        self._grid = self._legend = False
        self._marks: list[Draw] = []
        self._labels: list[tuple[str, str]] = []
        self._xs: list[float] = []
        self._ys: list[float] = []
        self._names: dict[str, list[str]] = {"x": [], "y": []}
        self._limits: dict[str, tuple[float, float]] = {}
        self._colours = 0

    def plot(self, *args: Any, label: str = "", color: str = "", marker: str = "", **style: Any) -> None:
        """plot(ys), plot(xs, ys) or either with a format such as "r--" or "o"."""
        how = str(args[-1]) if args and isinstance(args[-1], str) else ""
        given = args[:-1] if how else args
        ys = _numbers(given[-1])
        xs = self._places("x", given[0]) if len(given) > 1 else [float(i) for i in range(len(ys))]
        colour = self._colour(color or next((letter for letter in how if letter in _NAMED), ""), label)
        points = self._points(xs, ys)
        dotted = marker or next((letter for letter in how if letter in "o.xs^*+"), "")
        line = "-" in how or not any(letter in "o.xs^*+" for letter in how)
        dashes = (
            ' stroke-dasharray="6 4"'
            if "--" in how or style.get("linestyle") in ("--", "dashed", ":")
            else ""
        )

        def draw(axes: "Axes") -> str:
            at = [axes.at(x, y) for x, y in points]
            way = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
            drawn = (
                f'<polyline fill="none" stroke="{colour}" stroke-width="2"{dashes} points="{way}"/>'
                if line
                else ""
            )
            return drawn + ("".join(_dot(x, y, colour) for x, y in at) if dotted else "")

        self._marks.append(draw)

    def scatter(
        self, x: Any, y: Any, *_: Any, label: str = "", color: str = "", c: Any = "", **__: Any
    ) -> None:
        colour = self._colour(color or (c if isinstance(c, str) else ""), label)
        points = self._points(self._places("x", x), _numbers(y))
        self._marks.append(lambda axes: "".join(_dot(*axes.at(*point), colour) for point in points))

    def bar(
        self, x: Any, height: Any, width: float = 0.8, *, label: str = "", color: str = "", **_: Any
    ) -> None:
        xs, colour = self._places("x", x), self._colour(color, label)
        tops = _numbers(height) if isinstance(height, Iterable) else [float(height)] * len(xs)
        self._reach([edge for at in xs for edge in (at - width / 2, at + width / 2)], [0.0, *tops])
        boxes = [(at - width / 2, 0.0, at + width / 2, top) for at, top in zip(xs, tops, strict=False)]
        self._marks.append(lambda axes: "".join(axes.box(*each, colour) for each in boxes))

    def barh(
        self, y: Any, width: Any, height: float = 0.8, *, label: str = "", color: str = "", **_: Any
    ) -> None:
        ys, ends, colour = self._places("y", y), _numbers(width), self._colour(color, label)
        self._reach([0.0, *ends], [edge for at in ys for edge in (at - height / 2, at + height / 2)])
        boxes = [(0.0, at - height / 2, end, at + height / 2) for at, end in zip(ys, ends, strict=False)]
        self._marks.append(lambda axes: "".join(axes.box(*each, colour) for each in boxes))

    def hist(
        self, x: Any, bins: int = 10, *, label: str = "", color: str = "", **_: Any
    ) -> tuple[list[int], list[float]]:
        """Returns how many fall into each bin, and the edges."""
        values = _numbers(x)
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        step = (high - low) / bins or 1.0
        counts = [0] * bins
        for value in values:
            counts[min(int((value - low) / step), bins - 1)] += 1
        edges = [low + step * i for i in range(bins + 1)]
        self._reach(edges, [0.0, float(max(counts, default=0))])
        colour = self._colour(color, label)
        boxes = [(edges[i], 0.0, edges[i + 1], float(count)) for i, count in enumerate(counts)]
        self._marks.append(lambda axes: "".join(axes.box(*each, colour) for each in boxes))
        return counts, edges

    def axhline(self, y: float = 0.0, **style: Any) -> None:
        colour = self._colour(str(style.get("color", "k")), "")
        self._reach([], [float(y)])
        self._marks.append(
            lambda axes: _line(_LEFT, axes.at(0, y)[1], _WIDTH - _RIGHT, axes.at(0, y)[1], colour)
        )

    def axvline(self, x: float = 0.0, **style: Any) -> None:
        colour = self._colour(str(style.get("color", "k")), "")
        self._reach([float(x)], [])
        self._marks.append(
            lambda axes: _line(axes.at(x, 0)[0], _TOP, axes.at(x, 0)[0], _HEIGHT - _BOTTOM, colour)
        )

    def title(self, text: object, **_: Any) -> None:
        self._texts["title"] = str(text)

    def xlabel(self, text: object, **_: Any) -> None:
        self._texts["xlabel"] = str(text)

    def ylabel(self, text: object, **_: Any) -> None:
        self._texts["ylabel"] = str(text)

    def xlim(self, left: float, right: float) -> None:
        self._limits["x"] = (float(left), float(right))

    def ylim(self, bottom: float, top: float) -> None:
        self._limits["y"] = (float(bottom), float(top))

    def grid(self, visible: bool = True, **_: Any) -> None:
        self._grid = visible

    def legend(self, *_: Any, **__: Any) -> None:
        self._legend = True

    set_title, set_xlabel, set_ylabel, set_xlim, set_ylim = title, xlabel, ylabel, xlim, ylim

    @property
    def empty(self) -> bool:
        return not self._marks

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the picture."""
        (left, right), (low, high) = self._range("x"), self._range("y")
        across = _LEFT + (x - left) / (right - left) * (_WIDTH - _LEFT - _RIGHT)
        return across, _HEIGHT - _BOTTOM - (y - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
        (left, top), (right, bottom) = self.at(min(x0, x1), max(y0, y1)), self.at(max(x0, x1), min(y0, y1))
        size = f'width="{max(right - left - 0.5, 0.5):.1f}" height="{bottom - top:.1f}"'
        return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{colour}"/>'

    def svg(self) -> str:
        inside = (
            f'x="{_LEFT}" y="{_TOP}" width="{_WIDTH - _LEFT - _RIGHT}" height="{_HEIGHT - _TOP - _BOTTOM}"'
        )
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
            f' height="{_HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
            f'<clipPath id="c"><rect {inside}/></clipPath>',
            *self._scales(),
            f'<g clip-path="url(#c)">{"".join(draw(self) for draw in self._marks)}</g>',
            f'<rect {inside} fill="none" stroke="#888"/>',
            _text(_WIDTH / 2, 24, self._texts["title"], "middle", 'font-size="15" font-weight="bold"'),
            _text(_WIDTH / 2, _HEIGHT - 10, self._texts["xlabel"]),
            _text(-_HEIGHT / 2, 16, self._texts["ylabel"], "middle", 'transform="rotate(-90)"'),
            *(self._key() if self._legend else ()),
            "</svg>",
        ]
        return "".join(parts)

    def _scales(self) -> Iterable[str]:
        for value, name in self._ticks("x"):
            across, foot = self.at(value, 0)[0], _HEIGHT - _BOTTOM
            if self._grid:
                yield _line(across, _TOP, across, foot, "#ddd", 1)
            yield _line(across, foot, across, foot + 4, "#888", 1) + _text(across, foot + 18, name)
        for value, name in self._ticks("y"):
            up = self.at(0, value)[1]
            if self._grid:
                yield _line(_LEFT, up, _WIDTH - _RIGHT, up, "#ddd", 1)
            yield _line(_LEFT - 4, up, _LEFT, up, "#888", 1) + _text(_LEFT - 8, up + 4, name, "end")

    def _key(self) -> Iterable[str]:
        for row, (label, colour) in enumerate(self._labels):
            y = _TOP + 16 + 18 * row
            yield f'<rect x="{_LEFT + 10}" y="{y - 9}" width="12" height="10" fill="{colour}"/>'
            yield _text(_LEFT + 28, y, label, "start")

    def _ticks(self, axis: str) -> list[tuple[float, str]]:
        low, high = self._range(axis)
        if names := self._names[axis]:
            every = math.ceil(len(names) / 12)
            return [(float(i), name[:14]) for i, name in enumerate(names) if i % every == 0]
        step = _nice((high - low) / 6)
        first = math.ceil(low / step - 1e-9)
        return [(i * step, f"{i * step:.6g}") for i in range(first, math.floor(high / step + 1e-9) + 1)]

    def _range(self, axis: str) -> tuple[float, float]:
        values = self._xs if axis == "x" else self._ys
        low, high = self._limits.get(axis) or (min(values, default=0.0), max(values, default=1.0))
        if low == high:
            return low - 0.5, high + 0.5
        margin = 0.0 if axis in self._limits else (high - low) * 0.04
        return (low if low == 0 else low - margin), high + margin

    def _places(self, axis: str, values: Any) -> list[float]:
        """Numbers as they are; names stand beside each other."""
        given = _listed(values)
        if not any(isinstance(value, str) for value in given):
            return _numbers(given)
        names = self._names[axis]
        names += [name for name in dict.fromkeys(map(str, given)) if name not in names]
        return [float(names.index(str(value))) for value in given]

    def _points(self, xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
        if len(xs) != len(ys):
            raise ValueError(f"x and y must have the same length, but have {len(xs)} and {len(ys)}")
        points = [(x, y) for x, y in zip(xs, ys, strict=True) if math.isfinite(x) and math.isfinite(y)]
        points = points[:: math.ceil(len(points) / _MOST_POINTS) or 1]
        self._reach([x for x, _ in points], [y for _, y in points])
        return points

    def _reach(self, xs: Iterable[float], ys: Iterable[float]) -> None:
        self._xs += [x for x in xs if math.isfinite(x)]
        self._ys += [y for y in ys if math.isfinite(y)]

    def _colour(self, asked: str, label: str) -> str:
        colour = _NAMED.get(asked) or (asked if asked.replace("#", "").isalnum() else "")
        if not colour:
            colour = _COLOURS[self._colours % len(_COLOURS)]
            self._colours += 1
        if label:
            self._labels.append((str(label), colour))
        return colour


class Figure:
    """What is shown as one picture."""

    def __init__(self) -> None:
        self.axes = Axes()

    def add_subplot(self, *_: Any) -> Axes:
        return self.axes

    gca = add_subplot

    def suptitle(self, text: object, **_: Any) -> None:
        self.axes.title(text)

    def savefig(self, path: str, **_: Any) -> None:
        savefig(path)

    def tight_layout(self, **_: Any) -> None:
        """It is."""

    def show(self) -> None:
        show()


_figures: list[Figure] = []
_shown: list[str] = []


def gcf() -> Figure:
    if not _figures:
        _figures.append(Figure())
    return _figures[-1]


def gca() -> Axes:
    return gcf().axes


def figure(*_: Any, **__: Any) -> Figure:
    """Begins another picture. Its size is fixed."""
    _figures.append(Figure())
    return _figures[-1]


def subplots(rows: int = 1, columns: int = 1, **_: Any) -> tuple[Figure, Axes]:
    if (rows, columns) != (1, 1):
        raise NotImplementedError("A figure has one diagram here: draw several figures, one after the other.")
    return figure(), gca()


def show(*_: Any, **__: Any) -> None:
    """Ends the pictures begun so far."""
    _shown.extend(figure.axes.svg() for figure in _figures if not figure.axes.empty)
    _figures.clear()


def savefig(path: str, **_: Any) -> None:
    """Writes the picture as SVG, whatever the name ends with."""
    with open(path, "w") as file:
        file.write(gca().svg())


def close(*_: Any) -> None:
    _figures.clear()


def clear() -> None:
    """Forgets every picture; the interpreter calls it before each run."""
    _figures.clear()
    _shown.clear()


def drawn() -> list[str]:
    """The SVG of what was drawn, shown or not."""
    show()
    return _shown[:_MOST_FIGURES]


def tight_layout(**_: Any) -> None:
    """It is."""


def __getattr__(name: str) -> Any:
    if name == "pyplot":
        import plot

        return plot
    if not name.startswith("_") and hasattr(Axes, name):
        return lambda *args, **named: getattr(gca(), name)(*args, **named)
    raise AttributeError(
        f"{name} is not here. This small stand-in for matplotlib has plot, scatter, bar, barh, hist, axhline,"
        " axvline, title, xlabel, ylabel, xlim, ylim, grid, legend, figure, subplots, show and savefig."
    )


def _listed(values: Any) -> list[Any]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def _numbers(values: Any) -> list[float]:
    return [math.nan if value is None else float(value) for value in _listed(values)]


def _nice(step: float) -> float:
    size = 10 ** math.floor(math.log10(step))
    return next(size * many for many in (1, 2, 5, 10) if size * many >= step * 0.999)


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 1.5) -> str:
    ends = f'x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", more: str = "") -> str:
    if not text:
        return ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(text)}</text>'
