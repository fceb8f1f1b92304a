"""What a provider needs of whatever computes: an engine of this tab, or a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Engine(Protocol):
    """JSON in, JSON out.

    `py_app/bridge.py` holds the one that leads to JavaScript, `providers/openai/server.py` the one that leads
    to a server.
    """

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        """Resolves to `chat.completion` JSON, to {"error": ErrorData}, or to "" when the chunks were all.

        May raise LLMError.
        """
        ...

    def cancel(self, request_id: str) -> None:
        """That completion then ends with finish_reason "cancelled"; an unknown id is no error."""
        ...

    async def list_models(self) -> str:
        """{"models": [{id, name, context, engine, cached?, sees?}], "loaded": {id, context} | null} as JSON.

        May raise LLMError.
        """
        ...
