"""The orchestrator: it sets a turn up, runs it, and reports how it ended."""

from __future__ import annotations

from collections.abc import Callable

from amplifier_core.events import (
    EXECUTION_END,
    EXECUTION_START,
    ORCHESTRATOR_COMPLETE,
)
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager, Provider, Tool
from amplifier_core.models import HookResult
from amplifier_core.utils.retry import RetryConfig

from providers.capabilities import OUTCOME, PICTURES, STEER
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.documents.retriever import Retriever
from py_app.errors import AlcoveError
from py_app.hook_handlers import register_all
from py_app.hooks.speech import SPEAKING
from py_app.loop.cancel import CancelGate
from py_app.loop.describe_pictures import PictureDescriber
from py_app.loop.outcome import Outcome
from py_app.loop.tool_runner import ToolRunner
from py_app.loop.turn import Parts, Turn
from py_app.module_names import LOOP

_CONTINUE = HookResult()


class StreamingLoop:
    """Amplifier Orchestrator.

    Config: `max_iterations` (provider calls a turn, 16), `provider` (name; else the first one),
    `tool_choice` (of a turn's first step, "required" for an agent that is to act), `max_retries` (2), and in
    seconds `tool_timeout` (120), `retry_delay` (1), and what `open_session` reads: `approval_timeout` (300).
    """

    def __init__(self, coordinator: Coordinator, config: Json) -> None:
        self._provider_name: str | None = config.get("provider")
        gate = CancelGate(coordinator.cancellation)
        runner = ToolRunner(coordinator, gate, tool_timeout=float(config.get("tool_timeout", 120.0)))
        retry = RetryConfig(
            max_retries=int(config.get("max_retries", 2)), initial_delay=float(config.get("retry_delay", 1.0))
        )
        describer = PictureDescriber(coordinator)
        self._parts = Parts(
            gate,
            runner,
            describer,
            Retriever(coordinator),
            Outcome(),
            retry,
            int(config.get("max_iterations", 16)),
            config.get("tool_choice"),
        )
        coordinator.register_capability(OUTCOME, self._parts.outcome)
        coordinator.register_capability(PICTURES, self._parts.pictures)
        coordinator.register_capability(STEER, self._parts.steering.steer)
        handlers = dict.fromkeys(SPEAKING, self._on_speech)
        self.cleanup: Callable[[], None] = register_all(
            coordinator.hooks, handlers, priority=0, name="loop-alcove"
        )

    async def execute(
        self,
        prompt: str,
        context: ContextManager,
        providers: dict[str, Provider],
        tools: dict[str, Tool],
        hooks: HookRegistry,
        coordinator: Coordinator | None = None,
        **kwargs: object,
    ) -> str:
        """Run one turn and return the last answer's text; how it ended is in the capability `OUTCOME`.

        A cancelled turn returns what was said so far. Raises LLMError and AlcoveError; what was streamed
        before stays in the context.
        """
        turn = Turn(self._parts, context, self._provider(providers), tools, hooks, coordinator)
        outcome = self._parts.outcome
        outcome.reset()
        self._parts.steering.clear()
        status, text = "error", ""
        await hooks.emit(EXECUTION_START, {"prompt": prompt})
        try:
            text = await turn.run(prompt)
            status = "cancelled" if outcome.finish_reason == "cancelled" else "success"
            return text
        except BaseException as error:
            outcome.error = error
            raise
        finally:
            ended = "completed" if status == "success" else status  # the contract has a word for each event
            await hooks.emit(EXECUTION_END, {"response": text, "status": ended})
            done = {"orchestrator": LOOP, "turn_count": turn.iterations, "status": status}
            await hooks.emit(ORCHESTRATOR_COMPLETE, done)

    def _provider(self, providers: dict[str, Provider]) -> Provider:
        name = self._provider_name or next(iter(providers), None)
        if name is None or name not in providers:
            raise AlcoveError(
                "bad-request", f'There is no provider called "{name}".', action="Choose another model."
            )
        return providers[name]

    async def _on_speech(self, event: str, data: Json) -> HookResult:
        self._parts.speech.take(event, data)
        return _CONTINUE
