"""What a model says, as events: one block after the other, of text or of thinking."""

from __future__ import annotations

from collections.abc import Callable

from amplifier_core.events import CONTENT_BLOCK_DELTA, CONTENT_BLOCK_END, CONTENT_BLOCK_START
from amplifier_core.hooks import HookRegistry

from providers.json_types import Json
from providers.wire import Piece


class BlockEvents:
    """The blocks of one answer. The end of a block holds all of it, and `ms`, the time that thinking took.

    Where text turns out to have been thinking, its block ends as a block of thinking.
    """

    def __init__(self, hooks: HookRegistry, took: Callable[[int], int]) -> None:
        """`took` tells the milliseconds of a block by its number."""
        self._hooks = hooks
        self._took = took
        self._index = 0
        self._type: str | None = None
        """Of the block that is open."""
        self._pieces: list[str] = []

    async def say(self, piece: Piece) -> None:
        if piece.kind == "recast" and self._type is not None:
            self._type, self._pieces = "thinking", ["".join([*self._pieces, piece.text]).rstrip()]
            await self.end()
            return
        block_type = "text" if piece.kind == "text" else "thinking"
        if self._type != block_type:
            await self.end()
            self._type = block_type
            await self._hooks.emit(CONTENT_BLOCK_START, self._about(block_type))
        self._pieces.append(piece.text)
        delta = {"delta": piece.text, "tokens": piece.tokens}
        await self._hooks.emit(CONTENT_BLOCK_DELTA, {**self._about(block_type), **delta})

    async def end(self) -> None:
        """Nothing more comes of the block that is open, if one is."""
        if self._type is None:
            return
        block_type, text = self._type, "".join(self._pieces)
        block: Json = {"type": block_type, block_type: text}
        if block_type == "thinking":
            block["ms"] = self._took(self._index)
        about = self._about(block_type)
        self._type, self._pieces, self._index = None, [], self._index + 1
        await self._hooks.emit(CONTENT_BLOCK_END, {**about, "block": block})

    def _about(self, block_type: str) -> Json:
        return {"block_type": block_type, "block_index": self._index}
