"""What an HTTP exchange gives, and what can be in its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal

Trouble = Literal["refused", "name", "tls", "plain", "slow", "blocked", "redirect", "lost"]
"""`blocked`: a browser does not say which of refused, name, tls or its own rules (CORS) it was."""


@dataclass(frozen=True)
class Response:
    """`headers` have lower-case names; `chunks` is the body as it comes, and raises TransportError."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class TransportError(Exception):
    """No response, or not all of it. `page` is the origin of the page that asked, "" on CPython."""

    def __init__(self, trouble: Trouble, detail: str, *, page: str = "") -> None:
        super().__init__(detail)
        self.trouble: Trouble = trouble
        self.page = page
