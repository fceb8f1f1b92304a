"""One answer, from the chunks in which it comes."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

from amplifier_core.content_models import TextContent, ThinkingContent, ToolCallContent
from amplifier_core.message_models import ChatResponse, TextBlock, ThinkingBlock, ToolCall

from providers.calls.fit import fitted
from providers.calls.reader import CallReader
from providers.calls.text import Tools
from providers.json_types import Json
from providers.wire.call_pieces import CallPieces
from providers.wire.calls import tool_call
from providers.wire.said import first_choice, said
from providers.wire.thinking import Piece, ThinkingReader
from providers.wire.usage import count, read_usage

_ENDINGS = {
    "max_tokens": "length",
    "model_length": "length",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
}
_KNOWN_ENDINGS = ("stop", "length", "tool_calls", "content_filter", "cancelled", "error")


@dataclass
class Block:
    """Text or thinking; `ms` is how long it took, `field` the field of its own in which a server put it."""

    kind: Literal["text", "thinking"]
    pieces: list[str] = dataclasses.field(default_factory=list[str])
    field: str | None = None
    began: float = dataclasses.field(default_factory=time.monotonic)
    ended: float = 0.0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def ms(self) -> int:
        return round(max(0.0, self.ended - self.began) * 1000)


class ChunkAccumulator:
    """Adds up `chat.completion.chunk`s: what has been said so far is never lost, however a stream ends."""

    def __init__(self, tools: Tools | None = None) -> None:
        """`tools` may be called."""
        self.blocks: list[Block] = []
        """What was said, in the order in which it was."""
        self._reader = ThinkingReader()
        self._tools = tools or {}
        self._calls = CallPieces(self._tools)
        self._written = CallReader(self._tools)
        """Reads the calls in the text."""
        self._model: str | None = None
        self._usage: object = None
        self._finish_reason: str | None = None
        self._tokens = 0
        """Those of what waits in the reader."""

    def took(self, block: int) -> int:
        """Milliseconds that the block of that number took so far."""
        return self.blocks[block].ms if block < len(self.blocks) else 0

    @property
    def text(self) -> str:
        """The answer so far, without the thinking."""
        return "".join(block.text for block in self.blocks if block.kind == "text")

    def add(self, chunk: Json) -> list[Piece]:
        """Take one chunk, or a whole `chat.completion`; returns what is certain now (often nothing)."""
        model: object = chunk.get("model")
        self._model = model if model and isinstance(model, str) else self._model
        self._usage = chunk.get("usage") or self._usage
        pieces: list[Piece] = []
        for choice in first_choice(chunk.get("choices")):
            self._finish_reason = _ending(choice.get("finish_reason")) or self._finish_reason
            # A whole answer is a message; some servers send one at the end of a stream too.
            delta = _object(choice.get("delta")) or ({} if self.blocks else _object(choice.get("message")))
            words = list(said(delta))
            if words:
                self._tokens += count(chunk["tokens"]) if "tokens" in chunk else 1
            for what in words:
                if what.kind == "text":
                    pieces += self._take(self._reader.take(what.text))
                else:
                    self._reader.thought()
                    pieces += self._take([Piece("thinking", what.text)], what.field)
            for call in _calls(delta):
                self._calls.add(call)
        return pieces

    def end(self, *, cut: bool = False) -> list[Piece]:
        """What waited for more, which does not come; `cut`: the answer did not end by itself."""
        told = self._take(self._reader.end())
        cut = cut or self._finish_reason in ("length", "cancelled")
        return told + self._tell("text", self._written.end(cut=cut))

    def _take(self, pieces: Iterable[Piece], field: str | None = None) -> list[Piece]:
        told: list[Piece] = []
        for piece in pieces:
            if piece.kind == "recast":
                told += self._recast(piece)
            elif piece.kind == "text" and self._tools:
                told += self._tell("text", self._written.take(piece.text))
            else:
                told += self._tell(piece.kind, piece.text, field)
        self._close()
        return told

    def _tell(self, kind: Literal["text", "thinking"], text: str, field: str | None = None) -> list[Piece]:
        if not text:
            return []
        if not self.blocks or self.blocks[-1].kind != kind:
            self._close()
            self.blocks.append(Block(kind, field=field))
        self.blocks[-1].pieces.append(text)
        return [self._piece(kind, text)]

    def _recast(self, piece: Piece) -> list[Piece]:
        """All text so far was thinking, and a call in it was only a thought."""
        thought = f"{self.text}{self._written.end(cut=True)}{piece.text}".rstrip()
        self._written = CallReader(self._tools)
        if not thought:
            return []
        began = self.blocks[0].began if self.blocks else time.monotonic()
        self.blocks = [Block("thinking", [thought], began=began)]
        return [self._piece("recast", piece.text)]

    def _piece(self, kind: Literal["text", "thinking", "recast"], text: str) -> Piece:
        tokens, self._tokens = self._tokens, 0
        return Piece(kind, text, tokens)

    def _close(self) -> None:
        """The last block has lasted until now."""
        if self.blocks:
            self.blocks[-1].ended = time.monotonic()

    def response(
        self, *, provider: str, finish_reason: str | None = None, taken: set[str] | None = None
    ) -> ChatResponse:
        """The answer so far.

        `metadata` holds `provider` and `model`; `content_blocks` is what official orchestrators tell
        hooks of; a ThinkingBlock has `ms` and, where a server told thinking from text itself, `field`. No id
        of a call is among `taken`, which they join.
        """
        self.end(cut=finish_reason == "cancelled")
        ids: set[str] = set() if taken is None else taken
        calls = [self._fitted(tool_call(call, ids)) for call in self._all_calls()]
        blocks: Json = {"content_blocks": [*map(_told, self.blocks), *map(_told_call, calls)]}
        return ChatResponse(
            content=[_content(block) for block in self.blocks],
            tool_calls=calls or None,
            usage=read_usage(self._usage),
            finish_reason=finish_reason or self._reason(calls),
            metadata={"provider": provider, "model": self._model},
            **blocks,
        )

    def _all_calls(self) -> list[Json]:
        """Those that came as calls, then those in the text: some servers send the same one both ways."""
        calls = self._calls.all()
        known = [_shape(call) for call in calls]
        written: list[Json] = [
            {"function": {"name": call.name, "arguments": call.arguments}} for call in self._written.calls
        ]
        return [*calls, *(call for call in written if _shape(call) not in known)]

    def _fitted(self, call: ToolCall) -> ToolCall:
        if call.name in self._tools:
            call.arguments = fitted(call.arguments, self._tools[call.name])
        return call

    def _reason(self, calls: list[ToolCall]) -> str:
        reason = self._finish_reason or "stop"
        return "tool_calls" if calls and reason == "stop" else reason


def _shape(call: Json) -> object:
    """What makes two calls the same."""
    function: Json = call.get("function") or {}
    arguments: object = function.get("arguments")
    try:
        return function.get("name"), json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        return function.get("name"), arguments


def _content(block: Block) -> TextBlock | ThinkingBlock:
    if block.kind == "text":
        return TextBlock(text=block.text)
    extra: Json = {"ms": block.ms, **({"field": block.field} if block.field else {})}
    return ThinkingBlock(thinking=block.text, **extra)


def _told(block: Block) -> TextContent | ThinkingContent:
    return TextContent(text=block.text) if block.kind == "text" else ThinkingContent(text=block.text)


def _told_call(call: ToolCall) -> ToolCallContent:
    return ToolCallContent(id=call.id, name=call.name, arguments=call.arguments)


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _calls(delta: Json) -> list[Json]:
    """The calls in a delta, OpenAI's first form of them among them."""
    given: object = delta.get("tool_calls")
    if not given and "function_call" not in delta:
        return []
    listed = cast("list[object]", given if isinstance(given, list) else [given])
    calls = [cast("Json", call) for call in listed if isinstance(call, dict)]
    old: object = delta.get("function_call")
    return [*calls, {"function": old}] if isinstance(old, dict) else calls


def _ending(given: object) -> str | None:
    """A server's word for how its answer ended, as one of ours; None where it did not say."""
    if not given:
        return None
    word = str(given).lower()
    ending = _ENDINGS.get(word, word)
    return ending if ending in _KNOWN_ENDINGS else "stop"
