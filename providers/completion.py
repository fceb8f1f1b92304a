"""One running completion of an engine: chunks come in by callback, text goes out by `next_text`."""

from __future__ import annotations

import asyncio
import json
from typing import cast

from amplifier_core.llm_errors import LLMError

from providers.deadline import Deadline
from providers.engine import Engine
from providers.errors import error_data
from providers.json_types import Json
from providers.wire import ChunkAccumulator, clean_text


class Completion:
    """Starts at once. `chunks` holds what was said so far, however it ends."""

    def __init__(self, engine: Engine, request_id: str, body: str, cancel_timeout: float) -> None:
        self.chunks = ChunkAccumulator()
        self._engine = engine
        self._id = request_id
        self._body = body
        self._cancel_timeout = cancel_timeout
        self._cancelled = False
        self._fresh: list[str] = []
        self._waiting: asyncio.Future[None] | None = None
        self._deadline = Deadline(self._wake)
        self._bad_chunk: str | None = None
        self._task: asyncio.Task[str] = asyncio.ensure_future(self._run())
        self._task.add_done_callback(self._on_done)

    async def _run(self) -> str:
        # The task may start after the cancel, and an engine does not know an id before its completion starts.
        return "" if self._cancelled else await self._engine.complete(self._body, self._on_chunk)

    def _on_done(self, task: asyncio.Task[str]) -> None:
        if not task.cancelled():
            task.exception()  # marks it as seen: nobody asks any more if the caller went away
        self._deadline.close()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _on_chunk(self, chunk_json: str) -> None:
        try:
            text = self.chunks.add(json.loads(chunk_json))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._bad_chunk = f"{error!r} in {chunk_json[:200]!r}"
            self._engine.cancel(self._id)
            return
        if not self._cancelled:
            self._deadline.extend()  # a tool call being written is progress too
        if text:
            self._fresh.append(text)
            self._wake()

    def cancel(self) -> None:
        """Stop the engine; cancelling twice is no error."""
        if self._cancelled:
            return
        self._cancelled = True
        self._engine.cancel(self._id)
        self._deadline.set(self._cancel_timeout)

    async def next_text(self, timeout: float) -> str | None:
        """All text that came since the last call.

        None at the end. Raises TimeoutError after `timeout` seconds without a chunk.
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
                    return None
                self.cancel()
                raise TimeoutError
        text = "".join(self._fresh)
        self._fresh.clear()
        return text or None

    def outcome(self) -> Json:
        """The completion's JSON, or {"error": …}; what was said so far if it was cancelled or left behind.

        Raises the LLMError that the engine raised.
        """
        if self._bad_chunk:
            return _crash("The engine sent something that is no chunk.", self._bad_chunk)
        if self._cancelled and (not self._task.done() or self._task.exception()):
            return self.chunks.completion("cancelled")
        error = self._task.exception()
        if isinstance(error, LLMError):
            raise error
        if error is not None:
            return _crash("The engine stopped working.", repr(error))
        result = self._task.result()
        if not result:
            return self.chunks.completion("cancelled" if self._cancelled else None)
        try:
            outcome = json.loads(result)
        except ValueError as error:
            return _crash("The engine's answer cannot be read.", repr(error))
        return (
            cast(Json, outcome)
            if isinstance(outcome, dict)
            else _crash("The engine's answer is empty.", result)
        )


def _crash(message: str, detail: str) -> Json:
    return {"error": error_data("engine-crashed", message, detail=clean_text(detail)[:500])}
