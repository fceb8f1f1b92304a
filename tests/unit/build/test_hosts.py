"""What the build writes for hosts: real servers are set up by it and asked; the others' files are read."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hosts import REAL, serve, write_recipes

from build_steps.base import DIST, ROOT
from build_steps.headers import IMMUTABLE, ISOLATION, MIME_TYPES, REVALIDATE, SECURITY
from build_steps.hosts import recipes
from build_steps.parts import MOST_BYTES

HEADERS = {**ISOLATION, **SECURITY}
SCRIPT = b"export const answer = 42;\n" * 100
MODEL = bytes(range(256)) * 8
PLAIN = ("", "index.html", "alcove.js", "sw.js", "manifest.webmanifest", "build.json")
HASHED = ("assets/main-ABCD1234.js", "models/m-0123456789.gguf", "pyodide-0123456789/a.whl")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dist")
    for path in (*PLAIN[1:], *HASHED):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(SCRIPT)
    for suffix in MIME_TYPES:
        (root / "assets" / f"kind-0123456789{suffix}").write_bytes(SCRIPT)
    (root / "models" / "m-0123456789.gguf").write_bytes(MODEL)
    # Not what a server would make of the file: so one sees whether the twin was sent, and once.
    (root / "assets" / "main-ABCD1234.js.gz").write_bytes(gzip.compress(b"twin"))
    (root / "assets" / "main-ABCD1234.js.br").write_bytes(b"brotli twin")
    write_recipes(root)
    return root


def ask(url: str, headers: Mapping[str, str] | None = None) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "identity", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize("below", ["", "tools/alcove/"])
@pytest.mark.parametrize("kind", REAL)
def test_a_server_set_up_by_its_recipe(site: Path, kind: str, below: str) -> None:
    with serve(kind, site, below) as host:
        for path in (*PLAIN, *HASHED):
            status, headers, _ = ask(host.url + path)
            assert status == 200, path
            for name, value in HEADERS.items():
                assert headers.get_all(name) == [value], (path, name)
            wanted = IMMUTABLE if path in HASHED else REVALIDATE
            assert headers.get_all("Cache-Control") == [wanted], path

        for suffix, kind_of_file in MIME_TYPES.items():
            _, headers, body = ask(f"{host.url}assets/kind-0123456789{suffix}")
            assert (headers["Content-Type"], body) == (kind_of_file, SCRIPT)

        # What is missing while a build is published must not be missing for a year.
        status, headers, _ = ask(f"{host.url}assets/gone-ABCD1234.js")
        assert status == 404
        assert "immutable" not in (headers["Cache-Control"] or "")

        status, headers, body = ask(f"{host.url}models/m-0123456789.gguf", {"Range": "bytes=100-199"})
        assert (status, body) == (206, MODEL[100:200])
        assert headers["Content-Range"] == f"bytes 100-199/{len(MODEL)}"
        tag = headers["ETag"]
        assert ask(f"{host.url}models/m-0123456789.gguf", {"If-None-Match": tag})[0] == 304


@pytest.mark.parametrize("kind", REAL)
def test_a_server_sends_twins_and_packs_nothing_twice(site: Path, kind: str) -> None:
    with serve(kind, site) as host:
        script = f"{host.url}assets/main-ABCD1234.js"
        _, headers, body = ask(script, {"Accept-Encoding": "gzip"})
        assert (headers.get_all("Content-Encoding"), gzip.decompress(body)) == (["gzip"], b"twin")
        assert headers["Content-Type"] == MIME_TYPES[".js"]
        assert "Accept-Encoding" in headers["Vary"]
        assert headers.get_all("Cache-Control") == [IMMUTABLE]
        if kind != "nginx":  # it knows brotli by a module that few have
            _, headers, body = ask(script, {"Accept-Encoding": "gzip, br"})
            assert (headers.get_all("Content-Encoding"), body) == (["br"], b"brotli twin")
            assert headers["Content-Type"] == MIME_TYPES[".js"]
        _, headers, body = ask(script, {"Accept-Encoding": "br;q=0, identity"})
        assert (headers["Content-Encoding"], body) == (None, SCRIPT)
        # Without a twin it is packed as it goes out, or not at all.
        _, headers, body = ask(f"{host.url}assets/kind-0123456789.wasm", {"Accept-Encoding": "gzip"})
        packed = headers.get_all("Content-Encoding") == ["gzip"]
        assert (gzip.decompress(body) if packed else body) == SCRIPT
        _, headers, body = ask(f"{host.url}models/m-0123456789.gguf", {"Accept-Encoding": "gzip, br"})
        assert (headers["Content-Encoding"], body) == (None, MODEL)


def test_a_headers_file_sets_no_header_twice_for_a_path() -> None:
    text = recipes((*PLAIN[1:], *HASHED, "icons/a.svg"))["_headers"]
    blocks = {
        block.splitlines()[0]: dict(line.strip().split(": ", 1) for line in block.splitlines()[1:])
        for block in text.split("\n\n")
    }
    for path in ("/", *(f"/{path}" for path in (*PLAIN[1:], *HASHED, "icons/a.svg"))):
        fitting = [
            table for pattern, table in blocks.items() if re.fullmatch(pattern.replace("*", ".*"), path)
        ]
        wanted = IMMUTABLE if path[1:] in HASHED else REVALIDATE
        assert {name: [t[name] for t in fitting if name in t] for name in (*HEADERS, "Cache-Control")} == {
            **{name: [value] for name, value in HEADERS.items()},
            "Cache-Control": [wanted],
        }


def test_vercels_file_sets_no_header_twice_for_a_path() -> None:
    blocks = json.loads(recipes(PLAIN)["vercel.json"])["headers"]
    for path in (*PLAIN, *HASHED):
        found = [
            (header["key"], header["value"])
            for block in blocks
            if re.fullmatch(block["source"], f"/{path}")
            for header in block["headers"]
        ]
        wanted = IMMUTABLE if path in HASHED else REVALIDATE
        assert sorted(found) == sorted([*HEADERS.items(), ("Cache-Control", wanted)])


def test_no_file_of_the_site_is_too_large_for_a_host() -> None:
    files = json.loads((DIST / "build.json").read_text())["files"]
    assert [path for path in files if files[path]["bytes"] > MOST_BYTES] == []


def run_js(script: str) -> Any:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def _code(function: str) -> str:
    """Without the comment at its head, and the tables, which are JSON."""
    return function[function.index("function handler") :]


def test_cloudfronts_function_sets_headers_and_types() -> None:
    function = recipes(PLAIN)["hosts/cloudfront.js"]
    assert len(function) < 10_000  # CloudFront takes no more
    # Its runtime knows ES 5.1 and arrows, template texts, const and let.
    assert not re.search(r"(?:const|let) [{\[]|\bof\b|\.\.\.|\{ \w+ \}|\?\.|\?\?", _code(function))
    paths = ["/", "/sw.js", "/tools/alcove/", *(f"/{path}" for path in HASHED)]
    answers = run_js(
        f"""{function}
        const answer = (uri) => handler({{ request: {{ uri }}, response: {{ headers: {{}} }} }}).headers;
        console.log(JSON.stringify({json.dumps(paths)}.map((uri) => [uri, answer(uri)])));"""
    )
    for path, headers in answers:
        for name, value in HEADERS.items():
            assert headers[name.lower()] == {"value": value}
        wanted = IMMUTABLE if path[1:] in HASHED else REVALIDATE
        assert headers["cache-control"] == {"value": wanted}
        kind = MIME_TYPES[Path(path).suffix or ".html"]
        assert headers["content-type"] == {"value": kind}


def test_vites_plugin_isolates_both_of_its_servers(tmp_path: Path) -> None:
    plugin = tmp_path / "vite.mjs"
    plugin.write_text(recipes(PLAIN)["hosts/vite.mjs"])
    got = run_js(
        f"""import alcove from "{plugin.as_uri()}";
        const got = {{}};
        for (const hook of ["configureServer", "configurePreviewServer"]) {{
          const headers = {{}};
          got[hook] = headers;
          const setHeader = (name, value) => {{ headers[name] = value; }};
          const use = (handle) => handle({{}}, {{ setHeader }}, () => {{ headers.next = "1"; }});
          alcove()[hook]({{ middlewares: {{ use }} }});
        }}
        console.log(JSON.stringify(got));"""
    )
    for headers in got.values():
        assert headers["next"] == "1"
        assert {name: headers[name] for name in ISOLATION} == ISOLATION


def test_the_frame_of_an_interpreter_may_run_its_own_script_and_nothing_else() -> None:
    frame = (ROOT / "workers" / "interpreter" / "frame.html").read_text()
    (script,) = re.findall(r"<script>(.*?)</script>", frame, re.DOTALL)
    own = f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
    (policy,) = re.findall(r'content="([^"]*)"', frame)
    # No connect-src: what is not named is forbidden.
    assert policy == f"default-src 'none'; script-src 'wasm-unsafe-eval' {own}; worker-src blob:"
    assert own in SECURITY["Content-Security-Policy"]
