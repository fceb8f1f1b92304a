"""Outlines of the shapes, as polygons round (0, 0) with radius 1."""

from __future__ import annotations

import math

Points = list[tuple[float, float]]


def outline(shape: str) -> list[Points]:
    """The polygon of a shape and, for what has a hole, the polygon of the hole."""
    match shape:
        case "circle":
            return [_arc(1.0)]
        case "ring":
            return [_arc(1.0), _arc(0.58)]
        case "square":
            return [[(-0.78, -0.78), (0.78, -0.78), (0.78, 0.78), (-0.78, 0.78)]]
        case "triangle":
            return [[(math.sin(k * math.tau / 3), -math.cos(k * math.tau / 3)) for k in range(3)]]
        case "star":
            radii = (1.0, 0.42)
            points = [(radii[k % 2], k * math.pi / 5) for k in range(10)]
            return [[(r * math.sin(a), -r * math.cos(a)) for r, a in points]]
        case "cross":
            return [_cross(0.3)]
        case "heart":
            return [[_heart(k * math.tau / 40) for k in range(40)]]
        case "crescent":
            return [_crescent()]
        case _:
            raise ValueError(f"no outline of {shape}")


def _arc(radius: float) -> Points:
    return [(radius * math.cos(k * math.tau / 40), radius * math.sin(k * math.tau / 40)) for k in range(40)]


def _cross(w: float) -> Points:
    arm: Points = [(-w, -0.97), (w, -0.97), (w, -w)]
    points: Points = []
    for _ in range(4):
        points += arm
        arm = [(-y, x) for x, y in arm]
    return points


def _heart(t: float) -> tuple[float, float]:
    x = 16 * math.sin(t) ** 3
    y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
    return x / 16.5, -(y + 2.5) / 16.5


def _crescent() -> Points:
    """A moon: a circle less a circle that is moved to the right."""
    shift, inner = 0.5, 0.75
    # Where the two circles meet.
    x = (1 + shift**2 - inner**2) / (2 * shift)
    angle = math.acos(x)
    inner_angle = math.atan2(math.sin(angle), x - shift)
    steps = 24
    outer = [angle + (math.tau - 2 * angle) * k / steps for k in range(steps + 1)]
    back = [-inner_angle - (math.tau - 2 * inner_angle) * k / steps for k in range(steps + 1)]
    points = [(math.cos(a), math.sin(a)) for a in outer]
    points += [(shift + inner * math.cos(a), inner * math.sin(a)) for a in back]
    return [(px + 0.12, py) for px, py in points]
