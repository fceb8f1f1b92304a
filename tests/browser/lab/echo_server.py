"""A server that speaks OpenAI's protocol and does what the message asks, so that a test knows what is said.

"slow N": N words, 20 a second · "refuse": status 400 with words of its own · "nothing": an empty answer ·
anything else is said back.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from browsers import visitor
from playwright.sync_api import Browser, BrowserContext, Page

REFUSAL = "max_tokens must be smaller than this fine model allows"
WORDS_A_SECOND = 20


@dataclass
class EchoServer:
    """What it was asked."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@contextmanager
def echo_server() -> Iterator[EchoServer]:
    asked = EchoServer()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._start(200, "text/plain")

        def do_GET(self) -> None:
            self._start(200, "application/json")
            self.wfile.write(json.dumps({"data": [{"id": "talker"}]}).encode())

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.requests.append(request)
            text = last_question(request)
            if text.startswith("refuse"):
                self._start(400, "application/json")
                self.wfile.write(json.dumps({"error": {"message": REFUSAL}}).encode())
                return
            self._start(200, "text/event-stream")
            try:
                for word in words(text):
                    self._send({"delta": {"content": word}, "finish_reason": None})
                    if text.startswith("slow"):
                        time.sleep(1 / WORDS_A_SECOND)
                self._send({"delta": {}, "finish_reason": "stop"})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:  # the client went away
                pass

        def _start(self, status: int, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "*, Authorization")
            self.end_headers()

        def _send(self, choice: dict[str, Any]) -> None:
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "talker"}
            chunk["choices"] = [{"index": 0, **choice}]
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    asked.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield asked
    server.shutdown()
    server.server_close()


def words(question: str) -> list[str]:
    """What is answered, word by word."""
    if question.startswith("nothing"):
        return []
    if question.startswith("slow"):
        return [f"w{index} " for index in range(int(question.split()[1]))]
    return ["You ", "said: ", question]


def last_question(request: dict[str, Any]) -> str:
    return next(m["content"] for m in reversed(request["messages"]) if m["role"] == "user")


def begin_conversation(page: Page, server: EchoServer, text: str = "hello") -> str:
    """A conversation with one turn in it that the server answers. Returns its id."""
    return page.evaluate(
        """async ([baseUrl, text]) => {
            await alcove.server.set({ baseUrl, model: "talker" });
            const chat = await alcove.openSession({ provider: "openai" });
            for await (const event of chat.send(text));
            await chat.close();
            return chat.id;
        }""",
        [server.url, text],
    )


@contextmanager
def visitor_without_models(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which only the server answers: no model is fetched."""
    context = visitor(browser)
    context.route("**/models/*", lambda route: route.abort())
    yield context
    context.close()
