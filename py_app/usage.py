"""What a provider's answer cost, in whichever way the orchestrator told it."""

from __future__ import annotations

import re
from typing import cast

from amplifier_core.events import LLM_RESPONSE, PROVIDER_RESPONSE

from providers.json_types import Json

_FIGURE = re.compile(r"(\w+)=([\d.]+)(?= |$)")


COSTING = (LLM_RESPONSE, PROVIDER_RESPONSE)


class Usage:
    """What each answer cost, once: its provider tells it, and most orchestrators tell it again."""

    def __init__(self) -> None:
        self._told = False

    def take(self, event: str, data: Json) -> Json | None:
        """The usage that this event of `COSTING` adds (see `usage_of`)."""
        told, self._told = self._told, False
        usage = None if event == PROVIDER_RESPONSE and told else usage_of(data)
        self._told = event == LLM_RESPONSE and usage is not None
        return usage


def figures_of(usage: Json) -> Json:
    """What a page shows of it: tokens of the answer, their number a second, milliseconds to the first."""
    return {
        "completionTokens": usage["output_tokens"],
        "ttftMs": usage.get("ttft_ms"),
        "tokensPerSecond": usage.get("decode_tokens_per_second"),
    }


def usage_of(data: Json) -> Json | None:
    """The fields of Amplifier's Usage in a response's event, with input_tokens and output_tokens for sure.

    None where there are none. An orchestrator that hands on the object itself has it crossed the kernel as
    its text: "input_tokens=12 output_tokens=3 …".
    """
    told: object = data.get("usage")
    if isinstance(told, str):
        told = {name: float(figure) for name, figure in _FIGURE.findall(told)}
    if not isinstance(told, dict) or not told:
        return None
    usage = cast(Json, told)
    counted = {name: int(usage.get(name) or 0) for name in ("input_tokens", "output_tokens")}
    return {**usage, **counted}
