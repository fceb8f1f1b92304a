"""Shortens tool results that are too long, before anybody reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from amplifier_core.events import TOOL_POST
from amplifier_core.models import HookResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.shorten import shortened

MOST_CHARACTERS = 40_000
"""Of a result. What a small model cannot take of it is left out of its request (`py_app/context/fit.py`)."""

_PRIORITY = -900
_CONTINUE = HookResult()


def shorten_results(coordinator: Coordinator) -> Callable[[], None]:
    """Register the hook; returns what removes it."""
    return coordinator.hooks.register(TOOL_POST, _on_result, _PRIORITY, "results:shorten")


async def _on_result(event: str, data: Json) -> HookResult:
    result = data.get("result")
    short = _shortened(result)
    return _CONTINUE if short == result else HookResult(action="modify", data={**data, "result": short})


def _shortened(result: object) -> object:
    """A presented ToolResult, or whatever stands in its place, with its texts cut."""
    if not isinstance(result, dict) or "output" not in result:
        return _cut(cast(object, result))
    presented = {**cast(Json, result)}
    presented["output"] = _cut(presented["output"])
    if blocks := cast("list[Json] | None", presented.get("content")):
        presented["content"] = [
            {**block, "text": _cut(block["text"])} if "text" in block else block for block in blocks
        ]
    return presented


def _cut(value: object) -> object:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= MOST_CHARACTERS else shortened(text, MOST_CHARACTERS)
