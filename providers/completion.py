"""One running completion of an engine: chunks come in by callback, what is said goes out by `next_pieces`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import cast

from amplifier_core.llm_errors import LLMError

from providers.calls.text import Tools
from providers.deadline import Deadline
from providers.engine import Engine
from providers.errors import ErrorData, error_data, read_error
from providers.json_types import Json
from providers.wire import ChunkAccumulator, Piece, clean_text


class Completion:
    """Starts at once. `chunks` holds what was said so far, however it ends."""

    def __init__(
        self,
        engine: Engine,
        request_id: str,
        body: str,
        cancel_timeout: float,
        *,
        tools: Tools | None = None,
    ) -> None:
        """`tools` may be called."""
        self.chunks = ChunkAccumulator(tools)
        self._tools = tools
        self._engine = engine
        self._id = request_id
        self._body = body
        self._cancel_timeout = cancel_timeout
        self._cancelled = False
        self._fresh: list[Piece] = []
        self._waiting: asyncio.Future[None] | None = None
        self._deadline = Deadline(self._wake)
        self._bad_chunk: str | None = None
        self._task: asyncio.Task[Json] = asyncio.ensure_future(self._run())
        self._task.add_done_callback(self._on_done)

    async def _run(self) -> Json:
        """What the engine answered beside its chunks; a whole answer takes their place."""
        # The task may start after the cancel, and an engine does not know an id before its completion starts.
        result = "" if self._cancelled else await self._engine.complete(self._body, self._on_chunk)
        if not result:
            return {}
        try:
            answer: object = json.loads(result)
        except ValueError as error:
            return _crash("The engine's answer cannot be read.", repr(error))
        if not isinstance(answer, dict):
            return _crash("The engine's answer is empty.", result)
        if "error" not in answer:
            if not cast(Json, answer).get("choices"):
                return _crash("The engine gave no answer.", result)
            streamed, self.chunks = self.chunks, ChunkAccumulator(self._tools)
            pieces = [*self.chunks.add(cast(Json, answer)), *self.chunks.end()]
            # What was streamed is the same answer; some of it may have waited for more.
            self._fresh += streamed.end(cut=self._cancelled) if streamed.blocks else pieces
        return cast(Json, answer)

    def _on_done(self, task: asyncio.Task[Json]) -> None:
        if not task.cancelled():
            task.exception()  # marks it as seen: nobody asks any more if the caller went away
        self._fresh += self.chunks.end(cut=self._cancelled)
        self._deadline.close()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _on_chunk(self, chunk_json: str) -> None:
        try:
            pieces = self.chunks.add(json.loads(chunk_json))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._bad_chunk = f"{error!r} in {chunk_json[:200]!r}"
            self._engine.cancel(self._id)
            return
        if not self._cancelled:
            self._deadline.extend()  # a tool call being written is progress too
        if pieces:
            self._fresh += pieces
            self._wake()

    def cancel(self) -> None:
        """Stop the engine; cancelling twice is no error."""
        if self._cancelled:
            return
        self._cancelled = True
        self._engine.cancel(self._id)
        self._deadline.set(self._cancel_timeout)

    async def next_pieces(self, timeout: float) -> list[Piece]:
        """All that was said since the last call, neighbours of one kind joined.

        [] at the end. Raises TimeoutError after `timeout` seconds without a chunk.
        """
        self._deadline.set(self._cancel_timeout if self._cancelled else timeout)
        while not self._fresh and not self._task.done():
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
            if self._deadline.passed and not self._fresh and not self._task.done():
                if self._cancelled:
                    return []
                self.cancel()
                raise TimeoutError
        pieces = _joined(self._fresh)
        self._fresh.clear()
        return pieces

    def failure(self) -> ErrorData | None:
        """What went wrong; None if `chunks` hold the answer, or what was said of it until it was cancelled.

        Raises the LLMError that the engine raised.
        """
        if self._bad_chunk:
            return _crash("The engine sent something that is no chunk.", self._bad_chunk)["error"]
        if self._cancelled and (not self._task.done() or self._task.exception()):
            return None
        error = self._task.exception()
        if isinstance(error, LLMError):
            raise error
        if error is not None:
            return _crash("The engine stopped working.", repr(error))["error"]
        said: Json = self._task.result()
        return read_error(said["error"]) if "error" in said else None

    @property
    def cut_off(self) -> bool:
        """Whether it was stopped before the engine said how it ended."""
        if not self._cancelled or not self._task.done():
            return self._cancelled
        return bool(self._task.exception()) or not self._task.result()


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and piece.kind == last.kind:
            joined[-1] = Piece(last.kind, last.text + piece.text, last.tokens + piece.tokens)
        else:
            joined.append(piece)
    return joined


def _crash(message: str, detail: str) -> Json:
    return {"error": error_data("engine-crashed", message, detail=clean_text(detail)[:500])}
