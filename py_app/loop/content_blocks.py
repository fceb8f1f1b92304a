"""The blocks of a whole answer, as an orchestrator tells them: while it comes, its provider does."""

from __future__ import annotations

from collections.abc import Sequence

from amplifier_core.events import CONTENT_BLOCK_END, CONTENT_BLOCK_START
from amplifier_core.hooks import HookRegistry
from amplifier_core.message_models import ChatResponse, ToolCall

from providers.json_types import Json
from py_app.message import Block


async def tell_blocks(hooks: HookRegistry, blocks: Sequence[Block], usage: Json | None = None) -> None:
    """Emits `content_block:start` and `content_block:end` of each; `usage` is the whole answer's."""
    for index, block in enumerate(blocks):
        about = {"block_type": block["type"], "block_index": index, "total_blocks": len(blocks)}
        await hooks.emit(CONTENT_BLOCK_START, about)
        cost = {"usage": usage} if usage else {}
        await hooks.emit(CONTENT_BLOCK_END, {**about, "block": block, **cost})


def blocks_of(response: ChatResponse, calls: Sequence[ToolCall]) -> list[Block]:
    """What it says, and the calls in it wherever its provider put them."""
    said = [block.model_dump(mode="json", exclude_none=True) for block in response.content]
    if any(block["type"] == "tool_call" for block in said):
        return said
    called = [{"type": "tool_call", "id": c.id, "name": c.name, "input": c.arguments} for c in calls]
    return [*said, *called]
