"""A hook that counts events."""

from typing import Any

from amplifier_core import HookResult

__amplifier_module_type__ = "hook"


class Count:
    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, event: str, data: dict[str, Any]) -> HookResult:
        self.seen += 1
        return HookResult(action="continue")


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    count = Count()
    removers = [
        coordinator.hooks.register(event, count, priority=10, name="count")
        for event in ("tool:pre", "tool:post", "test:event")
    ]

    def cleanup() -> None:
        for remove in removers:
            remove()

    return cleanup
