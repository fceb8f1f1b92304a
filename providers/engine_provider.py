"""What every provider over an `Engine` shares.

The engine streams `chat.completion.chunk`s; they become `content_block:*` events on the session's hooks.
Chunks that arrive while an event is being handled are joined, so a fast engine never waits for slow hooks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections.abc import Sequence
from typing import Any, cast

from amplifier_core.capabilities import LOCAL, STREAMING, TOOLS, VISION
from amplifier_core.events import LLM_REQUEST, LLM_RESPONSE
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest, ChatResponse, ToolCall
from amplifier_core.models import ModelInfo, ProviderInfo

from providers.blocks import BlockEvents
from providers.calls.tools import callable_tools
from providers.capabilities import CHOSEN_SAMPLING, ENGINE, VARIATION
from providers.completion import Completion
from providers.coordinator import Coordinator
from providers.engine import Engine
from providers.errors import ErrorData, NoSightError, error_data, read_error, to_llm_error
from providers.json_types import Json
from providers.wire import SAMPLING, chat_request, has_pictures
from providers.wire.usage import told_usage

logger = logging.getLogger(__name__)

CACHED = "cached"
"""A model's capability: its files are on this device."""

_TIMEOUTS = {"first_token_timeout": 3600.0, "progress_timeout": 60.0, "cancel_timeout": 2.0}


def _settings(config: Json) -> Json:
    """The settings of a request that the config fixes, under Amplifier's names or OpenAI's.

    Other keys are another provider's (a shared config may hold an API key): they are named in the log.
    """
    names = {"model": "model", **{name: name for name in SAMPLING}, **{v: k for k, v in SAMPLING.items()}}
    if unknown := sorted(config.keys() - names.keys() - _TIMEOUTS.keys()):
        logger.warning("Provider settings without effect: %s", ", ".join(unknown))
    return {names[key]: value for key, value in config.items() if key in names and value is not None}


