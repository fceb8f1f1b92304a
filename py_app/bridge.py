"""The only door from Python to JavaScript. Strings cross it, nothing else.

In Pyodide the JavaScript module `alcove_host` stands behind it; on CPython a test or a script passes an
object with the same methods.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from providers.json_types import Json
from py_app.errors import AlcoveError


class Host(Protocol):
    """What JavaScript offers to Python. Of the awaited calls only `save` may fail."""

    def emit(self, session_id: str, event_json: str) -> None:
        """Send one page event of a session."""
        ...

    async def save(self, session_id: str, delta_json: str) -> None:
        """Keep what is new of a transcript (see `py_app/transcript.py`)."""
        ...

    async def call_tool(self, session_id: str, call_id: str, name: str, input_json: str) -> str:
        """Run a function of the page; resolves to {"ok": any} or {"error": ErrorData}."""
        ...

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        """One completion (ChatRequest JSON with `id`).

        Resolves to "" when the chunks were all of it, or to {"error": ErrorData}.
        """
        ...

    async def see(self, request_json: str) -> str:
        """Let a vision model look at a picture.

        Takes {"id", "image": {"media_type", "data" (base64)}, "prompt", "model"?, "max_tokens"?, "read"?:
        whether what is written there is told too (true)}; resolves to {"ok": {"text", "model"}} or
        {"error": ErrorData}.
        """
        ...

    async def capture(self, request_json: str) -> str:
        """Take a picture of what the camera or the screen shows; the browser asks the person.

        Takes {"id", "source": "camera" | "screen"}; resolves to {"ok": {"media_type", "data"}} or
        {"error": ErrorData}.
        """
        ...

    async def hear(self, request_json: str) -> str:
        """Write down what is said in a recording; without one, what the person says next.

        Takes {"id", "audio"?: base64 of a sound file, "language"?}; resolves to
        {"ok": {"text", "seconds", "language"}} or {"error": ErrorData}.
        """
        ...

    async def say(self, request_json: str) -> str:
        """Speak a text, aloud or as a WAV file.

        Takes {"id", "text", "voice"?, "rate"?, "aloud": bool}; resolves to {"ok": {"audio": base64, empty
        where it is aloud, "seconds"}} or {"error": ErrorData}.
        """
        ...

    def cancel(self, request_id: str) -> None:
        """Stop what has that id: a completion resolves with finish_reason "cancelled" and what was said so
        far, anything else with the error `cancelled`."""
        ...

    async def list_models(self) -> str:
        """{"models": [{id, name, context, engine, sees}], "loaded": {…} | null}, or {"error": ErrorData}."""
        ...


class _PyodideHost:
    """The `alcove_host` JavaScript module as a `Host`."""

    def __init__(self, module: Host) -> None:
        self.emit = module.emit
        self.save = module.save
        self.call_tool = module.call_tool
        self.see = module.see
        self.capture = module.capture
        self.hear = module.hear
        self.say = module.say
        self.cancel = module.cancel
        self.list_models = module.list_models
        self._complete = module.complete

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        from pyodide.ffi import create_proxy

        from py_app.event_loop import BatchLoop

        # JavaScript keeps calling on_chunk after this call returns its promise, so the callback needs a proxy
        # that lives exactly as long as the promise.
        loop = asyncio.get_running_loop()
        proxy = create_proxy(partial(loop.call_now, on_chunk) if isinstance(loop, BatchLoop) else on_chunk)
        try:
            return await self._complete(request_json, proxy)
        finally:
            proxy.destroy()


def connect(host: Host) -> Host:
    """`host` itself on CPython; in Pyodide, where it is a JavaScript module, its wrapper."""
    if sys.platform == "emscripten":
        from pyodide.ffi import JsProxy

        if isinstance(host.complete, JsProxy):
            return _PyodideHost(host)
    return host


async def see(host: Host, request: Json) -> Json:
    """`Host.see`: {"text", "model"}. Raises AlcoveError."""
    return await _asked(host, host.see, request)


async def capture(host: Host, request: Json) -> Json:
    """`Host.capture`: {"media_type", "data"}. Raises AlcoveError."""
    return await _asked(host, host.capture, request)


async def hear(host: Host, request: Json) -> Json:
    """`Host.hear`: {"text", "seconds", "language"}. Raises AlcoveError."""
    return await _asked(host, host.hear, request)


async def say(host: Host, request: Json) -> Json:
    """`Host.say`: {"audio", "seconds"}. Raises AlcoveError."""
    return await _asked(host, host.say, request)


async def _asked(host: Host, call: Callable[[str], Awaitable[str]], request: Json) -> Json:
    request_id = uuid.uuid4().hex
    try:
        answer = json.loads(await call(json.dumps({"id": request_id, **request})))
    except asyncio.CancelledError:
        host.cancel(request_id)
        raise
    if "error" in answer:
        raise AlcoveError.read(answer["error"])
    return answer["ok"]


class Page:
    """One session's part of the page: its events and its tool functions.

    That of a sub-agent says with each event who it is; its functions are those of the conversation.
    """

    def __init__(self, host: Host, session_id: str, agent: Json | None = None) -> None:
        self.session_id = session_id
        self._host = host
        self._agent = agent

    def of_agent(self, agent: Json) -> Page:
        """The part of a sub-agent: {"id", "name", "parent"}."""
        return Page(self._host, self.session_id, agent)

    def emit(self, event: Json) -> None:
        """Send one event of the page's closed set (`TurnEvent` of `workers/python/protocol.ts`)."""
        told = {**event, "agent": self._agent} if self._agent else event
        self._host.emit(self.session_id, json.dumps(told))

    def save(self, delta: Json) -> Awaitable[None]:
        """Not a coroutine: in Pyodide it is on its way when this returns, in order with what is emitted."""
        return self._host.save(self.session_id, json.dumps(delta))

    async def see(self, request: Json) -> Json:
        """What a vision model says of a picture: {"text", "model"} (see `Host.see`). Raises AlcoveError."""
        return await see(self._host, {"session": self.session_id, **request})

    async def call_tool(self, call_id: str, name: str, arguments: Json) -> Json:
        """Returns {"ok": any} or {"error": ErrorData}."""
        return json.loads(await self._host.call_tool(self.session_id, call_id, name, json.dumps(arguments)))
