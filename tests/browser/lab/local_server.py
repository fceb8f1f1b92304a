"""Small servers on this machine, and what each of them that speaks OpenAI's protocol needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Gives its URL, which ends in "/"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class ChatHandler(BaseHTTPRequestHandler):
    """Lets every page ask. What is answered to the two questions, as JSON or as a stream, is a subclass's."""

    def on_models(self) -> None:
        raise NotImplementedError

    def on_chat(self, request: dict[str, Any]) -> None:
        raise NotImplementedError

    def do_OPTIONS(self) -> None:
        self.start(200, "text/plain")

    def do_GET(self) -> None:
        self.on_models()

    def do_POST(self) -> None:
        self.on_chat(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def start(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*, Authorization")
        self.end_headers()

    def answer_json(self, value: object, status: int = 200) -> None:
        self.start(status, "application/json")
        self.wfile.write(json.dumps(value).encode())

    def send_delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [choice],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def end_stream(self, finish: str = "stop") -> None:
        self.send_delta({}, finish)
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""
