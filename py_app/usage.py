"""What a provider's answer cost, in whichever way the orchestrator told it."""

from __future__ import annotations

import re
from typing import cast

from providers.json_types import Json

_FIGURE = re.compile(r"(\w+)=([\d.]+)(?= |$)")


def usage_of(data: Json) -> Json | None:
    """The fields of Amplifier's Usage in a `provider:response`, with input_tokens and output_tokens for sure.

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
