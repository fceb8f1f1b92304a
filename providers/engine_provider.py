"""What every provider over an engine of ours shares: one completion at a time through the capability
`alcove.engine`.

The engine streams `chat.completion.chunk`s; they become `content_block:*` events on the session's hooks.
Chunks that arrive while an event is being handled are joined, so a fast engine never waits for slow hooks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, cast

from amplifier_core.capabilities import LOCAL, STREAMING, TOOLS
from amplifier_core.events import CONTENT_BLOCK_DELTA, CONTENT_BLOCK_END, CONTENT_BLOCK_START
from amplifier_core.message_models import ChatRequest, ChatResponse, ToolCall
from amplifier_core.models import ModelInfo, ProviderInfo

from providers.wire import (
    SAMPLING,
    ChunkAccumulator,
    chat_request,
    chat_response,
    clean_text,
    error_data,
    read_error,
    to_llm_error,
)

logger = logging.getLogger(__name__)

ENGINE = "alcove.engine"
"""Name of the coordinator capability that holds the `Engine`."""

VARIATION = "alcove.variation"
"""Name of the coordinator capability with sampling settings for this turn only: a retry has to differ."""

Json = dict[str, Any]


class Engine(Protocol):
    """An engine behind a bridge.

    Strings only. See `py_app/bridge.py` for the one that crosses to JavaScript.
    """

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        """Resolves to `chat.completion` JSON or {"error": ErrorData}."""
        ...

    def cancel(self, request_id: str) -> None:
        """That completion then ends with finish_reason "cancelled"; an unknown id is no error."""
        ...

    async def describe(self) -> str:
        """{"models": [{id, name, context, …}], "loaded": {id, context, …} | null} as JSON."""
        ...


_TIMEOUTS = {"first_token_timeout": 3600.0, "progress_timeout": 60.0, "cancel_timeout": 2.0}


def _settings(config: Mapping[str, Any]) -> Json:
    """The settings of a request that the config fixes, under Amplifier's names or OpenAI's.

    Other keys are another provider's (a shared config may hold an API key): they are named in the log.
    """
    names = {"model": "model", **{name: name for name in SAMPLING}, **{v: k for k, v in SAMPLING.items()}}
    if unknown := sorted(config.keys() - names.keys() - _TIMEOUTS.keys()):
        logger.warning("Provider settings without effect: %s", ", ".join(unknown))
    return {names[key]: value for key, value in config.items() if key in names and value is not None}


class EngineProvider:
    """An Amplifier Provider over one engine.

    Config: `model`, any setting of `wire.SAMPLING` (`temperature`, `max_output_tokens` or `max_tokens`, …),
    and in seconds `first_token_timeout` (a model may have to load, and a long prompt to be read),
    `progress_timeout` (between two tokens) and `cancel_timeout` (a cancelled engine that does not answer is
    left behind).
    """

    def __init__(self, coordinator: Any, config: Mapping[str, Any], *, name: str, display_name: str) -> None:
        self._coordinator = coordinator
        self._name = name
        self._display_name = display_name
        self._model: str | None = config.get("model")
        self._defaults = _settings(config)
        timeouts = {**_TIMEOUTS, **config}
        self._first_token_timeout = float(timeouts["first_token_timeout"])
        self._progress_timeout = float(timeouts["progress_timeout"])
        self._cancel_timeout = float(timeouts["cancel_timeout"])
        self._running: set[_Completion] = set()
        self._models: list[ModelInfo] | None = None
        # Registered once: the token keeps its callbacks for the life of the session.
        coordinator.cancellation.on_cancel(self._on_cancel)

    @property
    def name(self) -> str:
        return self._name

    def get_info(self) -> ProviderInfo:
        return ProviderInfo(
            id=self._name,
            display_name=self._display_name,
            capabilities=[LOCAL, STREAMING, TOOLS],
            defaults=dict(self._defaults),
        )

    async def list_models(self) -> list[ModelInfo]:
        """The engine's models, the loaded one first and with the window it really has.

        [] without an engine.
        """
        if self._models is not None:
            return self._models
        engine = self._engine()
        if engine is None:
            return []
        described: Json = json.loads(await engine.describe())
        if "error" in described:
            raise to_llm_error(read_error(described["error"]), provider=self._name)
        loaded: Json | None = described.get("loaded")
        specs: list[Json] = described.get("models") or []
        models = [_model_info(spec, loaded) for spec in specs]
        models.sort(key=lambda model: loaded is None or model.id != loaded["id"])
        if loaded is not None:  # before a model is loaded its real window is not known
            self._models = models
        return models

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        return list(response.tool_calls or [])

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        """One completion; `kwargs` override fields of `request`.

        A cancelled one returns what was said so far with finish_reason "cancelled".
        Raises LLMError (see `providers/errors.py`), always of the closed set.
        """
        engine = self._engine()
        if engine is None:
            message = f'"{self._name}" has no engine: the session offers no capability "{ENGINE}".'
            raise to_llm_error(error_data("unsupported", message), provider=self._name)
        if kwargs:
            request = ChatRequest.model_validate({**request.model_dump(exclude_none=True), **kwargs})
        request_id = uuid.uuid4().hex
        variation: Json = self._coordinator.get_capability(VARIATION) or {}
        body = chat_request(request, request_id=request_id, defaults={**self._defaults, **variation})
        completion = _Completion(engine, request_id, json.dumps(body), self._cancel_timeout)
        self._running.add(completion)
        try:
            if self._coordinator.cancellation.is_immediate:
                completion.cancel()
            await self._stream(completion, request.timeout)
            return chat_response(self._outcome(completion), provider=self._name)
        except asyncio.CancelledError:
            completion.cancel()
            raise
        finally:
            self._running.discard(completion)

    def _engine(self) -> Engine | None:
        return cast("Engine | None", self._coordinator.get_capability(ENGINE))

    async def _stream(self, completion: _Completion, timeout: float | None) -> None:
        """Turn the completion's text into events until it is over."""
        emit: Callable[[str, Json], Awaitable[Any]] = self._coordinator.hooks.emit
        started, told = False, 0
        wait = timeout or self._first_token_timeout
        try:
            while (text := await completion.next_text(wait)) is not None:
                if not started:
                    started = True
                    await emit(CONTENT_BLOCK_START, {"block_type": "text", "block_index": 0})
                tokens, told = completion.chunks.tokens - told, completion.chunks.tokens
                delta = {"block_type": "text", "block_index": 0, "delta": text, "tokens": tokens}
                await emit(CONTENT_BLOCK_DELTA, delta)
                wait = timeout or self._progress_timeout
        except TimeoutError:
            message = "The model made no progress for too long and was stopped."
            detail = f"{self._name}: no token for {wait:g} s"
            raise to_llm_error(error_data("timeout", message, detail=detail), provider=self._name) from None
        finally:
            if started:
                block = {"type": "text", "text": completion.chunks.text}
                await emit(CONTENT_BLOCK_END, {"block_type": "text", "block_index": 0, "block": block})

    def _outcome(self, completion: _Completion) -> Json:
        outcome = completion.outcome()
        if "error" not in outcome:
            return outcome
        data = read_error(outcome["error"])
        if data["code"] == "cancelled":
            return completion.chunks.completion("cancelled")
        raise to_llm_error(data, provider=self._name, model=self._model)

    async def _on_cancel(self) -> None:
        if self._coordinator.cancellation.is_immediate:
            for completion in self._running:
                completion.cancel()


