"""What runs in the interpreter reaches nothing: neither the page nor the site's storage nor the network."""

from __future__ import annotations

import pytest
from asking import Run

JS = """
import asyncio
loop = asyncio.get_event_loop()
door = type(loop).call_later.__globals__["scheduleCallback"]
"""
"""Code that looks for it finds a function of JavaScript's."""


@pytest.mark.parametrize(
    "name", ["js", "pyodide_js", "pyodide.code", "pyodide.http", "_pyodide_core", "micropip"]
)
def test_the_doors_to_javascript_are_shut(run: Run, name: str) -> None:
    assert "no access to the page" in run(f"import {name}")["error"]


def test_behind_the_doors_is_nothing(run: Run) -> None:
    hide = "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != '_NoWayOut']\n"
    for name in ("js", "pyodide_js"):
        assert f"No module named '{name}'" in run(f"{hide}import {name}")["error"]
    run("import os; os._exit(0)")


def test_no_text_becomes_javascript(run: Run) -> None:
    ran = run(f"{JS}door.constructor('return globalThis')()")
    assert "EvalError" in ran["error"]
    ran = run("import ctypes\nctypes.CDLL(None).emscripten_run_script(b'postMessage(1)')")
    assert "EvalError" in ran["detail"], ran
    assert run("1 + 1")["value"] == "2"


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request\nurllib.request.urlopen('{url}models')",
        "import socket\nsocket.create_connection(('127.0.0.1', {port}), 3).sendall(b'GET /')",
        "import asyncio\nawait asyncio.open_connection('127.0.0.1', {port})",
        "import http.client\nhttp.client.HTTPConnection('127.0.0.1', {port}).request('GET', '/')",
    ],
)
def test_nothing_goes_out(run: Run, server, code: str) -> None:
    port = server.url.split(":")[2].split("/")[0]
    before = len(server.requests)
    assert run(code.format(url=server.url, port=port), 10)["error"]
    assert len(server.requests) == before
