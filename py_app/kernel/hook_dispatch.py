"""What follows from a hook result: context injections, approvals, messages to the user."""

import logging
from typing import TYPE_CHECKING, Any, Protocol

from . import hook_results
from .calls import Work, settle
from .checks import error_text, expect, unsigned
from .clock import timestamp
from .hook_results import Fields

if TYPE_CHECKING:
    from amplifier_core.approval import ApprovalSystem
    from amplifier_core.display import DisplaySystem
    from amplifier_core.models import HookResult

_log = logging.getLogger("_engine.coordinator.hook_dispatch")

_MOST_OF_PROMPT = 200
_GRANTS = ("allow", "allow once", "allow always")


class Host(Protocol):
    """What this needs of a coordinator."""

    mount_points: dict[str, Any]
    approval_system: "ApprovalSystem | None"
    display_system: "DisplaySystem | None"

    @property
    def injection_budget_per_turn(self) -> Any: ...

    @property
    def injection_size_limit(self) -> Any: ...

    @property
    def _current_turn_injections(self) -> int: ...

    @_current_turn_injections.setter
    def _current_turn_injections(self, value: int) -> None: ...


class HookDispatch:
    """Handles one result of one hook.

    Checks, counting and messages happen at the call; adding to the context and asking the user
    happen when the outcome is awaited.
    """

    def __init__(self, host: Host, event: str, hook_name: str) -> None:
        self._host: Host = host
        self._event = event
        self._hook = hook_name

    def process(self, result: "HookResult") -> Work["HookResult"]:
        """The outcome: the result itself, what is left of it after injecting, or the user's decision."""
        action = result.action
        items = self._items(result)
        if action == "ask_user":
            return self._ask(result)
        pending = self._admit(items) if action == "inject_context" else []
        if result.user_message:
            self._show(result, result.user_message)
        if result.suppress_output:
            _log.debug("Hook '%s' requested output suppression", self._hook)
        if action == "inject_context":
            return self._inject(result, pending)
        return _same(result)

    def _items(self, result: "HookResult") -> list[Fields]:
        scalar = result.context_injection
        role, ephemeral = result.context_injection_role, result.ephemeral
        append, several = result.append_to_last_tool_result, result.context_injections
        if several:
            return [
                {
                    "content": item.content,
                    "role": item.role,
                    "ephemeral": item.ephemeral,
                    "append_to_last_tool_result": item.append_to_last_tool_result,
                    "hook_name": item.hook_name,
                    "event": item.event,
                }
                for item in several
            ]
        if not scalar:
            return []
        return [
            {
                "content": scalar,
                "role": role,
                "ephemeral": ephemeral,
                "append_to_last_tool_result": append,
                "hook_name": self._hook,
                "event": self._event,
            }
        ]

    def _admit(self, items: list[Fields]) -> list[Fields]:
        """Clean the texts, refuse those that are too long, and count tokens (4 characters each).

        Over the budget is a warning, not a refusal: the budget is the host's policy.
        """
        from amplifier_core.models import _sanitize_for_llm  # pyright: ignore[reportPrivateUsage]

        host = self._host
        limit = host.injection_size_limit
        limit = None if limit is None else unsigned(limit)
        budget = host.injection_budget_per_turn
        budget = None if budget is None else unsigned(budget)
        admitted: list[Fields] = []
        for item in items:
            item["content"].encode()  # A lone surrogate is an error, as it is natively.
            text = _sanitize_for_llm(item["content"])
            if limit is not None and len(text) > limit:
                _log.error(
                    "Hook injection too large: %s (chars=%d, limit=%d)", item["hook_name"], len(text), limit
                )
                raise ValueError(f"Context injection exceeds {limit} characters")
            admitted.append({**item, "content": text})
        for item in admitted:
            self._count(item, budget)
        return [item for item in admitted if item["content"]]

    def _count(self, item: Fields, budget: int | None) -> None:
        host, text = self._host, item["content"]
        used = host._current_turn_injections  # pyright: ignore[reportPrivateUsage]
        tokens = len(text) // 4
        if budget is not None and used + tokens > budget:
            _log.warning(
                "Warning: Hook injection budget exceeded (hook=%s, current=%d, attempted=%d, budget=%d)",
                item["hook_name"],
                used,
                tokens,
                budget,
            )
        host._current_turn_injections = used + tokens  # pyright: ignore[reportPrivateUsage]
        _log.info(
            "Hook context injection (hook=%s, event=%s, chars=%d, role=%s, tokens=%d, ephemeral=%s)",
            item["hook_name"],
            item["event"],
            len(text),
            item["role"],
            tokens,
            str(item["ephemeral"]).lower(),
        )

    async def _inject(self, result: "HookResult", items: list[Fields]) -> "HookResult":
        """Add what lasts to the context; what is ephemeral is left to the orchestrator."""
        context = self._host.mount_points.get("context")
        for item in items:
            if item["ephemeral"] or context is None or not hasattr(context, "add_message"):
                continue
            await settle(
                context.add_message,
                {
                    "role": item["role"],
                    "content": item["content"],
                    "metadata": {
                        "source": "hook",
                        "hook_name": item["hook_name"],
                        "event": item["event"],
                        "timestamp": timestamp(),
                        "requested_role": item["role"],
                        "ephemeral": False,
                        "persisted": True,
                    },
                },
            )
        left = [item for item in items if item["ephemeral"]]
        return hook_results.without_injections(result, left)

    def _show(self, result: "HookResult", message: str) -> None:
        source = self._hook if result.user_message_source is None else result.user_message_source
        display = self._host.display_system
        if display is None:
            _log.info("Hook message (%s): %s (hook=%s)", result.user_message_level, message, source)
            return
        try:
            display.show_message(message, result.user_message_level, f"hook:{source}")
        except Exception as error:
            _log.error("Error calling display_system: %s", error_text(error))

    async def _ask(self, result: "HookResult") -> "HookResult":
        from amplifier_core.approval import ApprovalTimeoutError

        prompt = "Allow this operation?" if result.approval_prompt is None else result.approval_prompt
        options = ["Allow", "Deny"] if result.approval_options is None else result.approval_options
        default = result.approval_default
        _log.info(
            "Approval requested (hook=%s, prompt=%s, timeout=%g, default=%s)",
            self._hook,
            prompt,
            result.approval_timeout,
            default,
        )
        system = self._host.approval_system
        if system is None:
            _log.error("Approval requested but no approval system provided (hook=%s)", self._hook)
            return hook_results.make(action="deny", reason="No approval system available")
        try:
            decision = await settle(
                system.request_approval, prompt, options, result.approval_timeout, default
            )
        except ApprovalTimeoutError:
            _log.warning("Approval timeout (hook=%s, default=%s)", self._hook, default)
            if default == "allow":
                return hook_results.make()
            return hook_results.make(
                action="deny", reason=f"Approval timeout - denied by default: {_cut(prompt)}"
            )
        expect(decision, str)
        _log.info("Approval decision (hook=%s, decision=%s)", self._hook, decision)
        if decision.lower() in _GRANTS:
            return hook_results.make()
        if decision.lower() != "deny":
            _log.warning(
                "Approval system returned unexpected decision '%s' for hook '%s' — "
                "treating as deny (fail-closed)",
                decision,
                self._hook,
            )
        return hook_results.make(action="deny", reason=f"User denied: {_cut(prompt)}")


def _cut(prompt: str) -> str:
    """A prompt as a reason repeats it: the model reads that, and wrote most of it itself."""
    return prompt if len(prompt) <= _MOST_OF_PROMPT else f"{prompt[:_MOST_OF_PROMPT]}...[truncated]"


async def _same(result: "HookResult") -> "HookResult":
    return result
