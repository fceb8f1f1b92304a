"""The only door from Python to JavaScript. Strings cross it, nothing else.

In Pyodide the JavaScript module `alcove_host` stands behind it; on CPython a test or a script passes an
object with the same methods.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Protocol, cast

PAGE = "alcove.page"
"""Name of the coordinator capability that holds the session's `Page`."""


class Host(Protocol):
    """What JavaScript offers to Python. None of the awaited calls is meant to reject."""

    def emit(self, session_id: str, event_json: str) -> None:
        """Send one page event of a session."""
        ...

    async def save(self, session_id: str, record_json: str) -> None:
        """Keep the transcript record (see `py_app/store.py`)."""
        ...

    async def call_tool(self, session_id: str, call_id: str, name: str, input_json: str) -> str:
        """Run a function of the page; resolves to {"ok": any} or {"error": ErrorData}."""
        ...

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        """One completion (ChatRequest JSON with `id`).

        Resolves to `chat.completion` JSON or {"error": ErrorData}.
        """
        ...

    def cancel(self, request_id: str) -> None:
        """Stop that completion: it resolves with finish_reason "cancelled" and what was said so far."""
        ...

    async def describe(self) -> str:
        """{"models": [{id, name, context, …}], "loaded": {…} | null} as JSON."""
        ...


class _PyodideHost:
    """The `alcove_host` JavaScript module as a `Host`."""

    def __init__(self, module: Any) -> None:
        self.emit = module.emit
        self.save = module.save
        self.call_tool = module.call_tool
        self.cancel = module.cancel
        self.describe = module.describe
        self._complete = module.complete

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        from pyodide.ffi import create_proxy  # type: ignore[import-not-found, reportUnknownVariableType]

        # JavaScript keeps calling on_chunk after this call returns its promise, so the callback needs a proxy
        # that lives exactly as long as the promise.
        proxy = cast(Any, create_proxy(on_chunk))
        try:
            return await self._complete(request_json, proxy)
        finally:
            proxy.destroy()


def connect(host: Any) -> Host:
    """`host` itself on CPython; in Pyodide, where it is a JavaScript module, its wrapper."""
    if sys.platform == "emscripten":
        from pyodide.ffi import JsProxy  # type: ignore[import-not-found]

        if isinstance(host.complete, JsProxy):
            return _PyodideHost(host)
    return host


class Page:
    """One session's part of the page: its events and its tool functions."""

    def __init__(self, host: Host, session_id: str) -> None:
        self.session_id = session_id
        self._host = host

    def emit(self, event: dict[str, Any]) -> None:
        """Send one event of the page's closed set: text, tool, approval, usage, end."""
        self._host.emit(self.session_id, json.dumps(event))

    async def save(self, record: dict[str, Any]) -> None:
        await self._host.save(self.session_id, json.dumps(record))

    async def call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Returns {"ok": any} or {"error": ErrorData}."""
        return json.loads(await self._host.call_tool(self.session_id, call_id, name, json.dumps(arguments)))
