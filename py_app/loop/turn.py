"""One turn: a chain of steps, each a provider call and the tools that it asked for."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from functools import partial

from amplifier_core.events import (
    CONTENT_BLOCK_DELTA,
    PROMPT_COMPLETE,
    PROMPT_SUBMIT,
    PROVIDER_ERROR,
    PROVIDER_REQUEST,
    PROVIDER_RESPONSE,
    PROVIDER_RETRY,
)
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager, Provider, Tool
from amplifier_core.llm_errors import ContextLengthError, InvalidRequestError, LLMError
from amplifier_core.message_models import ChatRequest, ChatResponse, TextBlock, ToolCall
from amplifier_core.models import ContextInjection, HookResult
from amplifier_core.utils.retry import RetryConfig, retry_with_backoff

from providers.capabilities import ANSWER_SCHEMA, BUDGET, GOING_ON
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.context.sequence import call_ids
from py_app.documents.retriever import Retriever
from py_app.errors import AlcoveError, TurnCancelledError
from py_app.hooks.budget import TurnBudget
from py_app.hooks.speech import Speech
from py_app.json_schema import Schema
from py_app.loop.answer_shape import AnswerShape
from py_app.loop.cancel import CancelGate
from py_app.loop.content_blocks import blocks_of, tell_blocks
from py_app.loop.describe_pictures import PictureDescriber
from py_app.loop.messages import (
    assistant_message,
    chat_request,
    error_told,
    inject,
    join_answers,
    missing_answer,
    response_text,
    tool_message,
    user_message,
)
from py_app.loop.outcome import Outcome
from py_app.loop.steering import Steering
from py_app.loop.tool_runner import ToolRunner
from py_app.message import Block, Message, text_of
from py_app.module_names import LOOP

_GO_ON = "Your last message broke off. Go on exactly where it ends, without repeating anything of it."
_PROVIDER_GRACE = 3.0
"""Seconds that a cancelled provider gets to hand over what it has."""

_CONTINUE = HookResult()


@dataclass
class Parts:
    """What the turns of a session share."""

    gate: CancelGate
    tools: ToolRunner
    describer: PictureDescriber
    retriever: Retriever
    outcome: Outcome
    retry: RetryConfig
    max_iterations: int
    tool_choice: str | None
    """What a turn's first step may do with the tools; the provider's own way when None."""
    speech: Speech = field(default_factory=Speech)
    """What the provider call that runs has streamed: kept if the call fails or is cancelled."""
    steering: Steering = field(default_factory=Steering)
    pictures: list[Block] = field(default_factory=list[Block])
    """What the person sends along with the next prompt."""


class Turn:
    """One turn of one session."""

    def __init__(
        self,
        parts: Parts,
        context: ContextManager,
        provider: Provider,
        tools: dict[str, Tool],
        hooks: HookRegistry,
        coordinator: Coordinator | None,
    ) -> None:
        self.iterations = 0
        schema: Schema | None = coordinator.get_capability(ANSWER_SCHEMA) if coordinator else None
        self._shape = AnswerShape(schema, has_tools=bool(tools)) if schema else None
        self._parts = parts
        self._context = context
        self._provider = provider
        self._tools = tools
        self._hooks = hooks
        self._coordinator = coordinator
        self._injections: list[ContextInjection] = []

    async def run(self, prompt: str) -> str:
        pictures = list(self._parts.pictures)
        self._parts.pictures.clear()
        if self._coordinator is not None and self._coordinator.get_capability(GOING_ON):
            return await self._go_on()
        if not prompt.strip() and not pictures:
            raise AlcoveError("bad-request", "The message is empty.", action="Write something first.")
        verdict = await self._emit(PROMPT_SUBMIT, {"prompt": prompt})
        if verdict.action == "deny":
            return await self._say(f"This was not allowed: {verdict.reason or 'a hook refused it'}", "denied")
        prompt = str((verdict.data or {}).get("prompt", prompt))  # a hook may have changed it
        schema = self._shape.schema if self._shape else None
        documents = self._parts.retriever.documents(self._tools)
        await self._context.add_message(user_message(prompt, pictures, schema, documents))
        text = await self._steps()
        await self._emit(PROMPT_COMPLETE, {"prompt": prompt, "response": text})
        return text

    async def _go_on(self) -> str:
        """Goes on from what the context holds.

        An answer that broke off in its text stays one message: the model is asked for the rest of it.
        """
        messages = await self._context.get_messages()
        broken = messages[-1] if messages and messages[-1]["role"] == "assistant" else None
        if broken is None or call_ids(broken):
            return await self._steps()
        # It broke off while it thought; or there is half an object, which no model makes whole.
        if not text_of(broken).strip() or self._shape:
            await self._context.set_messages(messages[:-1])
            return await self._steps()
        self._injections.append(ContextInjection(content=_GO_ON, role="user", ephemeral=True))
        before = len(messages)
        try:
            return await self._steps()
        finally:
            after = await self._context.get_messages()
            if len(after) > before and after[before]["role"] == "assistant":
                joined = join_answers(broken, after[before])
                await self._context.set_messages([*after[: before - 1], joined, *after[before + 1 :]])

    async def _steps(self) -> str:
        text = ""
        try:
            nothing = await self._parts.gate.run(self._parts.retriever.prepare(self._context, self._provider))
        except TurnCancelledError:
            return self._end(text, "cancelled")
        if nothing:
            return await self._say(nothing, "stop")
        while self.iterations < self._parts.max_iterations:
            if self._parts.gate.stopping:
                return self._end(text, "cancelled")
            await self._hear()  # also where nobody answers it now: it is read when the turn is gone on with
            if word := self._spent():
                return await self._say(word, "budget")
            self.iterations += 1
            try:
                response = await self._complete()
            except TurnCancelledError:
                return self._end(await self._keep_partial("cancelled"), "cancelled")
            except BaseException:
                await self._keep_partial("error")
                raise
            text = response_text(response)
            calls = self._provider.parse_tool_calls(response)
            reason = response.finish_reason or "stop"
            if reason == "cancelled":
                calls = []  # a call that was cut off must not run
            await self._report(response)
            again = self._shape and not calls and reason != "cancelled" and self._shape.again(text, reason)
            if not again and not calls and reason != "cancelled" and (note := missing_answer(response)):
                await self._stream(note)
                response.content.append(TextBlock(text=note))
                text, reason = f"{text}{note}", "no_answer"
            await tell_blocks(self._hooks, blocks_of(response, calls), _usage(response))
            if again:
                continue
            if text or calls or response.content:
                await self._context.add_message(
                    assistant_message(text, calls, finish_reason=reason, response=response)
                )
            if not calls and not (self._parts.steering and reason != "cancelled"):
                if self._shape and reason != "cancelled":
                    self._parts.outcome.more["object"] = self._shape.answer()
                return self._end(text, reason)
            if calls and not await self._run_tools(calls):
                return self._end(text, "cancelled")
        await self._hear()
        note = (
            f"I stopped after {self.iterations} steps without finishing. Ask me to go on if you want me to."
        )
        return await self._say(note, "max_iterations")

    async def _hear(self) -> None:
        """What the person said meanwhile."""
        await self._parts.steering.hand_over(
            self._context, self._hooks, orchestrator=LOOP, iteration=self.iterations
        )

    def _spent(self) -> str | None:
        """Why the turn must end here, in words; None while it may go on."""
        if self._coordinator is None:
            return None
        budget: TurnBudget | None = self._coordinator.get_capability(BUDGET)
        return budget.spent() if budget else None

    def _end(self, text: str, finish_reason: str) -> str:
        self._parts.outcome.finish_reason = finish_reason
        return text

    # --- the provider ------------------------------------------------------------------------------------

    async def _complete(self) -> ChatResponse:
        """One provider call, with retries.

        A prompt that was too long after all is compacted and tried again.
        """
        about = {"provider": self._provider.name, "iteration": self.iterations}
        verdict = await self._emit(PROVIDER_REQUEST, about)
        if verdict.action == "deny":
            raise AlcoveError(
                "bad-request", f"The model was not asked: {verdict.reason or 'a hook refused it'}"
            )
        self._parts.speech.begin()
        await self._describe_pictures()
        sent, overflow = -1, None
        while True:
            messages = await self._parts.gate.run(
                self._context.get_messages_for_request(provider=self._provider)
            )
            if overflow is not None and len(messages) >= sent:
                raise overflow  # nothing more could be left out
            request = self._request(inject(messages, self._injections))
            attempt, on_retry = partial(self._attempt, request), partial(self._on_retry, about)
            try:
                response = await self._parts.gate.run(
                    retry_with_backoff(attempt, self._parts.retry, on_retry=on_retry)
                )
            except ContextLengthError as error:
                if self._parts.speech.begun:
                    raise
                # provider:error has told the context, which now leaves more out if it can.
                sent, overflow = len(messages), error
                continue
            except InvalidRequestError:
                # A server may know no schemas, and a grammar not this one.
                if request.response_format is None or self._shape is None or self._parts.speech.begun:
                    raise
                self._shape.held = False
                continue
            except LLMError:
                # A server may say only now that its model cannot see.
                if self._parts.speech.begun or not await self._describe_pictures():
                    raise
                continue
            self._injections.clear()
            if not self._parts.speech.text and (text := response_text(response)):
                await self._stream(text)
            return response

    def _request(self, messages: list[Message]) -> ChatRequest:
        choice = self._parts.tool_choice if self.iterations == 1 else None
        if (shape := self._shape) is None:
            return chat_request(messages, self._tools, tool_choice=choice)
        # No engine calls tools and holds the answer to a schema at a time.
        tools = {} if shape.only_object else self._tools
        response_format = shape.response_format if shape.held and not tools else None
        return chat_request(
            shape.instruct(messages), tools, tool_choice=choice, response_format=response_format
        )

    async def _describe_pictures(self) -> bool:
        """Have pictures described that the model cannot see; whether there were any."""
        return await self._parts.gate.run(self._parts.describer.prepare(self._context, self._provider))

    async def _attempt(self, request: ChatRequest) -> ChatResponse:
        self._parts.speech.begin()
        self._parts.gate.grace = _PROVIDER_GRACE
        try:
            return await self._provider.complete(request)  # pyright: ignore[reportUnknownMemberType]  (its **kwargs)
        except LLMError as error:
            if self._parts.speech.begun:
                error.retryable = False  # the person has read the beginning already
            told = {
                "error": error_told(error),
                "retryable": error.retryable,
                "status_code": error.status_code,
            }
            await self._hooks.emit(PROVIDER_ERROR, {"provider": self._provider.name, **told})
            raise

    async def _on_retry(self, about: Json, attempt: int, delay: float, error: LLMError) -> None:
        self._parts.gate.grace = 0.0  # only a pause runs now
        await self._hooks.emit(
            PROVIDER_RETRY, {**about, "attempt": attempt, "delay": delay, "error": str(error)}
        )

    async def _report(self, response: ChatResponse) -> None:
        metadata = response.metadata or {}
        await self._emit(
            PROVIDER_RESPONSE,
            {
                "provider": self._provider.name,
                "model": metadata.get("model"),
                "usage": _usage(response),
                "finish_reason": response.finish_reason,
                "iteration": self.iterations,
            },
        )

    async def _keep_partial(self, finish_reason: str) -> str:
        text = self._parts.speech.text
        if text:
            await self._context.add_message(assistant_message(text, finish_reason=finish_reason))
        return text

    # --- tools -------------------------------------------------------------------------------------------

    async def _run_tools(self, calls: list[ToolCall]) -> bool:
        """Run `calls` in order, neighbours side by side where their tools say that they may be.

        False if the turn is to end: then the calls that did not run have a result too.
        """
        group = uuid.uuid4().hex
        while calls:
            if self._parts.gate.stopping:
                await self._skip(calls)
                return False
            together, calls = self._side_by_side(calls)
            running = [self._run_tool(call, group) for call in together]
            messages = await asyncio.gather(*running) if running[1:] else [await running[0]]
            for call, message in zip(together, messages, strict=True):
                await (self._context.add_message(message) if message else self._skip([call]))
            if None in messages:
                await self._skip(calls)
                return False
        return True

    def _side_by_side(self, calls: list[ToolCall]) -> tuple[list[ToolCall], list[ToolCall]]:
        """The first call, with those after it that need not wait for it; and the rest."""
        first = 1
        if getattr(self._tools.get(calls[0].name), "side_by_side", False):
            while first < len(calls) and calls[first].name == calls[0].name:
                first += 1
        return calls[:first], calls[first:]

    async def _run_tool(self, call: ToolCall, group: str) -> Message | None:
        """The message of its result; None if the turn was stopped."""
        try:
            return await self._parts.tools.run(call, self._tools, self._emit, group)
        except TurnCancelledError:
            return None

    async def _skip(self, calls: list[ToolCall]) -> None:
        for call in calls:
            await self._context.add_message(tool_message(call, "Not finished: the person stopped the turn."))

    # --- events ------------------------------------------------------------------------------------------

    async def _emit(self, event: str, data: Json) -> HookResult:
        """Emit, and let the coordinator act on the hooks' answer (approval, injections, messages to the
        person)."""
        emitted: HookResult | None = await self._hooks.emit(event, data)
        if emitted is None:
            return _CONTINUE
        plain = emitted.action in ("continue", "modify", "deny") and not emitted.user_message
        if plain or self._coordinator is None:
            return emitted
        result = await self._coordinator.process_hook_result(emitted, event, event)
        self._injections += [injection for injection in result.context_injections if injection.ephemeral]
        # What was asked about is what hooks have made of it; the kernel's answer no longer says that.
        return result if result.data or not emitted.data else result.model_copy(update={"data": emitted.data})

    async def _say(self, text: str, finish_reason: str) -> str:
        """Text of our own as the answer."""
        await self._stream(text)
        await tell_blocks(self._hooks, [{"type": "text", "text": text}])
        await self._context.add_message(assistant_message(text, finish_reason=finish_reason))
        return self._end(text, finish_reason)

    async def _stream(self, text: str) -> None:
        """A text that no provider streamed, as it would have."""
        delta = {"block_type": "text", "block_index": 0, "delta": text}
        await self._hooks.emit(CONTENT_BLOCK_DELTA, delta)


def _usage(response: ChatResponse) -> Json | None:
    return response.usage.model_dump(mode="json", exclude_none=True) if response.usage else None
