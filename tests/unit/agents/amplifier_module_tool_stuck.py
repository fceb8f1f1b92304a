"""A tool whose mount never returns; with `raises` it fails, with `lingers` its cleanup takes a while."""

from __future__ import annotations

import asyncio
from typing import Any

__amplifier_module_type__ = "tool"

MOUNTING: list[str] = []
CLEANING: list[str] = []


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Any:
    async def linger() -> None:
        CLEANING.append(coordinator.session_id)
        await asyncio.sleep(0.05)

    if (config or {}).get("lingers"):
        return linger
    if (config or {}).get("raises"):
        raise OSError("no such disk")
    MOUNTING.append(coordinator.session_id)
    return await asyncio.Event().wait()