def _model_info(spec: Json, loaded: Json | None) -> ModelInfo:
    context = int(spec.get("context") or 0)
    if loaded is not None and loaded["id"] == spec["id"]:
        context = int(loaded.get("context") or context)
    return ModelInfo(
        id=spec["id"],
        display_name=spec.get("name") or spec["id"],
        context_window=context,
        # One window holds prompt and answer; a quarter of it is kept free for the answer.
        max_output_tokens=context // 4,
        capabilities=[LOCAL, STREAMING],
    )


class _Completion:
    """One running completion: chunks in by callback, text out by `next_text`."""

    def __init__(self, engine: Engine, request_id: str, body: str, cancel_timeout: float) -> None:
        self.chunks = ChunkAccumulator()
        self._engine = engine
        self._id = request_id
        self._body = body
        self._cancel_timeout = cancel_timeout
        self._cancelled = False
        self._fresh: list[str] = []
        self._wake = asyncio.Event()
        self._limit: asyncio.Timeout | None = None
        self._bad_chunk: str | None = None
        self._task: asyncio.Task[str] = asyncio.ensure_future(self._run())
        self._task.add_done_callback(self._on_done)

    async def _run(self) -> str:
        # The task may start after the cancel, and an engine does not know an id before its completion starts.
        return "" if self._cancelled else await self._engine.complete(self._body, self._on_chunk)

    def _on_done(self, task: asyncio.Task[str]) -> None:
        if not task.cancelled():
            task.exception()  # marks it as seen: nobody asks any more if the caller went away
        self._wake.set()

    def _on_chunk(self, chunk_json: str) -> None:
        try:
            text = self.chunks.add(json.loads(chunk_json))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._bad_chunk = f"{error!r} in {chunk_json[:200]!r}"
            self._engine.cancel(self._id)
            return
        if text:
            self._fresh.append(text)
            self._wake.set()

    def cancel(self) -> None:
        """Stop the engine; cancelling twice is no error."""
        if self._cancelled:
            return
        self._cancelled = True
        self._engine.cancel(self._id)
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + self._cancel_timeout)

    async def next_text(self, timeout: float) -> str | None:
        """All text that came since the last call.

        None at the end. Raises TimeoutError after `timeout` seconds.
        """
        while not self._fresh and not self._task.done():
            self._wake.clear()
            try:
                async with asyncio.timeout(
                    self._cancel_timeout if self._cancelled else timeout
                ) as self._limit:
                    await self._wake.wait()
            except TimeoutError:
                if self._cancelled:
                    return None
                self.cancel()
                raise
            finally:
                self._limit = None
        text = "".join(self._fresh)
        self._fresh.clear()
        return text or None

    def outcome(self) -> Json:
        """The completion's JSON, or {"error": …}; what was said so far if it was cancelled or left behind."""
        if self._bad_chunk:
            return _crash("The engine sent something that is no chunk.", self._bad_chunk)
        if self._cancelled and (not self._task.done() or self._task.exception()):
            return self.chunks.completion("cancelled")
        if error := self._task.exception():
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
