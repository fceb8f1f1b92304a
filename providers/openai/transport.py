"""One HTTP exchange, in the browser and on CPython alike."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

from providers.openai.response import Response


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
