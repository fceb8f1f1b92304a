"""What a model says, as events: one block after the other, of text or of thinking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amplifier_core.events import CONTENT_BLOCK_DELTA
from amplifier_core.hooks import HookRegistry
from amplifier_core.message_models import ToolCall

from providers.json_types import Json
from providers.wire import Piece
from providers.wire.stream_events import ABORTED, BLOCK_DELTA, BLOCK_END, BLOCK_START


class BlockEvents:
    """The blocks of one answer while it comes; its orchestrator tells them whole (`content_block:end`).

    Each piece is told under the kernel's own name too, `content_block:delta`. Where text turns out to have
    been thinking, its block ends as a block of thinking.
    """

    def __init__(self, hooks: HookRegistry, request_id: str, took: Callable[[int], int]) -> None:
        """`took` tells the milliseconds of a block by its number."""
        self._hooks = hooks
        self._request = {"request_id": request_id}
        self._took = took
        self._index = 0
        self._type: str | None = None
        """Of the block that is open."""
        self._pieces: list[str] = []
        self._told = False

    async def say(self, piece: Piece) -> None:
        if piece.kind == "recast" and self._type is not None:
            self._type = "thinking"
            await self._end(recast="".join([*self._pieces, piece.text]).rstrip())
            return
        block_type = "text" if piece.kind == "text" else "thinking"
        if self._type != block_type:
            await self.end()
            self._type = block_type
            await self._hooks.emit(BLOCK_START, self._about())
        about = {**self._about(), "tokens": piece.tokens}
        await self._hooks.emit(CONTENT_BLOCK_DELTA, {**about, "delta": piece.text})
        sequence = len(self._pieces)
        self._pieces.append(piece.text)
        self._told = True
        await self._hooks.emit(BLOCK_DELTA, {**about, "sequence": sequence, "text": piece.text})

    async def end(self) -> None:
        """Nothing more comes of the block that is open, if one is."""
        if self._type is not None:
            await self._end()

    async def call(self, calls: Sequence[ToolCall]) -> None:
        """The calls of tools, which come whole."""
        for call in calls:
            self._type = "tool_use"
            await self._hooks.emit(BLOCK_START, {**self._about(), "name": call.name})
            await self._end()

    async def abort(self, error: Exception) -> None:
        """The answer broke off."""
        if self._told:
            told = {"type": type(error).__name__, "msg": str(error)}
            await self._hooks.emit(ABORTED, {**self._request, "error": told})

    async def _end(self, **more: str) -> None:
        about: Json = {**self._about(), **more}
        if self._type == "thinking":
            about["ms"] = self._took(self._index)
        self._type, self._index = None, self._index + 1
        self._pieces.clear()
        await self._hooks.emit(BLOCK_END, about)

    def _about(self) -> Json:
        return {**self._request, "block_type": self._type, "block_index": self._index}
