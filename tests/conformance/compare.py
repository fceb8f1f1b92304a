"""Two engines' traces of the same scenarios, compared."""

from typing import Any

Traces = dict[str, list[list[Any]]]


def differing(expected: Traces, actual: Traces) -> dict[str, tuple[Any, Any]]:
    """What differs: `subject.scenario:label`, or `subject.scenario` if lengths differ, to both values."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in expected.keys() | actual.keys():
        ours, theirs = actual.get(name, []), expected.get(name, [])
        if [label for label, _ in ours] != [label for label, _ in theirs]:
            found[name] = (theirs, ours)
            continue
        for (label, value), (_, other) in zip(theirs, ours, strict=True):
            if value != other:
                found.setdefault(f"{name}:{label}", (value, other))
    return found
