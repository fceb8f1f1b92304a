"""20,000 pieces at full speed, from a server of the person's: does the page stay usable?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lab import Figure, SiteServer, at_most, told, visit
from playwright.sync_api import Browser

PIECES = 20_000

_WORDS = (
    "quick",
    "brown",
    "foxes",
    "jump",
    "over",
    "**seven**",
    "clever",
    "wizards",
    "who",
    "mix",
    "potions",
)

_FLOOD = """async (url) => {
  await alcove.server.set({ baseUrl: url, model: "flood" });
  const { thread } = document.querySelector("alcove-app").workbench;
  await thread.use({ provider: "openai" });
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
  observer.observe({ type: "longtask" });
  const began = performance.now();
  await thread.send({ text: "flood", pictures: [] });
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  tasks.push(...observer.takeRecords().map((entry) => entry.duration));
  const said = thread.entries.at(-1).parts.map((part) => part.text).join("");
  return { tasks, seconds, characters: said.length };
}"""


def _pieces() -> Iterator[str]:
    for i in range(PIECES):
        if i % 400 == 399:
            yield "\n\n```python\nfor x in range(9):\n    print(x)\n```\n\n"
        elif i % 200 == 150:
            yield "\n\n- one point\n- another `code`\n\n"
        else:
            yield ".\n\n" if i % 60 == 59 else f" {_WORDS[i % len(_WORDS)]}"


class _Flood(BaseHTTPRequestHandler):
    def do_OPTIONS(self) -> None:
        self._begin("text/plain")

    def do_GET(self) -> None:
        self._begin("application/json")
        self.wfile.write(b'{"data": [{"id": "flood"}]}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._begin("text/event-stream")
        for piece in _pieces():
            self._send({"delta": {"content": piece}, "finish_reason": None})
        self._send({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*, Authorization")
        self.end_headers()

    def _send(self, choice: dict[str, object]) -> None:
        chunk = {"id": "flood", "object": "chat.completion.chunk", "created": 0, "model": "flood"}
        self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [{'index': 0, **choice}]})}\n\n".encode())

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Flood)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()


def flood(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Long tasks of the page's main thread while pieces arrive as fast as they can be read."""
    with _server() as url, visit(browser, site) as page:
        page.set_default_timeout(600_000)
        heard = page.evaluate(_FLOOD, url)
    assert heard["characters"] == sum(map(len, _pieces())), "a part of the answer is missing"
    yield at_most("20,000 pieces: tasks over 50 ms", len(heard["tasks"]), "", 0)
    yield told("20,000 pieces: the longest task (0: none over 50)", max(heard["tasks"], default=0), "ms")
    yield told("20,000 pieces: seconds until all are drawn", heard["seconds"], "s")
