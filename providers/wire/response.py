"""A whole `chat.completion` to Amplifier's ChatResponse."""

from __future__ import annotations

import json

from amplifier_core.message_models import ChatResponse

from providers.errors import error_data, to_llm_error
from providers.json_types import Json
from providers.wire.chunks import ChunkAccumulator


def chat_response(completion: Json, *, provider: str) -> ChatResponse:
    """The ChatResponse of one `chat.completion`, as `ChunkAccumulator.response` describes it.

    Raises the LLMError of `engine-crashed` when there is no answer in it at all.
    """
    choices = completion.get("choices")
    if not isinstance(choices, list) or not choices:
        data = error_data("engine-crashed", "The engine gave no answer.", detail=json.dumps(completion)[:500])
        raise to_llm_error(data, provider=provider)
    chunks = ChunkAccumulator()
    chunks.add(completion)
    return chunks.response(provider=provider)
