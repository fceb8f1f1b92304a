"""One HTTP exchange, in the browser and on CPython alike."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
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


def request(
    method: str, url: str, headers: Mapping[str, str], body: str | None = None
) -> AbstractAsyncContextManager[Response]:
    """Send it and give the response as soon as its headers are there.

    Leaving the context ends the connection: that is what stops a server. Redirects are not followed (a key
    must not travel on). Raises TransportError.
    """
    if sys.platform == "emscripten":
        from providers.openai.browser import exchange
    else:
        from providers.openai.native import exchange
    return exchange(method, url, headers, body)
