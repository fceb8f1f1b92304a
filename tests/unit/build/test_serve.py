"""The server of `build.py serve`: headers, compression, validators, ranges, paths, ports."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_steps.base import BuildError
from build_steps.headers import POLICY
from build_steps.serve import SiteServer, open_server

WASM = b"\0asm" + bytes(range(256)) * 8
SCRIPT = b"export const answer = 42;\n" * 50


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "models").mkdir()
    (root / "index.html").write_text("<!doctype html><title>Alcove</title>")
    (root / "assets" / "main-ABCD1234.js").write_bytes(SCRIPT)
    (root / "assets" / "main-ABCD1234.js.br").write_bytes(b"brotli bytes")
    (root / "assets" / "main-ABCD1234.js.gz").write_bytes(b"gzip bytes")
    (root / "assets" / "engine-0123456789.wasm").write_bytes(WASM)
    for name in ("a.mjs", "a.whl", "a.gguf", "manifest.webmanifest", "empty.txt"):
        (root / name).write_bytes(b"" if name == "empty.txt" else b"x")
    (tmp_path / "secret.txt").write_text("secret")
    return root


@pytest.fixture
def server(site: Path) -> Iterator[SiteServer]:
    with SiteServer(site) as running:
        yield running


def ask(
    server: SiteServer, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_security_headers_are_on_every_answer(server: SiteServer) -> None:
    for path in ("/", "/assets/main-ABCD1234.js", "/nowhere"):
        response, _ = ask(server, path)
        assert response.getheader("Cross-Origin-Opener-Policy") == "same-origin"
        assert response.getheader("Cross-Origin-Embedder-Policy") == "require-corp"
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("Referrer-Policy") == "no-referrer"
        policy = response.getheader("Content-Security-Policy") or ""
        for part in ("default-src 'self'", "script-src 'self' 'wasm-unsafe-eval' '", "object-src 'none'"):
            assert part in policy


def test_sockets_go_over_tls_or_stay_on_this_device() -> None:
    (connect,) = (line for line in POLICY if line.startswith("connect-src "))
    sockets = {source for source in connect.split() if source.startswith(("ws:", "wss:"))}
    assert sockets == {"wss:", "ws://localhost:*", "ws://127.0.0.1:*"}


def test_isolation_can_be_left_out(site: Path) -> None:
    with SiteServer(site, isolation=False) as server:
        response, _ = ask(server, "/")
    assert response.getheader("Cross-Origin-Opener-Policy") is None
    assert response.getheader("Cross-Origin-Embedder-Policy") is None
    assert response.getheader("Content-Security-Policy")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/assets/main-ABCD1234.js", "text/javascript; charset=utf-8"),
        ("/a.mjs", "text/javascript; charset=utf-8"),
        ("/assets/engine-0123456789.wasm", "application/wasm"),
        ("/a.whl", "application/zip"),
        ("/a.gguf", "application/octet-stream"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_mime_types(server: SiteServer, path: str, kind: str) -> None:
    response, _ = ask(server, path)
    assert (response.status, response.getheader("Content-Type")) == (200, kind)


@pytest.mark.parametrize(
    ("accept", "coding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli bytes"),
        ("gzip", "gzip", b"gzip bytes"),
        ("br;q=0, gzip;q=0.5", "gzip", b"gzip bytes"),
        ("identity", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
def test_content_negotiation(server: SiteServer, accept: str, coding: str | None, body: bytes) -> None:
    response, got = ask(server, "/assets/main-ABCD1234.js", {"Accept-Encoding": accept})
    assert (response.getheader("Content-Encoding"), got) == (coding, body)
    assert response.getheader("Content-Type") == "text/javascript; charset=utf-8"
    assert response.getheader("Vary") == "Accept-Encoding"


def test_a_file_without_a_twin_is_sent_as_it_is(server: SiteServer) -> None:
    response, body = ask(server, "/assets/engine-0123456789.wasm", {"Accept-Encoding": "br"})
    assert (response.getheader("Content-Encoding"), body) == (None, WASM)


def test_a_big_file_is_not_worth_decoding_on_the_same_machine(server: SiteServer, site: Path) -> None:
    big = site / "assets" / "big-0123456789.wasm"
    big.write_bytes(bytes((1 << 20) + 1))
    big.with_name(f"{big.name}.br").write_bytes(b"brotli bytes")
    response, body = ask(server, f"/assets/{big.name}", {"Accept-Encoding": "br"})
    assert (response.getheader("Content-Encoding"), len(body)) == (None, (1 << 20) + 1)


def test_hashed_names_are_kept_for_ever_and_others_asked_for_again(server: SiteServer) -> None:
    hashed, _ = ask(server, "/assets/main-ABCD1234.js")
    assert "immutable" in (hashed.getheader("Cache-Control") or "")
    plain, _ = ask(server, "/")
    assert plain.getheader("Cache-Control") == "no-cache"
    again, body = ask(server, "/", {"If-None-Match": f'W/"other", {plain.getheader("ETag")}'})
    assert (again.status, body) == (304, b"")
    stale, _ = ask(server, "/", {"If-None-Match": '"other"'})
    assert stale.status == 200


def test_codings_have_validators_of_their_own(server: SiteServer) -> None:
    tags = {
        ask(server, "/assets/main-ABCD1234.js", {"Accept-Encoding": accept})[0].getheader("ETag")
        for accept in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=2000-", (2000, None)),
        ("bytes=-5", (-5, None)),
        ("bytes=2040-9999", (2040, None)),
    ],
)
def test_ranges(server: SiteServer, asked: str, span: tuple[int, int | None]) -> None:
    response, body = ask(
        server, "/assets/engine-0123456789.wasm", {"Range": asked, "Accept-Encoding": "br, gzip"}
    )
    expected = WASM[slice(*span)]
    assert (response.status, body) == (206, expected)
    start = WASM.rindex(expected) if span[0] < 0 else span[0]
    assert response.getheader("Content-Range") == f"bytes {start}-{start + len(expected) - 1}/{len(WASM)}"


def test_ranges_that_cannot_be_had(server: SiteServer) -> None:
    beyond, body = ask(server, "/assets/engine-0123456789.wasm", {"Range": "bytes=99999-"})
    assert (beyond.status, body) == (416, b"")
    assert beyond.getheader("Content-Range") == f"bytes */{len(WASM)}"
    for odd in ("bytes=9-1", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6"):
        whole, body = ask(server, "/assets/engine-0123456789.wasm", {"Range": odd})
        assert (whole.status, body) == (200, WASM), odd


def test_a_range_of_a_changed_file_gets_the_whole_file(server: SiteServer) -> None:
    path = "/assets/engine-0123456789.wasm"
    etag = ask(server, path)[0].getheader("ETag") or ""
    assert ask(server, path, {"Range": "bytes=0-1", "If-Range": etag})[0].status == 206
    assert ask(server, path, {"Range": "bytes=0-1", "If-Range": '"older"'})[0].status == 200


def test_head_has_the_headers_of_get(server: SiteServer) -> None:
    response, body = ask(server, "/assets/engine-0123456789.wasm", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert response.getheader("Content-Length") == str(len(WASM))


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/assets",
        "/a.mjs%00.html",
        "/nowhere.js",
    ],
)
def test_nothing_outside_the_site_is_served(server: SiteServer, path: str) -> None:
    response, body = ask(server, path)
    assert response.status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")


def test_a_link_out_of_the_site_is_not_followed(server: SiteServer, site: Path) -> None:
    (site / "way-out.txt").symlink_to(site.parent / "secret.txt")
    assert ask(server, "/way-out.txt")[0].status == 404


def test_connections_are_kept_open_and_closed_by_stop(site: Path) -> None:
    server = SiteServer(site)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path in ("/", "/empty.txt", "/nowhere", "/"):
        connection.request("GET", path)
        connection.getresponse().read()
    server.stop()
    assert connection.sock.recv(1) == b""  # hung up
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def test_a_port_that_is_taken(site: Path) -> None:
    with SiteServer(site) as first, pytest.raises(BuildError, match="taken") as caught:
        open_server(site, first.port)
    assert "--port" in caught.value.action


def test_a_port_that_does_not_exist(site: Path) -> None:
    with pytest.raises(BuildError, match="cannot be used"):
        open_server(site, 70000)


def test_the_next_free_port_is_taken_when_none_was_asked_for(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SiteServer(site) as first:
        monkeypatch.setattr("build_steps.serve.DEFAULT_PORT", first.port)
        second = open_server(site, None)
        assert first.port < second.port < first.port + 20
        second.stop()
