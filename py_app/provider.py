"""What a provider says of itself, where it says anything: not every one keeps to the whole protocol."""

from __future__ import annotations

import contextlib
from typing import cast

from amplifier_core.interfaces import Provider
from amplifier_core.llm_errors import LLMError
from amplifier_core.models import ModelInfo

from providers.json_types import Json


def defaults_of(provider: Provider) -> Json:
    """The defaults of its `get_info`: `model`, `context_window`, `max_output_tokens`, …"""
    get_info = getattr(cast(object, provider), "get_info", None)
    return get_info().defaults or {} if get_info else {}


async def models_of(provider: Provider) -> list[ModelInfo]:
    """Its models; [] where it cannot say: the request itself will say what is wrong, and is tried again."""
    if not hasattr(cast(object, provider), "list_models"):
        return []
    with contextlib.suppress(LLMError):
        return await provider.list_models()
    return []
