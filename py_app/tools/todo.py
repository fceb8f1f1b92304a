"""`tool-alcove-todo`: the steps of a task, and which are done. Kept in the conversation itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.message import text_of
from py_app.tools.function import FunctionTool, ToolError
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_MOST = 100
_ACTIONS = ("list", "set", "add", "done", "undone", "remove")
_PROPERTIES: Json = {
    "action": {"type": "string", "enum": list(_ACTIONS)},
    "items": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Steps to set or add; for done, undone and remove their numbers or texts",
    },
}


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `todo`; returns what unmounts it."""
    todo = Todo(coordinator)
    tool = FunctionTool(
        coordinator,
        "todo",
        "Keep the list of steps of the task at hand.",
        _PROPERTIES,
        todo.run,
        required=["action"],
    )
    return await mount_tool(coordinator, tool)


class Todo:
    """The list of one session. Each result holds all of it, so a conversation that goes on finds it there."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._steps: list[Json] | None = None

    async def run(self, given: Json) -> ToolResult:
        steps = self._steps if self._steps is not None else await self._earlier()
        named: list[object] = given.get("items") or []
        items = [str(item).strip() for item in named if str(item).strip()]
        self._steps = _changed(steps, str(given.get("action")), items)
        numbered = [{"number": number, **step} for number, step in enumerate(self._steps, 1)]
        return ToolResult(output={"todo": numbered, "left": sum(not step["done"] for step in self._steps)})

    async def _earlier(self) -> list[Json]:
        for message in reversed(await self._coordinator.get("context").get_messages()):
            if message.get("role") == "tool" and message.get("name") == "todo":
                try:
                    known = json.loads(text_of(message))["todo"]
                    return [{"text": str(step["text"]), "done": bool(step["done"])} for step in known]
                except (ValueError, KeyError, TypeError):
                    continue
        return []


def _changed(steps: list[Json], action: str, items: list[str]) -> list[Json]:
    if action == "list":
        return steps
    if action == "set" or action == "add":
        new = [{"text": item, "done": False} for item in items]
        changed = new if action == "set" else [*steps, *new]
        if len(changed) > _MOST:
            raise ToolError(f"A list has at most {_MOST} steps.")
        return changed
    if action not in _ACTIONS:
        raise ToolError(f"action must be one of {', '.join(_ACTIONS)}.")
    named = {_place(steps, item) for item in items}
    if not named:
        raise ToolError(f'Name the steps for "{action}" in items.')
    if action == "remove":
        return [step for place, step in enumerate(steps) if place not in named]
    return [
        {**step, "done": action == "done"} if place in named else step for place, step in enumerate(steps)
    ]


def _place(steps: list[Json], item: str) -> int:
    number = item.lstrip("#").rstrip(".")
    if number.isdecimal() and 1 <= int(number) <= len(steps):
        return int(number) - 1
    found = next((place for place, step in enumerate(steps) if step["text"].lower() == item.lower()), None)
    if found is None:
        raise ToolError(f'There is no step "{item}". There are {len(steps)}.')
    return found
