"""`loop-alcove`: the orchestrator that runs a turn, step by step, and can be stopped at any point."""

from __future__ import annotations

from collections.abc import Callable

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.loop.orchestrator import StreamingLoop

__amplifier_module_type__ = "orchestrator"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], None]:
    """Mount the orchestrator (config: see StreamingLoop). Returns the function that removes its hook."""
    loop = StreamingLoop(coordinator, config or {})
    await coordinator.mount("orchestrator", loop)
    return loop.cleanup
