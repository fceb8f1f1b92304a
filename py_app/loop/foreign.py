"""An orchestrator that is not ours, made to keep to what a person expects of every turn: it ends when it is
stopped, what was said stays, and the transcript can be gone on with."""

from __future__ import annotations

from typing import Any

from amplifier_core.events import CONTENT_BLOCK_DELTA, PROMPT_SUBMIT, PROVIDER_REQUEST, TOOL_PRE
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager, Orchestrator, Provider, Tool
from amplifier_core.models import HookResult

from providers.capabilities import OUTCOME, STEER
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.context.sequence import repair
from py_app.errors import TurnCancelledError
from py_app.hooks.speech import SPEAKING, Speech
from py_app.loop.cancel import CancelGate
from py_app.loop.foreign_context import ForeignContext
from py_app.loop.messages import assistant_message
from py_app.loop.steering import Steering
from py_app.message import text_of

_GRACE = 0.5
"""Seconds that it gets to end by itself: some look for a cancel, and a provider hands over what it has."""
_LAST = 1_000_000
"""After every hook that may still change what it is asked about."""

_CONTINUE = HookResult()


async def tame(coordinator: Coordinator) -> None:
    """Put a ForeignLoop round the session's orchestrator, unless it is ours."""
    if coordinator.get_capability(OUTCOME) is None:
        await coordinator.mount("orchestrator", ForeignLoop(coordinator.get("orchestrator"), coordinator))


class ForeignLoop:
    """Amplifier Orchestrator around another one, whose attributes it has."""

    def __init__(self, inner: Orchestrator, coordinator: Coordinator) -> None:
        self._inner = inner
        self._coordinator = coordinator
        self._gate = CancelGate(coordinator.cancellation)
        self._speech = Speech()
        self._acted = False
        """Tools have run since the last text: what comes is another step's, be it told or not."""
        self._context: ForeignContext | None = None
        self._steering: Steering | None = None
        if coordinator.get_capability(STEER) is None:
            self._steering = Steering()
            coordinator.register_capability(STEER, self._steering.steer)
        hooks = coordinator.hooks
        for event in SPEAKING:
            hooks.register(event, self._on_text, 0, f"foreign-loop:{event}")
        hooks.register(PROVIDER_REQUEST, self._on_request, 0, "foreign-loop:request")
        hooks.register(TOOL_PRE, self._on_tool, 0, "foreign-loop:tool")
        hooks.register(PROMPT_SUBMIT, self._on_prompt, _LAST, "foreign-loop:prompt")

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def execute(
        self,
        prompt: str,
        context: ContextManager,
        providers: dict[str, Provider],
        tools: dict[str, Tool],
        hooks: HookRegistry,
        **kwargs: object,
    ) -> str:
        """Run one turn; a cancelled one returns what was said so far. Raises what the other one raises."""
        steering = self._steering
        steered = False
        try:
            while True:
                self._context = ForeignContext(context, prompt, steered=steered)
                text = await self._turn(
                    prompt, self._context, providers=providers, tools=tools, hooks=hooks, **kwargs
                )
                text = await self._settle(context, text)
                if not steering or self._coordinator.cancellation.is_cancelled:
                    return text
                prompt, steered = steering.take(), True  # it was said too late for the last step
                await steering.tell(prompt, hooks, orchestrator=type(self._inner).__name__, iteration=0)
        finally:
            self._context = None
            if steering is not None:
                steering.clear()

    async def _turn(self, prompt: str, context: ContextManager, **session: Any) -> str:
        self._begin_step()
        try:
            work = self._inner.execute(prompt=prompt, context=context, **session)
            return await self._gate.run(work, grace=_GRACE)
        except TurnCancelledError:
            return ""
        except Exception:
            if not self._coordinator.cancellation.is_immediate:
                raise
            return ""

    async def _settle(self, context: ContextManager, text: str) -> str:
        messages = await context.get_messages()
        repaired = repair(messages)
        if len(repaired) != len(messages):
            await context.set_messages(repaired)
        said = self._speech.text
        if text and "".join(text.split()) not in "".join(said.split()):  # nobody has told it yet
            delta = {"block_type": "text", "block_index": 0, "delta": text}
            await self._coordinator.hooks.emit(CONTENT_BLOCK_DELTA, delta)
        text = text or said
        last = repaired[-1] if repaired else {}
        if text and not (last.get("role") == "assistant" and text_of(last)):
            cancelled = self._coordinator.cancellation.is_cancelled
            reason = "cancelled" if cancelled else "stop"
            await context.add_message(assistant_message(text, finish_reason=reason))
        return text

    async def _on_text(self, event: str, data: Json) -> HookResult:
        if self._acted:
            self._begin_step()
        self._speech.take(event, data)
        return _CONTINUE

    async def _on_tool(self, event: str, data: Json) -> HookResult:
        self._acted = True
        return _CONTINUE

    async def _on_request(self, event: str, data: Json) -> HookResult:
        self._begin_step()
        if self._steering and self._context is not None:
            await self._steering.hand_over(
                self._context,
                self._coordinator.hooks,
                orchestrator=type(self._inner).__name__,
                iteration=int(data.get("iteration") or 0),
            )
        return _CONTINUE

    async def _on_prompt(self, event: str, data: Json) -> HookResult:
        if self._context is not None:
            self._context.submitted = str(data.get("prompt", self._context.submitted))
        return _CONTINUE

    def _begin_step(self) -> None:
        self._speech.begin()
        self._acted = False
