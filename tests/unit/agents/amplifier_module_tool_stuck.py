"""A tool whose mount never returns; with `raises` it fails instead."""

from __future__ import annotations

import asyncio
from typing import Any

__amplifier_module_type__ = "tool"

MOUNTING: list[str] = []


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> None:
    if (config or {}).get("raises"):
        raise OSError("no such disk")
    MOUNTING.append(coordinator.session_id)
    await asyncio.Event().wait()
