"""A small orchestrator that behaves as the official loop-events does: it tells hooks of tools and of nothing
else, asks for all messages instead of those for a request, and runs tools one after the other."""

from __future__ import annotations

from typing import Any

from amplifier_core.events import ORCHESTRATOR_COMPLETE, PROMPT_SUBMIT, TOOL_POST, TOOL_PRE
from amplifier_module_loop_plain import answer_of, request_of

__amplifier_module_type__ = "orchestrator"


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    await coordinator.mount("orchestrator", SilentLoop())


class SilentLoop:
    async def execute(self, prompt, context, providers, tools, hooks, coordinator=None) -> str:
        await hooks.emit(PROMPT_SUBMIT, {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        provider = next(iter(providers.values()))
        while True:
            request = request_of(await context.get_messages(), tools)
            response = await provider.complete(request)
            calls = provider.parse_tool_calls(response)
            await context.add_message(answer_of(response, calls))
            if not calls:
                await hooks.emit(ORCHESTRATOR_COMPLETE, {"orchestrator": "loop-silent"})
                return "\n\n".join(block.text for block in response.content if hasattr(block, "text"))
            for call in calls:
                content = await self._call(call, tools, hooks, coordinator)
                await context.add_message({"role": "tool", "tool_call_id": call.id, "content": content})

    async def _call(self, call, tools, hooks, coordinator) -> str:
        about = {"tool_name": call.name, "tool_input": call.arguments}
        verdict = await hooks.emit(TOOL_PRE, about)
        verdict = await coordinator.process_hook_result(verdict, TOOL_PRE, call.name)
        if verdict.action == "deny":
            return f"Error: {verdict.reason}"
        result = await tools[call.name].execute(call.arguments)
        await hooks.emit(TOOL_POST, {**about, "result": result.model_dump()})
        return result.get_serialized_output()
