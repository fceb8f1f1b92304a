"""`hooks-alcove-page`: an Amplifier hook that turns kernel events into the events of `chat.send`."""

from __future__ import annotations

from collections.abc import Callable

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.hooks.stream import PageStream
from py_app.hooks.thinking import ThinkingStream

__amplifier_module_type__ = "hook"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], None]:
    """Register the hook; it is silent in a session without a page. Returns the function that removes it."""
    remove = [PageStream(coordinator).register(coordinator.hooks), ThinkingStream(coordinator).register()]

    def cleanup() -> None:
        while remove:
            remove.pop()()

    return cleanup
