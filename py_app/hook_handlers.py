"""Handlers of several events of a session, registered and removed together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from amplifier_core.events import EXECUTION_START, PROMPT_SUBMIT
from amplifier_core.hooks import HookRegistry
from amplifier_core.models import HookResult

from providers.json_types import Json

TURN_BEGINS = (PROMPT_SUBMIT, EXECUTION_START)
"""What tells that a turn begins. Some orchestrators emit one of them, others both in either order, before
anything else of the turn: what is done then may be done twice."""

Handler = Callable[[str, Json], Awaitable[HookResult]]


def register_all(
    hooks: HookRegistry, handlers: Mapping[str, Handler], *, priority: int, name: str
) -> Callable[[], None]:
    """Register each handler for its event, as "NAME:EVENT". Returns what removes them."""
    removers: list[Callable[[], None]] = [
        hooks.register(event, handler, priority, f"{name}:{event}") for event, handler in handlers.items()
    ]

    def remove() -> None:
        while removers:
            removers.pop()()

    return remove
