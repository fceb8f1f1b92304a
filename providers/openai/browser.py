"""HTTP in the browser: `fetch`, its body read as it comes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from providers.json_types import Json
from providers.openai.response import Response, TransportError


@asynccontextmanager
async def exchange(
    method: str, url: str, headers: Mapping[str, str], body: str | None
) -> AsyncGenerator[Response]:
    """See `transport.request`."""
    controller = js.AbortController.new()
    options: Json = {
        "method": method,
        "headers": dict(headers),
        "credentials": "omit",
        "redirect": "manual",
        "cache": "no-store",
        "referrerPolicy": "no-referrer",
        "signal": controller.signal,
    }
    if body is not None:
        options["body"] = body
    try:
        try:
            answer = await js.fetch(url, to_js(options, dict_converter=js.Object.fromEntries))
        except JsException as error:
            raise TransportError("blocked", str(error), page=str(js.location.origin)) from None
        if answer.type == "opaqueredirect":
            raise TransportError("redirect", "an opaque redirect")
        names: dict[str, str] = js.Object.fromEntries(answer.headers).to_py()
        yield Response(answer.status, names, _chunks(answer))
    finally:
        controller.abort()


async def _chunks(answer: Any) -> AsyncIterator[bytes]:
    if answer.body is None:
        return
    reader = answer.body.getReader()
    try:
        while not (piece := await reader.read()).done:
            yield piece.value.to_bytes()
    except JsException as error:
        raise TransportError("lost", str(error)) from None
    finally:
        with contextlib.suppress(JsException):
            reader.releaseLock()
