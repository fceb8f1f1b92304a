"""Ends a turn that goes on for too long or goes round in circles, whatever orchestrator runs it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from amplifier_core.events import (
    PROVIDER_REQUEST,
    TOOL_PRE,
)
from amplifier_core.models import HookResult

from providers.capabilities import BUDGET
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.approver import Waiting
from py_app.budget import Budget
from py_app.hook_handlers import TURN_BEGINS, register_all
from py_app.usage import COSTING, Usage

_PRIORITY = -900
"""Before the person is asked: a call that may not run is not asked for."""
_SAME_CALLS = 3
"""As often in a row a call may not be made: it would only say the same again."""

_CONTINUE = HookResult()


class Taken:
    """What a turn has taken, with all that sub-agents have taken for it."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self.begin()

    def begin(self) -> None:
        self.calls = 0
        self.tokens = 0
        self.agents = 0
        self._began = time.monotonic()
        self._waited_before = self._waiting.seconds

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began - (self._waiting.seconds - self._waited_before)


class TurnBudget:
    """One a session; the capability `BUDGET`, for an orchestrator that ends its turns itself."""

    def __init__(
        self, coordinator: Coordinator, budget: Budget, waiting: Waiting, *, of: TurnBudget | None = None
    ) -> None:
        """`of`: the budget of the session that this one works for, whose turn it is a part of."""
        self._coordinator = coordinator
        self.limits = of.limits if of else budget
        self.taken = of.taken if of else Taken(waiting)
        self._is_part = of is not None
        self._last: str | None = None
        self._repeated = 0
        self._circling = ""
        self._usage = Usage()
        coordinator.register_capability(BUDGET, self)

    def register(self) -> Callable[[], None]:
        """Register the hooks; returns what removes them."""
        handlers = {
            **dict.fromkeys(TURN_BEGINS, self._on_turn),
            TOOL_PRE: self._on_tool,
            **dict.fromkeys(COSTING, self._on_response),
            PROVIDER_REQUEST: self._on_request,
        }
        return register_all(self._coordinator.hooks, handlers, priority=_PRIORITY, name="budget")

    def spent(self) -> str | None:
        """Why the turn must end now, in words for the person; None while it may go on."""
        if self._circling:
            return f'I stopped: I had made the same call of "{self._circling}" {_SAME_CALLS} times in a row.'
        limits = self.limits
        for limit, used, what in (
            # After the last call that it may make the model can still say what came of it.
            (limits.tool_calls, self.taken.calls - 1, "tool calls"),
            (limits.tokens, self.taken.tokens, "tokens"),
            (limits.seconds, self.taken.seconds, "seconds"),
        ):
            if limit is not None and used >= limit:
                return f"I stopped after {limit:g} {what}. Ask me to go on if you want me to."
        return None

    async def _on_turn(self, event: str, data: Json) -> HookResult:
        if not self._is_part:
            self.taken.begin()
        self._last, self._repeated, self._circling = None, 0, ""
        return _CONTINUE

    async def _on_tool(self, event: str, data: Json) -> HookResult:
        name = str(data.get("tool_name"))
        call = json.dumps([name, data.get("tool_input")], sort_keys=True, default=str)
        self._repeated = self._repeated + 1 if call == self._last else 1
        self._last = call
        if self._repeated >= _SAME_CALLS:
            self._circling = name
            return _deny(f"this same call was made {_SAME_CALLS} times in a row")
        self.taken.calls += 1
        if self.limits.tool_calls is not None and self.taken.calls > self.limits.tool_calls:
            return _deny(f"this turn has made its {self.limits.tool_calls:g} tool calls")
        return _CONTINUE

    async def _on_response(self, event: str, data: Json) -> HookResult:
        if usage := self._usage.take(event, data):
            self.taken.tokens += usage["input_tokens"] + usage["output_tokens"]
        return _CONTINUE

    async def _on_request(self, event: str, data: Json) -> HookResult:
        word = self.spent()
        return HookResult(action="deny", reason=word) if word else _CONTINUE


def _deny(reason: str) -> HookResult:
    return HookResult(action="deny", reason=reason)
