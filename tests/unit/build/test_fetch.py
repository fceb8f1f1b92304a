"""Downloads: pinned, whole or not there at all, from the cache without a network."""

from __future__ import annotations

import http.server
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_steps.base import BuildError, sha256
from build_steps.fetch import Pin, cached, fetch, read_lock
from build_steps.runtime.wheels import pack

PYTHON = Path(sys.executable)
WHEEL = "greeting-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n"
CONTENT = pack("greeting-1.0", {"greeting.py": b"HELLO = 'hello'\n" * 500}, METADATA)
PIN = Pin("greeting", "1.0", sha256(CONTENT))


@pytest.fixture(autouse=True)
def no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """pip sees one folder and nothing else: no network, no configuration of this machine."""
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    shelf = tmp_path / "index"
    shelf.mkdir()
    for name, value in {
        "ALCOVE_CACHE": tmp_path / "cache",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": shelf,
        "PIP_NO_CACHE_DIR": "1",
    }.items():
        monkeypatch.setenv(name, str(value))
    return shelf


def leftovers(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_wheel_is_fetched_once_and_then_comes_from_the_cache(no_index: Path) -> None:
    (no_index / WHEEL).write_bytes(CONTENT)
    wheel = fetch([PIN], PYTHON)["greeting"]
    assert (wheel.name, wheel.read_bytes()) == (WHEEL, CONTENT)
    (no_index / WHEEL).unlink()  # as without a network
    assert fetch([PIN], Path("/nowhere/python")) == {"greeting": wheel}


def test_a_cold_cache_without_a_network_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"greeting 1\.0 is not in the cache") as caught:
        fetch([PIN], PYTHON)
    assert "network" in caught.value.action
    assert leftovers(tmp_path) == []


def test_a_wheel_that_was_tampered_with_is_thrown_away(no_index: Path, tmp_path: Path) -> None:
    tampered = pack("greeting-1.0", {"greeting.py": b"HELLO = 'evil'\n"}, METADATA)
    (no_index / WHEEL).write_bytes(tampered)
    with pytest.raises(BuildError, match="not the pinned file") as caught:
        fetch([PIN], PYTHON)
    assert "greeting 1.0" in caught.value.problem
    assert f"expected sha256 {PIN.sha256}" in caught.value.problem
    assert f"got sha256      {sha256(tampered)}" in caught.value.problem
    assert leftovers(tmp_path) == []


@pytest.fixture
def breaking_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An index that promises a whole wheel, sends a part of it and hangs up."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                body = f'<!doctype html><a href="/{WHEEL}">{WHEEL}</a>'.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[: len(CONTENT) // 2])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_FIND_LINKS", f"http://127.0.0.1:{server.server_address[1]}/")
        yield
        server.shutdown()


@pytest.mark.usefixtures("breaking_off")
def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"greeting 1\.0"):
        fetch([PIN], PYTHON)
    assert leftovers(tmp_path) == []


def test_a_damaged_file_in_the_cache_is_fetched_again(no_index: Path) -> None:
    (no_index / WHEEL).write_bytes(CONTENT)
    wheel = fetch([PIN], PYTHON)["greeting"]
    wheel.write_bytes(CONTENT[:-1])
    assert cached(PIN) is None
    assert fetch([PIN], PYTHON)["greeting"].read_bytes() == CONTENT


def test_a_lock_file_must_pin_every_line(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"# why\n\ngreeting==1.0 --hash=sha256:{PIN.sha256}\n")
    assert read_lock(lock) == [PIN]
    lock.write_text("greeting>=1.0\n")
    with pytest.raises(BuildError, match="line 1"):
        read_lock(lock)
