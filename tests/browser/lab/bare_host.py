"""A host that sends files and no header of ours, or some; one elsewhere of which nothing may be asked."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from local_server import serving

from build_steps.headers import MIME_TYPES


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | MIME_TYPES

    def __init__(self, *args: Any, headers: dict[str, str], **named: Any) -> None:
        self._headers = headers
        super().__init__(*args, **named)

    def end_headers(self) -> None:
        # A host of files that others may read, as those of wheels are; nothing of it isolates or protects.
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in self._headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def bare_host(root: Path, headers: dict[str, str] | None = None) -> Iterator[str]:
    """Serves `root` with no other headers of ours than `headers`; gives its URL, which ends in "/"."""
    with serving(functools.partial(_Handler, directory=root, headers=headers or {})) as url:
        yield url


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server that lets every page in; gives its URL, which ends in "/", and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
            self.end_headers()
            self.wfile.write(b"globalThis.ran = true")

        def do_POST(self) -> None:
            self.do_GET()

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_OPTIONS(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    with serving(Handler) as url:
        yield url, asked
