"""A server of a person's that says what a test wants: texts, calls of tools, refusals, names of models."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass
class TalkingServer:
    """
    `reply` is given the messages of a request and gives a text, the calls of tools as [(name, arguments)],
    or a refusal as a dict, which is sent with status 400.
    """

    reply: Callable[[list[Json]], str | list[tuple[str, str]] | Json]
    models: list[str] = field(default_factory=list[str])
    # Answered with a redirect to here instead, if it is set.
    sends_to: str = ""
    url: str = ""


@contextmanager
def talking(server: TalkingServer) -> Iterator[TalkingServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._start(200, "text/plain")

        def do_GET(self) -> None:
            if self._sent_on():
                return
            self._start(200, "application/json")
            self.wfile.write(json.dumps({"data": [{"id": name} for name in server.models]}).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self._sent_on():
                return
            reply = server.reply(json.loads(body)["messages"])
            if isinstance(reply, dict):
                self._start(400, "application/json")
                self.wfile.write(json.dumps(reply).encode())
                return
            self._start(200, "text/event-stream")
            if isinstance(reply, str):
                for start in range(0, len(reply), 40):
                    self._send({"content": reply[start : start + 40]})
            else:
                for index, (name, arguments) in enumerate(reply):
                    function = {"name": name, "arguments": arguments}
                    self._send({"tool_calls": [{"index": index, "id": f"c{index}", "function": function}]})
            self._send({}, "stop" if isinstance(reply, str) else "tool_calls")
            self.wfile.write(b"data: [DONE]\n\n")

        def _sent_on(self) -> bool:
            if server.sends_to:
                self.send_response(307)
                self.send_header("Location", server.sends_to)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()
            return bool(server.sends_to)

        def _start(self, status: int, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "*, Authorization")
            self.end_headers()

        def _send(self, delta: Json, finish: str | None = None) -> None:
            chunk = {
                "id": "c",
                "model": "m",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_address[1]}/v1"
    threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
