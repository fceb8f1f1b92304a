"""An orchestrator that asks the first provider once."""

from typing import Any

from amplifier_core import ChatRequest, Message

__amplifier_module_type__ = "orchestrator"


class Once:
    async def execute(
        self,
        prompt: str,
        context: Any,
        providers: dict[str, Any],
        tools: dict[str, Any],
        hooks: Any,
        **kwargs: Any,
    ) -> str:
        await hooks.emit("execution:start", {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        provider = next(iter(providers.values()))
        messages = [Message(role="user", content=prompt)]
        response = await provider.complete(ChatRequest(messages=messages))
        text = "".join(getattr(block, "text", "") for block in response.content) or "nothing"
        await context.add_message({"role": "assistant", "content": text})
        await hooks.emit(
            "orchestrator:complete", {"orchestrator": "sample", "turn_count": 1, "status": "success"}
        )
        return text


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    await coordinator.mount("orchestrator", Once())
