"""`context-alcove`: an Amplifier context manager that keeps a conversation inside the model's window."""

from __future__ import annotations

from collections.abc import Callable

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.context.window import ContextWindow

__amplifier_module_type__ = "context"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], None]:
    """Mount the context manager (config: see ContextWindow). Returns the function that removes its hooks."""
    context = ContextWindow(coordinator, config or {})
    cleanup = context.register(coordinator.hooks)
    await coordinator.mount("context", context)
    return cleanup
