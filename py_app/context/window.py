"""The context manager: everything is kept, and a request gets what fits.

When a request would not fit, whole turns are left out from the oldest on, their pictures with them, and more
of them than needed at once: an engine keeps the prompt of the last request in its KV cache, and that helps
only while the start of the prompt stays the same. If that is not enough, tool results of the running turn are
cut, for the request only. Where more fits later, all of it is looked at anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable

from amplifier_core.events import (
    CONTEXT_COMPACTION,
    CONTEXT_POST_COMPACT,
    CONTEXT_PRE_COMPACT,
    PROVIDER_ERROR,
    PROVIDER_RESPONSE,
)
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import Provider
from amplifier_core.models import HookResult

from providers.coordinator import Coordinator
from providers.errors import error_data, to_llm_error
from providers.json_types import Json
from py_app.context.fit import fit_results
from py_app.context.sequence import groups, head_length, last_user, repair
from py_app.context.tokens import Size, TokenScale, size_of
from py_app.hook_handlers import register_all
from py_app.message import Message
from py_app.pictures import sees, with_pictures
from py_app.provider import defaults_of, models_of
from py_app.usage import usage_of

NOT_ALL_READ = "alcove:not_all_read"
"""Event of each request that is not given all: {"from": the place of the first message that is read of those
that may be left out, "shortened": how many results of tools are cut}."""

_SAFETY_TOKENS = 16
_CONTINUE = HookResult()


class ContextWindow:
    """Amplifier ContextManager.

    Config: `system` (the system prompt; it is not one of the messages), `context_window` and
    `max_output_tokens` (else the provider is asked), `compact_to` (share of the budget that is used after a
    compaction, 0.6).
    """

    def __init__(self, coordinator: Coordinator, config: Json) -> None:
        self._coordinator = coordinator
        self._system: str = config.get("system") or ""
        self._prompt: Callable[[], Awaitable[str]] | None = None
        """Makes the system prompt anew for each request."""
        self._context_window: int | None = config.get("context_window")
        self._max_output_tokens: int | None = config.get("max_output_tokens")
        self._compact_to = float(config.get("compact_to", 0.6))
        self._messages: list[Message] = []
        self._sizes: list[Size] = []
        self._sees = True
        """Whether the model that is asked sees pictures itself, or reads their descriptions."""
        self._left_out: set[int] = set()
        self._cut: dict[int, Message] = {}
        """Tool results that were too long, as they are sent."""
        self._scale = TokenScale()
        self._compacted_for = 0
        """The budget for which messages were left out or cut."""
        self._requested = Size(0.0)
        """Uncorrected estimate of the last request."""
        self._last_budget = 0

    def register(self, hooks: HookRegistry) -> Callable[[], None]:
        """Listen to what the provider really counted. Returns the function that stops it."""
        handlers = {PROVIDER_RESPONSE: self._on_response, PROVIDER_ERROR: self._on_error}
        return register_all(hooks, handlers, priority=0, name="context-window")

    # --- the protocol ------------------------------------------------------------------------------------

    async def add_message(self, message: Message) -> None:
        self._messages.append(message)
        self._sizes.append(size_of(message, sees=self._sees))

    async def get_messages(self) -> list[Message]:
        """All messages ever added, without the system prompt."""
        return list(self._messages)

    async def set_messages(self, messages: list[Message]) -> None:
        """Replace the conversation, as when one is resumed; missing tool results are filled in."""
        self._messages = repair(messages)
        self._make_whole()

    async def clear(self) -> None:
        await self.set_messages([])

    async def set_system_prompt_factory(self, factory: Callable[[], Awaitable[str]]) -> None:
        """From now on the system prompt is what `factory` gives for each request."""
        self._prompt = factory

    async def get_messages_for_request(
        self, token_budget: int | None = None, provider: Provider | None = None
    ) -> list[Message]:
        """The messages that fit, the system prompt first.

        Raises ContextLengthError (`context-overflow`) if the system prompt and the running turn alone do
        not fit.
        """
        if self._prompt is not None:
            self._system = await self._prompt()
        budget = await self._budget(token_budget, provider)
        await self._size_pictures(provider)
        overhead = self._overhead()
        roomier = budget is None or budget > self._compacted_for
        if roomier and (self._left_out or self._cut):
            self._make_whole()
        if budget is not None and self._total(overhead, budget) > budget:
            await self._compact(budget, overhead)
        self._requested, self._last_budget = self._size(overhead), budget or 0
        if self._left_out or self._cut:
            report = {"from": self._read_from(), "shortened": len(self._cut)}
            await self._coordinator.hooks.emit(NOT_ALL_READ, report)
        kept = [self._sent(i) for i in range(len(self._messages)) if i not in self._left_out]
        return [{"role": "system", "content": self._system}, *kept] if self._system else kept

    async def spare(self, provider: Provider) -> float | None:
        """How many bytes of text may come to the running turn, were all left out that can be; None if nobody
        knows the window."""
        budget = await self._budget(None, provider)
        if budget is None:
            return None
        await self._size_pictures(provider)
        head, turn = head_length(self._messages), last_user(self._messages)
        texts, pictures = zip(*self._sizes[:head], *self._sizes[turn:], Size(0.0), strict=True)
        return self._scale.text_under(Size(self._overhead() + sum(texts), sum(pictures)), budget)

    # --- budget ------------------------------------------------------------------------------------------

    async def _budget(self, token_budget: int | None, provider: Provider | None) -> int | None:
        """Tokens a prompt may have: the window less the answer's part; None if nobody knows the window."""
        window, answer = self._context_window, self._max_output_tokens
        if window is None and provider is not None:
            window, answer = await self._ask(provider)
        if window is None:
            return token_budget
        reserve = min(answer or window // 4, window // 2)  # a generous limit must not eat the prompt's room
        budget = window - reserve - _SAFETY_TOKENS
        return budget if token_budget is None else min(budget, token_budget)

    async def _ask(self, provider: Provider) -> tuple[int | None, int | None]:
        defaults = defaults_of(provider)
        answer = self._max_output_tokens or defaults.get("max_output_tokens")
        models = await models_of(provider)
        model = next((m for m in models if m.id == defaults.get("model")), models[0] if models else None)
        if model is None or not model.context_window:
            return defaults.get("context_window"), answer
        return model.context_window, answer or model.max_output_tokens

    async def _size_pictures(self, provider: Provider | None) -> None:
        """Size pictures for the model that is asked now: another one may have answered before."""
        if provider is None or not with_pictures(self._messages):
            return
        seeing = await sees(provider)
        if seeing != self._sees:
            self._sees = seeing
            self._measure()

    def _measure(self) -> None:
        self._sizes = [size_of(self._sent(i), sees=self._sees) for i in range(len(self._messages))]

    def _sent(self, place: int) -> Message:
        return self._cut.get(place, self._messages[place])

    def _overhead(self) -> float:
        """Uncorrected estimate of what is sent besides the messages: the system prompt and the tools."""
        tokens = size_of({"content": self._system}).text if self._system else 0.0
        for tool in self._coordinator.get("tools").values():
            schema = json.dumps(getattr(tool, "input_schema", {}), default=str)
            tokens += size_of({"content": f"{tool.name}{tool.description}{schema}"}).text
        return tokens

    def _size(self, overhead: float) -> Size:
        left = self._left_out
        kept = [size for i, size in enumerate(self._sizes) if i not in left] if left else self._sizes
        texts, pictures = zip(*kept, strict=True) if kept else ((), ())
        return Size(overhead + sum(texts), sum(pictures))

    def _total(self, overhead: float, budget: int) -> int:
        return math.ceil(self._scale.tokens(self._size(overhead), budget))

    # --- compaction --------------------------------------------------------------------------------------

    def _make_whole(self) -> None:
        """Nothing is left out or cut any more."""
        self._left_out, self._cut = set(), {}
        self._measure()

    def _read_from(self) -> int:
        earlier = [place for place in self._left_out if place < last_user(self._messages)]
        return max(earlier, default=-1) + 1

    async def _compact(self, budget: int, overhead: float) -> None:
        self._compacted_for = budget
        before = self._total(overhead, budget)
        hooks = self._coordinator.hooks
        await hooks.emit(CONTEXT_PRE_COMPACT, {"tokens": before, "budget": budget})
        for piece in self._removable():
            # The running turn is not thinned out further than it must be.
            limit = budget if piece.start > last_user(self._messages) else budget * self._compact_to
            if self._total(overhead, budget) <= limit:
                break
            self._left_out.update(piece)
        after = self._total(overhead, budget)
        if after > budget:
            self._cut_results(budget, overhead)
            after = self._total(overhead, budget)
        report = {
            "tokens_before": before,
            "tokens_after": after,
            "budget": budget,
            "left_out": len(self._left_out),
        }
        await hooks.emit(CONTEXT_POST_COMPACT, report)
        await hooks.emit(CONTEXT_COMPACTION, report)
        if after > budget:
            raise self._overflow(after, budget)

    def _cut_results(self, budget: int, overhead: float) -> None:
        """Cut what tools have answered to the last user message."""

        def over() -> float:
            return self._scale.text_over(self._size(overhead), budget)

        def put(place: int, message: Message) -> None:
            self._cut[place] = message
            self._sizes[place] = size_of(message, sees=self._sees)

        running = range(last_user(self._messages), len(self._messages))
        results = [i for i in running if self._messages[i].get("role") == "tool" and i not in self._left_out]
        fit_results(self._messages, results, over, put)

    def _removable(self) -> list[range]:
        """What may be left out, oldest first: everything but the system messages at the start, the last user
        message, and the newest step after it (the model would otherwise not see the result it waits for)."""
        head = head_length(self._messages)
        pieces = [range(p.start + head, p.stop + head) for p in groups(self._messages[head:])]
        keep = last_user(self._messages)
        return [piece for piece in pieces[:-1] if keep not in piece and not self._left_out.issuperset(piece)]

    def _overflow(self, tokens: int, budget: int) -> Exception:
        message = f"This needs about {tokens} tokens, and the model takes {budget} at a time."
        data = error_data("context-overflow", message)
        return to_llm_error(data)

    # --- what the provider says --------------------------------------------------------------------------

    async def _on_response(self, event: str, data: Json) -> HookResult:
        usage = usage_of(data) or {}
        pictures = usage.get("image_tokens")
        counted = int(usage.get("input_tokens") or 0)
        self._scale.learn(self._requested, counted, None if pictures is None else int(pictures))
        return _CONTINUE

    async def _on_error(self, event: str, data: Json) -> HookResult:
        error: Json = data.get("error") or {}
        if error.get("type") == "ContextLengthError":
            self._scale.overflowed(self._requested, self._last_budget)
        return _CONTINUE
