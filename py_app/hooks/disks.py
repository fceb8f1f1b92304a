"""A tool finds the disk as it is now, and what it wrote lies there before anybody hears that it did."""

from __future__ import annotations

import json
from typing import cast

from amplifier_core.events import TOOL_POST, TOOL_PRE
from amplifier_core.models import HookResult

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.policy import only_reads

_PRIORITY = -800
_CONTINUE = HookResult()


def keep_disks(coordinator: Coordinator) -> None:
    """Register the hooks of a session in a browser; elsewhere a disk keeps what is written by itself."""
    page: Page | None = coordinator.get_capability(PAGE)
    if page is None:
        return
    hooks = _DiskHooks(coordinator, page)
    coordinator.hooks.register(TOOL_PRE, hooks.on_pre, _PRIORITY, "disks:look")
    coordinator.hooks.register(TOOL_POST, hooks.on_post, _PRIORITY, "disks:keep")


class _DiskHooks:
    def __init__(self, coordinator: Coordinator, page: Page) -> None:
        self._coordinator = coordinator
        self._page = page

    async def on_pre(self, event: str, data: Json) -> HookResult:
        await self._page.call_tool(str(data.get("tool_call_id") or ""), "alcove:look-at-disks", {})
        return _CONTINUE

    async def on_post(self, event: str, data: Json) -> HookResult:
        name = str(data.get("tool_name"))
        if only_reads(name, self._coordinator.get("tools").get(name)):
            return _CONTINUE
        call_id = str(data.get("tool_call_id") or "")
        answer = await self._page.call_tool(call_id, "alcove:keep-disks", {})
        if "error" not in answer:
            return _CONTINUE
        words = f"{answer['error']['message']} {answer['error'].get('action', '')}".strip()
        self._page.emit({"type": "notice", "level": "warning", "text": words})
        return HookResult(action="modify", data={**data, "result": _with(data.get("result"), words)})


def _with(result: object, words: str) -> object:
    """A presented ToolResult with what became of the files before what the tool said; whatever else stands in
    its place stays."""
    if not isinstance(result, dict):
        return result
    presented = cast(Json, result)
    output: object = presented.get("output")
    said = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, default=str)
    return {**presented, "success": False, "output": f"{words}\n\n{said}", "error": {"message": words}}
