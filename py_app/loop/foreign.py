"""An orchestrator that is not ours, made to keep to what a person expects of every turn: it ends when it is
stopped, what was said stays, and the transcript can be gone on with."""

from __future__ import annotations

from amplifier_core.events import CONTENT_BLOCK_DELTA, PROVIDER_REQUEST
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager, Orchestrator, Provider, Tool
from amplifier_core.models import HookResult

from providers.capabilities import OUTCOME
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.context.sequence import repair
from py_app.errors import TurnCancelledError
from py_app.hooks.speech import SPEAKING, Speech
from py_app.loop.cancel import CancelGate
from py_app.loop.messages import assistant_message
from py_app.message import text_of

_GRACE = 0.5
"""Seconds that it gets to end by itself: some look for a cancel, and a provider hands over what it has."""

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
        hooks = coordinator.hooks
        for event in SPEAKING:
            hooks.register(event, self._on_text, 0, f"foreign-loop:{event}")
        hooks.register(PROVIDER_REQUEST, self._on_request, 0, "foreign-loop:request")

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
        self._speech.begin()
        try:
            work = self._inner.execute(
                prompt=prompt, context=context, providers=providers, tools=tools, hooks=hooks, **kwargs
            )
            text = await self._gate.run(work, grace=_GRACE)
        except TurnCancelledError:
            text = ""
        except Exception:
            if not self._coordinator.cancellation.is_immediate:
                raise
            text = ""
        return await self._settle(context, text)

    async def _settle(self, context: ContextManager, text: str) -> str:
        messages = await context.get_messages()
        repaired = repair(messages)
        if len(repaired) != len(messages):
            await context.set_messages(repaired)
        said = self._speech.text
        if text and not said:  # nobody has told it yet
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
        self._speech.take(event, data)
        return _CONTINUE

    async def _on_request(self, event: str, data: Json) -> HookResult:
        self._speech.begin()
        return _CONTINUE
