"""Pictures that a tool made: to the person at once, and into the conversation."""

from __future__ import annotations

from providers.capabilities import FIGURES, PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.message import Block
from py_app.pictures import read_picture
from py_app.tools.call import CALL_ID

_MOST_WAITING = 8


def show(coordinator: Coordinator, pictures: list[Json], description: str) -> None:
    """Show `pictures` ({"media_type", "data"}) of the call that runs; a model that reads text only is told
    `description`. Raises AlcoveError (bad-request) for what is no picture."""
    waiting: dict[str, list[Block]] | None = coordinator.get_capability(FIGURES)
    if waiting is None:
        waiting = {}
        coordinator.register_capability(FIGURES, waiting)
    if len(waiting) >= _MOST_WAITING:  # an orchestrator that is not ours takes none of them
        waiting.clear()
    call = CALL_ID.get()
    waiting[call] = [read_picture({**picture, "description": description}) for picture in pictures]
    for picture in pictures:
        coordinator.get_capability(PAGE).emit({"type": "figure", "id": call, "picture": picture})
