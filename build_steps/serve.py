"""`build.py serve`: dist/ over HTTP/1.1 with isolation, CSP, precompressed files, validators and ranges."""

from __future__ import annotations

import contextlib
import errno
import re
import socket
import threading
import urllib.parse
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .base import DIST, BuildError, say
from .headers import ISOLATION, MIME_TYPES, SECURITY, cache_control

DEFAULT_PORT = 8000
_PORTS_TO_TRY = 20
_IDLE_S = 120
# Content coding → suffix of the precompressed twin, best first.
_CODINGS = {"br": ".br", "gzip": ".gz"}
# This server and its browser share one machine: past this size, decoding costs more than the bytes.
_MAX_ENCODED = 1 << 20


class SiteServer:
    """
    Serves a folder on this machine only. `port` 0 takes any free one.

        with SiteServer(DIST) as server:
            open(server.url)
    """

    def __init__(self, root: Path, port: int = 0, *, isolation: bool = True) -> None:
        """Binds at once. Raises OSError (EADDRINUSE) when the port is taken."""
        handler = type("Handler", (_Handler,), {"root": root.resolve(), "isolation": isolation})
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Ends in "/"."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Serves in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Serves in this thread until interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self._server.close_everything()

    def stop(self) -> None:
        """Closes the port and every open connection: the site is then as unreachable as without a network."""
        if self._thread:
            self._server.shutdown()
            self._thread.join(timeout=10)
        self._server.close_everything()

    def __enter__(self) -> SiteServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve_forever(port: int | None, *, isolation: bool = True) -> None:
    """Serves dist/ until interrupted. Without `port`: 8000 or the next free one. Raises BuildError."""
    server = open_server(DIST, port, isolation=isolation)
    if port is None and server.port != DEFAULT_PORT:
        say(f"port {DEFAULT_PORT} is taken")
    print(f"Alcove is at {server.url}  (stop with Ctrl+C)", flush=True)
    server.run()


def open_server(root: Path, port: int | None, *, isolation: bool = True) -> SiteServer:
    """Binds `port`, or the first free one from 8000 on. Raises BuildError when there is none."""
    candidates = range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TO_TRY) if port is None else [port]
    for candidate in candidates:
        try:
            return SiteServer(root, candidate, isolation=isolation)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                raise BuildError(
                    f"Port {candidate} cannot be used: {error}.", "Choose another: --port N."
                ) from error
    taken = f"Port {port} is" if port is not None else f"Ports {candidates[0]} to {candidates[-1]} are"
    raise BuildError(f"{taken} taken by another program.", "Stop it, or choose another port: --port N.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_everything(self) -> None:
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no news."""


@dataclass(frozen=True)
class _Body:
    """What is sent of a file: `length` bytes from `start` of `path`, the whole being `size` long."""

    path: Path
    size: int
    start: int
    length: int


class _Handler(BaseHTTPRequestHandler):
    root: Path
    isolation: bool
    protocol_version = "HTTP/1.1"
    server_version = "Alcove"
    sys_version = ""
    timeout = _IDLE_S
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: what matters is seen in the browser."""

    def end_headers(self) -> None:
        for name, value in {**SECURITY, **(ISOLATION if self.isolation else {})}.items():
            self.send_header(name, value)
        super().end_headers()

    def _answer(self, *, with_body: bool) -> None:
        path = self._resolve()
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        ranged = self.headers.get("Range")
        coding, served = ("", path) if ranged else self._negotiate(path)
        stat = served.stat()
        etag = f'"{stat.st_ino:x}-{stat.st_mtime_ns:x}-{stat.st_size:x}{coding}"'
        common = {
            "ETag": etag,
            "Cache-Control": cache_control(path.relative_to(self.root).as_posix()),
            "Vary": "Accept-Encoding",
        }
        if self._has(etag):
            self._send_head(HTTPStatus.NOT_MODIFIED, common)
            return
        body = _Body(served, stat.st_size, 0, stat.st_size)
        status = HTTPStatus.OK
        if ranged and self.headers.get("If-Range", etag) == etag:
            part = _cut(body, ranged)
            if part is None:
                unsatisfied = {**common, "Content-Range": f"bytes */{stat.st_size}", "Content-Length": "0"}
                self._send_head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, unsatisfied)
                return
            body = part
            if body.length < body.size:
                status = HTTPStatus.PARTIAL_CONTENT
                last = body.start + body.length - 1
                common["Content-Range"] = f"bytes {body.start}-{last}/{body.size}"
        if coding:
            common["Content-Encoding"] = coding
        about = {
            "Content-Type": MIME_TYPES.get(path.suffix, "application/octet-stream"),
            "Content-Length": str(body.length),
            "Accept-Ranges": "bytes",
        }
        self._send_head(status, {**common, **about})
        if with_body:
            self._send_body(body)

    def _resolve(self) -> Path | None:
        """The file that the request names, or None: nothing outside the folder is ever named."""
        name = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if "\0" in name or "\\" in name or not name.startswith("/"):
            return None
        if name.endswith("/"):
            name += "index.html"
        path = (self.root / name.lstrip("/")).resolve()
        return path if path.is_relative_to(self.root) and path.is_file() else None

    def _negotiate(self, path: Path) -> tuple[str, Path]:
        accepted = _accepted(self.headers.get("Accept-Encoding", ""))
        small = path.stat().st_size <= _MAX_ENCODED
        for coding, suffix in _CODINGS.items() if small else ():
            twin = path.with_name(path.name + suffix)
            if coding in accepted and twin.is_file():
                return coding, twin
        return "", path

    def _has(self, etag: str) -> bool:
        tags = [tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")]
        return etag in tags or "*" in tags

    def _send_head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, body: _Body) -> None:
        with body.path.open("rb") as file:
            try:
                if body.length:
                    self.connection.sendfile(file, body.start, body.length)
            except (ConnectionError, TimeoutError):
                self.close_connection = True


def _accepted(header: str) -> set[str]:
    """The codings that an Accept-Encoding header allows."""
    allowed: set[str] = set()
    for item in header.lower().split(","):
        coding, _, parameters = item.partition(";")
        if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameters):
            allowed.add(coding.strip())
    return allowed


def _cut(whole: _Body, header: str) -> _Body | None:
    """The part that a Range header asks for; the whole for what we do not support; None when out of range."""
    found = re.fullmatch(r"\s*bytes\s*=\s*(\d*)-(\d*)\s*", header)
    if not found or found.group(1, 2) == ("", ""):
        return whole
    first, last = found.group(1, 2)
    if not first:
        length = min(int(last), whole.size)
        return _Body(whole.path, whole.size, whole.size - length, length) if length else None
    start, end = int(first), min(int(last), whole.size - 1) if last else whole.size - 1
    if last and int(last) < start:
        return whole
    return _Body(whole.path, whole.size, start, end - start + 1) if start < whole.size else None
