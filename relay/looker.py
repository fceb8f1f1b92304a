"""Who looks at the frames: a tab (tab.py), or llama.cpp on this machine (native.py)."""

from __future__ import annotations

from typing import Protocol

from .clients import Client

LOOK_SECONDS = 180.0
"""A model may be slow, and a tab may be loading it; after this a look counts as lost."""


class LookFailedError(Exception):
    """There is no answer to this frame."""


class Looker(Protocol):
    async def ready(self) -> None:
        """Returns when somebody can look."""
        ...

    async def look(self, jpeg: bytes, client: Client) -> str:
        """What is seen. Raises LookFailedError."""
        ...
