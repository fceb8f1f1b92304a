"""A hub of models on this machine: /ORG/REPO/resolve/main/FILE, redirected to the bytes, as hubs do."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from build_steps.serve import SiteServer


class Hub:
    """
    Serves `files` (path under /ORG/REPO/ → bytes) with ranges. What goes wrong is set per path in `faults`:
    "missing" (404), "page" (a web page), "cut" (the first answer breaks off half way), "held" (half way it
    waits until the fault is taken away), "short" (half a file that claims to be whole).
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        # What was asked for: "GET path range".
        self.seen: list[str] = []
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def address(self, path: str) -> str:
        """Where a hub's clients ask for `path` ("ORG/REPO/FILE")."""
        organisation, repository, name = path.split("/", 2)
        return f"{self.url}{organisation}/{repository}/resolve/main/{name}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def hub_path(url: str) -> str:
    """ORG/REPO/FILE of an address of a hub."""
    return re.sub("/resolve/[^/]+", "", url.removeprefix("https://huggingface.co/"))


@contextmanager
def mirrored(site: Path, hub: Hub) -> Iterator[SiteServer]:
    """`site` as its owner sets it up who has a mirror of the hub."""
    index = site / "index.html"
    name = 'name="alcove-mirror" content="'
    text = index.read_text().replace(f'{name}"', f'{name}{hub.url}"')
    for twin in site.glob("index.html*"):
        twin.unlink()
    index.write_text(text)
    with SiteServer(site, port=0) as server:
        yield server


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/(.+)", self.path)
        if wanted:
            self._answer(302, {"Location": f"/blobs/{wanted[1]}/{wanted[2]}"}, b"")
            return
        path = self.path.removeprefix("/blobs/")
        span = self.headers.get("Range", "")
        self.hub.seen.append(f"{path} {span}".strip())
        fault = self.hub.faults.get(path)
        body = self.hub.files.get(path)
        if body is None or fault == "missing":
            self._answer(404, {"Content-Type": "text/plain"}, b"Entry not found")
        elif fault == "page":
            self._answer(200, {"Content-Type": "text/html"}, b"<!doctype html><p>please log in")
        elif fault == "short":
            self._answer(200, {"Content-Type": "binary/octet-stream"}, body[: len(body) // 2])
        else:
            self._send(path, body, span, fault)

    def _send(self, path: str, body: bytes, span: str, fault: str | None) -> None:
        start = int(match[1]) if (match := re.match(r"bytes=(\d+)-", span)) else 0
        if start >= len(body):
            self._answer(416, {"Content-Range": f"bytes */{len(body)}"}, b"")
            return
        headers = {"Content-Type": "binary/octet-stream", "ETag": f'"{len(body)}"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        if fault in {"cut", "held"}:
            self._head(200, headers, len(body))
            self.wfile.write(body[: len(body) // 2])
        if fault == "held":
            while self.hub.faults.get(path) == "held":
                time.sleep(0.05)
            self.wfile.write(body[len(body) // 2 :])
            return
        if fault == "cut":
            del self.hub.faults[path]
            time.sleep(1)  # a browser forgets what came just before a break
            self.close_connection = True
            return
        self._answer(206 if start else 200, headers, body[start:])

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._head(status, headers, len(body))
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str], length: int) -> None:
        self.send_response(status)
        exposed = "Content-Range, Content-Length, ETag"
        for name, value in {
            **headers,
            "Content-Length": str(length),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": exposed,
        }.items():
            self.send_header(name, value)
        self.end_headers()

    def do_OPTIONS(self) -> None:
        self._answer(204, {"Access-Control-Allow-Headers": "Range"}, b"")

    def log_message(self, *_: Any) -> None:
        """Quiet."""
