"""What is said of a bundle that cannot be used, and of what of it is left out."""

from __future__ import annotations

from typing import TypedDict

from py_app.errors import AlcoveError


class Refusal(TypedDict):
    """What of a bundle is left out: a module, or a file that it names, and why."""

    module: str
    reason: str


def bad_bundle(message: str, action: str = "Correct the bundle and add it again.") -> AlcoveError:
    """A bundle that cannot be read at all."""
    return AlcoveError("bad-request", message, action=action)
