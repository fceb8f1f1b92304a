"""The MCP server of the TypeScript tests, for a page: `tests/unit/ts/mcp/notes_server.py`."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from browsers import ROOT

_SERVER = ROOT / "tests" / "unit" / "ts" / "mcp" / "notes_server.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def notes_server() -> Iterator[str]:
    """Gives its address; it listens then."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(_SERVER), str(port)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.kill()
        process.wait()
