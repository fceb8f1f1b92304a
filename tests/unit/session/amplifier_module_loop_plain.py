"""A small orchestrator that behaves as the official loop-basic does, whose wheel is on no registry.

Tools of one step run side by side, their events carry no call id and the Usage object itself, an error is
{"type", "msg"}, a refused call has no event at all, and a cancel is looked for between two steps only.
"""

from __future__ import annotations

import asyncio
from typing import Any

from amplifier_core.events import (
    CONTENT_BLOCK_END,
    CONTENT_BLOCK_START,
    ORCHESTRATOR_COMPLETE,
    PROMPT_SUBMIT,
    PROVIDER_REQUEST,
    PROVIDER_RESPONSE,
    TOOL_ERROR,
    TOOL_POST,
    TOOL_PRE,
)
from amplifier_core.message_models import ChatRequest, ChatResponse, Message, ToolCall, ToolSpec

__amplifier_module_type__ = "orchestrator"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    await coordinator.mount("orchestrator", PlainLoop(config or {}))


def request_of(messages: list[dict[str, Any]], tools: dict[str, Any]) -> ChatRequest:
    """What a provider is asked."""
    specs = [
        ToolSpec(name=t.name, description=t.description, parameters=t.input_schema) for t in tools.values()
    ]
    return ChatRequest(messages=[Message(**m) for m in messages], tools=specs or None)


def answer_of(response: ChatResponse, calls: list[ToolCall]) -> dict[str, Any]:
    """The message of a provider's answer."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": [block.model_dump() for block in response.content],
    }
    if calls:
        message["tool_calls"] = [
            {"id": call.id, "tool": call.name, "arguments": call.arguments} for call in calls
        ]
    return message


class PlainLoop:
    def __init__(self, config: dict[str, Any]) -> None:
        self.heeds = config.get("heeds", True)
        """Whether it asks the coordinator what the hooks' answers mean."""
        self.tells_blocks = config.get("tells_blocks", False)
        """Whether it tells the blocks of an answer, and not what it cost, as loop-streaming does."""
        self.asks_hooks = config.get("asks_hooks", True)

    async def execute(self, prompt, context, providers, tools, hooks, coordinator=None) -> str:
        await hooks.emit(PROMPT_SUBMIT, {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        provider = next(iter(providers.values()))
        while not coordinator.cancellation.is_cancelled:
            asked = await hooks.emit(PROVIDER_REQUEST, {"provider": provider.name})
            asked = await coordinator.process_hook_result(asked, PROVIDER_REQUEST, "orchestrator")
            if asked.action == "deny":
                return f"Operation denied: {asked.reason}"
            messages = await context.get_messages_for_request(provider=provider)
            response = await provider.complete(request_of(messages, tools))
            if self.tells_blocks:
                await self._tell(response, hooks)
            else:
                await hooks.emit(PROVIDER_RESPONSE, {"provider": provider.name, "usage": response.usage})
            calls = response.tool_calls or []
            await context.add_message(answer_of(response, calls))
            if not calls:
                await hooks.emit(ORCHESTRATOR_COMPLETE, {"orchestrator": "loop-plain"})
                return "".join(block.text for block in response.content if block.type == "text")
            results = await asyncio.gather(*(self._call(c, tools, hooks, coordinator) for c in calls))
            for call, content in zip(calls, results, strict=True):
                await context.add_message({"role": "tool", "tool_call_id": call.id, "content": content})
        return ""

    async def _tell(self, response, hooks) -> None:
        about = {"total_blocks": len(response.content_blocks), "usage": response.usage.model_dump()}
        for index, block in enumerate(response.content_blocks):
            kind = {"block_type": block.type.value, "block_index": index}
            await hooks.emit(CONTENT_BLOCK_START, kind)
            await hooks.emit(CONTENT_BLOCK_END, {"block_index": index, "block": block.to_dict(), **about})

    async def _call(self, call, tools, hooks, coordinator) -> str:
        about = {"tool_name": call.name, "tool_input": call.arguments}
        try:
            if self.asks_hooks:
                verdict = await hooks.emit(TOOL_PRE, about)
                if self.heeds:
                    verdict = await coordinator.process_hook_result(verdict, TOOL_PRE, call.name)
                    if verdict.action == "deny":
                        return f"Denied by hook: {verdict.reason}"
            result = await tools[call.name].execute(call.arguments)
            post = await hooks.emit(TOOL_POST, {**about, "result": result.model_dump()})
            changed = (post.data or {}).get("result", {}).get("output")
            return changed if isinstance(changed, str) else result.get_serialized_output()
        except Exception as error:
            told = {"type": type(error).__name__, "msg": str(error)}
            await hooks.emit(TOOL_ERROR, {"tool_name": call.name, "error": told})
            return f"Error executing tool: {error}"
