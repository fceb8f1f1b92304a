"""What a server says that an answer took."""

from __future__ import annotations

import math
from typing import cast

from amplifier_core.message_models import Usage

from providers.json_types import Json

_MEASURED = (
    "ttft_ms",
    "prefill_tokens_per_second",
    "decode_tokens_per_second",
    "image_tokens",
    "image_encode_ms",
)


def read_usage(given: object) -> Usage | None:
    """None for what is no usage at all; figures that are none count as 0."""
    if not isinstance(given, dict):
        return None
    usage = cast("Json", given)
    prompt, answer = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    return Usage(
        input_tokens=prompt,
        output_tokens=answer,
        total_tokens=count(usage.get("total_tokens")) or prompt + answer,
        reasoning_tokens=_detail(usage, "completion_tokens_details", "reasoning_tokens"),
        cache_read_tokens=_detail(usage, "prompt_tokens_details", "cached_tokens"),
        **{name: usage[name] for name in _MEASURED if _is_number(usage.get(name))},
    )


def told_usage(usage: Usage) -> Json:
    """As `llm:response` tells it: the names are Amplifier's contract, which has no `total_tokens`."""
    return usage.model_dump(mode="json", exclude_none=True, exclude={"total_tokens"})


def count(value: object) -> int:
    """How many tokens a server says; 0 for what is no number: an answer is not lost over its bill."""
    return max(0, int(cast("float", value))) if _is_number(value) else 0


def _detail(usage: Json, group: str, name: str) -> int | None:
    details: object = usage.get(group)
    value: object = cast("Json", details).get(name) if isinstance(details, dict) else None
    return None if value is None else count(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
