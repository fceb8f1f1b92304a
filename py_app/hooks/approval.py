"""The person's guard: one `tool:pre` hook that asks before a tool acts, whatever orchestrator runs."""

from __future__ import annotations

from amplifier_core import ApprovalRequest, ApprovalResponse
from amplifier_core.approval import ApprovalTimeoutError
from amplifier_core.events import APPROVAL_REQUIRED, TOOL_PRE
from amplifier_core.models import HookResult

from providers.capabilities import AGENT, APPROVALS
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.agent import Agent
from py_app.approvals import ALLOW_ONCE, DENY
from py_app.approver import Approver, Question
from py_app.hook_handlers import TURN_BEGINS
from py_app.policy import origin_of

_PRIORITY = 1_000_000
"""After every hook that may still change the call: what is asked about is what runs."""
_REGISTER_PROVIDER = "approval.register_provider"
"""The capability by which the official hooks-approval is given somebody to ask."""

_CONTINUE = HookResult()


def guard(coordinator: Coordinator, approver: Approver) -> None:
    """Let the tools of a session ask `approver`.

    To be called once the session's modules are mounted; called again it takes the place of the last one. The
    person is told whose tool it is, where the session is a sub-agent's.
    """
    agent: Agent | None = coordinator.get_capability(AGENT)
    coordinator.register_capability(APPROVALS, approver)
    register_provider = coordinator.get_capability(_REGISTER_PROVIDER)
    if register_provider is not None:
        register_provider(_OfficialProvider(approver, agent, coordinator))
    hook = _ApprovalHook(coordinator, approver, agent)
    hooks = coordinator.hooks
    handlers = {TOOL_PRE: hook.on_tool, **dict.fromkeys(TURN_BEGINS, hook.on_turn)}
    for event, handler in handlers.items():
        hooks.unregister(f"approval:{event}")
        hooks.register(event, handler, _PRIORITY, f"approval:{event}")


class _ApprovalHook:
    def __init__(self, coordinator: Coordinator, approver: Approver, agent: Agent | None) -> None:
        self._coordinator = coordinator
        self._approver = approver
        self._agent = agent

    async def on_turn(self, event: str, data: Json) -> HookResult:
        self._approver.begin_turn()
        return _CONTINUE

    async def on_tool(self, event: str, data: Json) -> HookResult:
        try:
            return await self._verdict(data)
        except RecursionError:
            return _deny("its arguments are nested too deeply")
        except Exception as error:  # a hook that fails lets everything through
            return _deny(f"it could not be asked for ({type(error).__name__})")

    async def _verdict(self, data: Json) -> HookResult:
        name, given = str(data["tool_name"]), data.get("tool_input")
        tools = self._coordinator.get("tools")
        if name not in tools:
            return _deny(f'there is no tool called "{name}". The tools are: {", ".join(tools) or "none"}')
        verdict = self._approver.policy.verdict(name, tools[name])
        if verdict == "deny":
            return _deny(f'the tool "{name}" is not allowed in this conversation')
        call_id, hooks = str(data["tool_call_id"]), self._coordinator.hooks
        if verdict == "allow" or self._approver.take_elsewhere(name, given):
            return _CONTINUE
        question = Question(name, given, self._agent, call_id, hooks, origin_of(tools[name]))
        prompt = question.prompt
        self._approver.opened(question)
        await hooks.emit(APPROVAL_REQUIRED, {"tool_name": name, "prompt": prompt})
        return HookResult(
            action="ask_user",
            data=data,  # as the hooks before have left it
            approval_prompt=prompt,
            approval_options=[ALLOW_ONCE, DENY],
            approval_timeout=self._approver.timeout,
            approval_default="deny",
        )


class _OfficialProvider:
    """Amplifier's ApprovalProvider: hooks-approval asks the same person in the same way."""

    def __init__(self, approver: Approver, agent: Agent | None, coordinator: Coordinator) -> None:
        self._approver = approver
        self._agent = agent
        self._coordinator = coordinator
        self._calls: list[Json] = []
        """The calls that hooks are asked about: a request does not say which one it is of."""
        # Before hooks-approval, which has -10.
        coordinator.hooks.register(TOOL_PRE, self._on_tool, -100, "approval:official")

    async def _on_tool(self, event: str, data: Json) -> HookResult:
        self._calls = [*self._calls[-99:], data]
        return _CONTINUE

    async def request_approval(self, request: ApprovalRequest) -> ApprovalResponse:
        name, given = request.tool_name, request.details
        alike = [c for c in self._calls if (c["tool_name"], c.get("tool_input")) == (name, given)]
        call_id = str(alike[-1]["tool_call_id"]) if alike else ""
        origin = origin_of(self._coordinator.get("tools").get(name))
        question = Question(name, given, self._agent, call_id, self._coordinator.hooks, origin)
        try:
            approved = await self._approver.ask(question, request.timeout)
        except ApprovalTimeoutError as error:
            raise TimeoutError(str(error)) from None
        if approved:
            self._approver.granted_elsewhere(name, given)
        return ApprovalResponse(approved=approved, reason=None if approved else "the person refused it")


def _deny(reason: str) -> HookResult:
    return HookResult(action="deny", reason=reason)