class EngineProvider:
    """An Amplifier Provider over the engine of this tab; one over another engine overrides `_engine`.

    Config: `model`, any setting of `wire.SAMPLING` (`temperature`, `max_output_tokens` or `max_tokens`, …),
    and in seconds `first_token_timeout` (a model may have to load, and a long prompt to be read),
    `progress_timeout` (between two tokens) and `cancel_timeout` (a cancelled engine that does not answer is
    left behind).
    """

    def __init__(
        self,
        coordinator: Coordinator,
        config: Json,
        *,
        name: str,
        display_name: str,
        capabilities: Sequence[str] = (LOCAL, STREAMING, TOOLS),
    ) -> None:
        self._coordinator = coordinator
        self._name = name
        self._display_name = display_name
        self._capabilities = list(capabilities)
        self._model: str | None = config.get("model")
        self._defaults = _settings(config)
        timeouts = {**_TIMEOUTS, **config}
        self._first_token_timeout = float(timeouts["first_token_timeout"])
        self._progress_timeout = float(timeouts["progress_timeout"])
        self._cancel_timeout = float(timeouts["cancel_timeout"])
        self._running: set[Completion] = set()
        self._models: list[ModelInfo] | None = None
        self._asking: asyncio.Task[list[ModelInfo]] | None = None
        self._blind: set[str | None] = set()
        """Models that turned out not to see."""
        self._call_ids: set[str] = set()
        # Registered once: the token keeps its callbacks for the life of the session.
        coordinator.cancellation.on_cancel(self._on_cancel)

    @property
    def name(self) -> str:
        return self._name

    def get_info(self) -> ProviderInfo:
        return ProviderInfo(
            id=self._name,
            display_name=self._display_name,
            capabilities=self._capabilities,
            defaults=dict(self._defaults),
        )

    async def list_models(self) -> list[ModelInfo]:
        """The engine's models: the loaded one first and with the window it really has, then the cached ones.

        [] without an engine. Raises LLMError when the engine cannot say.
        """
        if self._models is not None:
            return self._models
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask_models())
        return await asyncio.shield(self._asking)

    def ask_ahead(self) -> None:
        """Ask for the models while nobody waits: the first turn needs to know the window."""
        self._asking = asyncio.ensure_future(self._ask_models())
        # What it fails with is told to whoever asks next.
        self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())

    async def _ask_models(self) -> list[ModelInfo]:
        engine = self._engine()
        if engine is None:
            return []
        offered: Json = json.loads(await engine.list_models())
        if "error" in offered:
            raise to_llm_error(read_error(offered["error"]), provider=self._name)
        loaded, specs = self._own(offered)
        specs = [{**spec, "sees": spec.get("sees") and spec["id"] not in self._blind} for spec in specs]
        models = [_model_info(spec, self._capabilities) for spec in specs]
        if loaded:  # before a model is loaded its real window is not known
            self._models = models
        return models

    def _own(self, offered: Json) -> tuple[bool, list[Json]]:
        """Whether a model of this provider is loaded, and its models in the order in which they are offered.

        An engine may share its host with others; what names no engine belongs to whoever asks.
        """
        specs = {spec["id"]: spec for spec in cast(list[Json], offered.get("models") or [])}
        loaded: Json = offered.get("loaded") or {}
        if loaded:
            spec = specs.pop(loaded["id"], {})
            specs = {
                loaded["id"]: {**spec, **loaded, "context": loaded.get("context") or spec.get("context")},
                **specs,
            }
        own = [spec for spec in specs.values() if spec.get("engine", self._name) == self._name]
        own.sort(key=lambda spec: (spec["id"] != loaded.get("id"), not spec.get("cached")))
        return bool(own) and own[0]["id"] == loaded.get("id"), own

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        return list(response.tool_calls or [])

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        """One completion; `kwargs` override fields of `request`.

        A cancelled one returns what was said so far with finish_reason "cancelled".
        Raises LLMError (see `providers/errors.py`), always of the closed set.
        """
        engine = self._engine()
        if engine is None:
            raise to_llm_error(self._no_engine(), provider=self._name)
        if kwargs:
            request = ChatRequest.model_validate({**request.model_dump(exclude_none=True), **kwargs})
        request_id = str(uuid.uuid4())
        defaults = self._sampling()
        sees = not has_pictures(request) or await self._sees(request.model or defaults.get("model"))
        body = chat_request(request, request_id=request_id, defaults=defaults, sees=sees)
        if not body.get("model") and (models := await self.list_models()):
            body["model"] = models[0].id
        self._call_ids |= _call_ids(body)
        tools = callable_tools(body)
        completion = Completion(engine, request_id, json.dumps(body), self._cancel_timeout, tools=tools)
        self._running.add(completion)
        try:
            if self._coordinator.cancellation.is_immediate:
                completion.cancel()
            return await self._told(completion, request, request_id, body.get("model"))
        except asyncio.CancelledError:
            completion.cancel()
            raise
        except LLMError as error:
            self._models = None  # the engine may come back with another window
            if isinstance(error, NoSightError):
                self._blind.add(body.get("model"))
            raise
        finally:
            self._running.discard(completion)

    async def _told(
        self, completion: Completion, request: ChatRequest, request_id: str, model: str | None
    ) -> ChatResponse:
        """Runs it between the events `llm:request` and `llm:response`, by which hooks count what it costs."""
        emit = self._coordinator.hooks.emit
        about: Json = {"request_id": request_id, "provider": self._name, "model": model}
        counts = {"message_count": len(request.messages), "tool_count": len(request.tools or [])}
        await emit(LLM_REQUEST, {**about, **counts})
        began = time.perf_counter()

        def figures(status: str) -> Json:
            return {**about, "status": status, "duration_ms": round(1000 * (time.perf_counter() - began))}

        events = BlockEvents(self._coordinator.hooks, request_id, lambda block: completion.chunks.took(block))
        # Who asks in the background, for a title, say, wants nobody to hear it.
        quiet = (request.metadata or {}).get("stream") is False
        try:
            await self._stream(completion, None if quiet else events, request.timeout)
            response = self._response(completion)
        except LLMError as error:
            await events.abort(error)
            await emit(LLM_RESPONSE, {**figures("error"), "error": str(error)})
            raise
        if not quiet:
            await events.call(response.tool_calls or [])
        usage = told_usage(response.usage) if response.usage else None
        model = (response.metadata or {}).get("model") or model
        await emit(LLM_RESPONSE, {**figures("ok"), "model": model, "usage": usage})
        return response

    async def _sees(self, model: str | None) -> bool:
        """Whether `model` (else the first one) can see.

        True too if nobody knows: then the picture is sent, and what cannot take it says so.
        """
        models: list[ModelInfo] = []
        with contextlib.suppress(LLMError):  # a server may have no list, and answer all the same
            models = await self.list_models()
        info = next((info for info in models if model in (None, info.id)), None)
        return info is None or VISION in info.capabilities

    def _engine(self) -> Engine | None:
        return self._coordinator.get_capability(ENGINE)

    def _sampling(self) -> Json:
        """The settings of a request that leaves them open: the config's, and before them what was chosen."""
        chosen = {**self._defaults, **_settings(self._coordinator.get_capability(CHOSEN_SAMPLING) or {})}
        variation: Json | None = self._coordinator.get_capability(VARIATION)
        if not variation:
            return chosen
        # From the same seed the same would come; and what was to be warmer stays so.
        chosen.pop("seed", None)
        return {**chosen, **self._variation(chosen, variation)}

    def _variation(self, chosen: Json, variation: Json) -> Json:
        return {name: max(value, chosen.get(name, value)) for name, value in variation.items()}

    def _no_engine(self) -> ErrorData:
        return error_data(
            "unsupported", f'"{self._name}" has no engine: the session offers no capability "{ENGINE}".'
        )

    async def _stream(
        self, completion: Completion, events: BlockEvents | None, timeout: float | None
    ) -> None:
        """Turn what the completion says into events until it is over."""
        wait = timeout or self._first_token_timeout
        try:
            while pieces := await completion.next_pieces(wait):
                if events:
                    for piece in pieces:
                        await events.say(piece)
                wait = timeout or self._progress_timeout
        except TimeoutError:
            message = "The model made no progress for too long and was stopped."
            detail = f"{self._name}: no token for {wait:g} s"
            raise to_llm_error(error_data("timeout", message, detail=detail), provider=self._name) from None
        finally:
            if events:
                await events.end()

    def _response(self, completion: Completion) -> ChatResponse:
        failure = completion.failure()
        if failure is not None and failure["code"] != "cancelled":
            raise to_llm_error(failure, provider=self._name, model=self._model)
        return completion.chunks.response(
            provider=self._name,
            finish_reason="cancelled" if failure or completion.cut_off else None,
            taken=self._call_ids,
        )

    async def _on_cancel(self) -> None:
        if self._coordinator.cancellation.is_immediate:
            for completion in self._running:
                completion.cancel()


def _call_ids(body: Json) -> set[str]:
    """The ids of the calls in a request."""
    return {call["id"] for message in body["messages"] for call in message.get("tool_calls") or ()}


def _model_info(spec: Json, capabilities: list[str]) -> ModelInfo:
    context = int(spec.get("context") or 0)
    return ModelInfo(
        id=spec["id"],
        display_name=spec.get("name") or spec["id"],
        context_window=context,
        # One window holds prompt and answer; a quarter of it is kept free for the answer.
        max_output_tokens=context // 4,
        capabilities=[
            *capabilities,
            *([VISION] if spec.get("sees") else []),
            *([CACHED] if spec.get("cached") else []),
        ],
    )
