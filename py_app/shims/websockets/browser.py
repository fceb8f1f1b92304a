"""The browser's WebSocket. What may be asked at all, this worker's gate says (`workers/wire/gate.ts`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from js import WebSocket  # pyright: ignore
from pyodide.ffi import JsException, create_proxy, to_js

from .socket import Data, Hearer


class BrowserSocket:
    """`Socket` of socket.py."""

    def __init__(self, uri: str, subprotocols: Sequence[str], hearer: Hearer) -> None:
        kind: Any = WebSocket
        try:
            self._socket: Any = kind.new(uri, to_js(list(subprotocols)))
        except JsException as error:
            # Neither says the address, which may hold a key.
            words: Any = error
            raise OSError(f"{words.message} {getattr(words, 'action', '')}".strip()) from None
        self._socket.binaryType = "arraybuffer"
        self._hearer = hearer
        self._proxies: list[Any] = []
        for event, listener in (
            ("open", self._on_open),
            ("message", self._on_message),
            ("close", self._on_close),
        ):
            proxy = create_proxy(listener)
            self._proxies.append(proxy)
            self._socket.addEventListener(event, proxy)

    @property
    def waiting(self) -> int:
        return self._socket.bufferedAmount

    def send(self, data: Data) -> None:
        self._socket.send(data if isinstance(data, str) else to_js(data))

    def close(self, code: int, reason: str) -> None:
        self._socket.close(code, reason)

    def _on_open(self, _: Any) -> None:
        self._hearer.opened()

    def _on_message(self, event: Any) -> None:
        data = event.data
        self._hearer.heard(data if isinstance(data, str) else data.to_bytes())

    def _on_close(self, event: Any) -> None:
        self._hearer.closed(event.code, event.reason)
        for proxy in self._proxies:
            proxy.destroy()
