"""An MCP server that wants to know the person, and another origin that signs people in (OAuth with PKCE)."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

_TOKEN = "token-of-ada"  # of a server that a test starts
_CODE = "code-1"
_EXPOSED = "Mcp-Session-Id, WWW-Authenticate"


class _Server(ThreadingHTTPServer):
    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[str] = []
        self.challenge = ""
        self.authority = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def do_OPTIONS(self) -> None:
        self.answer(None, 204)

    def do_GET(self) -> None:
        self.handle_request({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_json = "json" in (self.headers.get("Content-Type") or "")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.handle_request(json.loads(body) if is_json else form)

    def handle_request(self, given: dict[str, Any]) -> None:
        self.server.asked.append(urlsplit(self.path).path)
        self.route(urlsplit(self.path).path, given)

    def route(self, path: str, given: dict[str, Any]) -> None:
        raise NotImplementedError

    def answer(self, said: object, status: int = 200, **headers: str) -> None:
        is_page = isinstance(said, str)
        body = b"" if said is None else (said if isinstance(said, str) else json.dumps(said)).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "text/html" if is_page else "application/json",
            "Content-Length": str(len(body)),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "*, Authorization",
            "Access-Control-Expose-Headers": _EXPOSED,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Authority(_Handler):
    def route(self, path: str, given: dict[str, Any]) -> None:
        origin = self.server.origin
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if path == "/.well-known/oauth-authorization-server":
            self.answer(
                {
                    "issuer": origin,
                    **{f"{name}_endpoint": f"{origin}/{name}" for name in ("token", "registration")},
                    "authorization_endpoint": f"{origin}/authorize",
                    "response_types_supported": ["code"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif path == "/registration":
            self.answer({**given, "client_id": "alcove-1"}, 201)
        elif path == "/authorize":
            self.server.challenge = asked["code_challenge"]
            back = f"{asked['redirect_uri']}?{urlencode({'code': _CODE, 'state': asked['state']})}"
            self.answer(
                f'<!doctype html><title>Who are you?</title><a href="{html.escape(back)}">I am Ada</a>'
            )
        elif path == "/token":
            digest = hashlib.sha256(given["code_verifier"].encode()).digest()
            fits = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.server.challenge
            good = {"access_token": _TOKEN, "token_type": "Bearer", "expires_in": 3600}
            self.answer(
                good if fits and given["code"] == _CODE else {"error": "invalid_grant"}, 200 if fits else 400
            )
        else:
            self.answer({}, 404)


class _Guarded(_Handler):
    def route(self, path: str, given: dict[str, Any]) -> None:
        about = "/.well-known/oauth-protected-resource"
        if path.startswith(about):
            said = {"resource": f"{self.server.origin}/mcp", "authorization_servers": [self.server.authority]}
            self.answer(said)
        elif path != "/mcp" or self.command != "POST":
            self.answer({}, 405 if path == "/mcp" else 404)
        elif self.headers.get("Authorization") != f"Bearer {_TOKEN}":
            self.answer({}, 401, WWW_Authenticate=f'Bearer resource_metadata="{self.server.origin}{about}"')
        elif "id" not in given:
            self.answer(None, 202)
        else:
            self.answer({"jsonrpc": "2.0", "id": given["id"], "result": _result(given["method"])})


def _result(method: str) -> dict[str, Any]:
    if method == "initialize":
        about = {"name": "guarded", "version": "1"}
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": about}
    if method == "tools/list":
        return {
            "tools": [{"name": "whoami", "description": "Who you are.", "inputSchema": {"type": "object"}}]
        }
    return {"content": [{"type": "text", "text": "Ada"}]}


@contextmanager
def guarded_server() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what the authority was asked."""
    authority, guarded = _Server(_Authority), _Server(_Guarded)
    guarded.authority = authority.origin
    threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (authority, guarded)]
    for thread in threads:
        thread.start()
    try:
        yield f"{guarded.origin}/mcp", authority.asked
    finally:
        for server in (authority, guarded):
            server.shutdown()
            server.server_close()
