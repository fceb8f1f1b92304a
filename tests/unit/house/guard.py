"""Holds imports against the rules: each breach and each circle is one line that says what to do."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from imports import Import
from rules import ADVICE, Room


def breaches(imports: Iterable[Import], rooms: Sequence[Room]) -> list[str]:
    """One line for each import that its room may not know, and for each file that has no room."""
    said = (_breach(found, rooms) for found in imports)
    return sorted(dict.fromkeys(line for line in said if line))


def circles(imports: Iterable[Import]) -> list[str]:
    """
    Lines that name, with a way round, every file that imports itself by others. What Python imports while
    types are checked closes no circle: it never runs. In TypeScript types close one as anything else does.
    """
    graph: dict[str, list[str]] = {}
    for found in imports:
        if found.ours and not found.for_types:
            graph.setdefault(found.importer, []).append(found.target)
    lines: list[str] = []
    told: set[str] = set()
    for start in sorted(graph):
        way = [] if start in told else _way_round(graph, start)
        if way:
            told.update(way)
            lines.append(
                f"{' → '.join(way)}: a circle of imports. Move what two of them need into a file that knows"
                " neither, or let one pass it to the other."
            )
    return lines


def fits(place: str, path: str) -> str | None:
    """The part of `path` that a place of the rules covers, or None where it covers none of it."""
    found = _pattern(place).match(path)
    return found[0] if found else None


@cache
def _pattern(place: str) -> re.Pattern[str]:
    pattern = re.escape(place).replace(r"\*", "[^/]+")
    return re.compile(pattern if place.endswith("/") or not place else f"{pattern}$")


def _breach(found: Import, rooms: Sequence[Room]) -> str | None:
    room = next((room for room in rooms if fits(room.place, found.importer)), None)
    if room is None:
        return (
            f"{found.importer} has no room in tests/unit/house/rules.py: move it into one, or add one"
            " there and say what it may know."
        )
    what = f"{found.importer} imports {found.target}"
    if not found.ours:
        if room.packages is None or found.target in room.packages:
            return None
        allowed = " and ".join(("the standard library", *room.packages))
        return (
            f"{what}: {room.place} uses {allowed}. Do without it, or allow it in tests/unit/house/rules.py."
        )
    own = fits(room.place, found.importer) or ""
    if any(fits(place, found.target) for place in (own, *room.knows)):
        return None
    for each in ADVICE:
        if fits(each.importer, found.importer) and fits(each.target, found.target) is not None:
            return f"{what}: {each.says}"
    allowed = ", ".join(room.knows) or "nothing else"
    return f"{what}: {room.place} may know {allowed}. Move what it needs there, or let the caller pass it in."


def _way_round(graph: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """The shortest way from `start` back to it, both ends named; empty when there is none."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in graph.get(here, ()):
            if there == start:
                way = [start]
                while here != start:
                    way.append(here)
                    here = before[here]
                return [start, *way[:0:-1], start]
            if there not in before:
                before[there] = here
                waiting.append(there)
    return []
