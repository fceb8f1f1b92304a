"""Real web servers, each set up by the recipe that the build writes for it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from build_steps import hosts
from build_steps.hosts import recipes
from build_steps.serve import SiteServer

START_S = 20
REAL = ("nginx", "apache", "caddy")
_PROGRAMS = {"nginx": "nginx", "apache": "apache2", "caddy": "caddy"}
_APACHE_MODULES = Path("/usr/lib/apache2/modules")
# Those that the recipe names, and mod_deflate, which would pack a second time if it were let.
_APACHE_NEEDS = (
    "mpm_event",
    "authz_core",
    "dir",
    "mime",
    "headers",
    "rewrite",
    "setenvif",
    "filter",
    "deflate",
)


@dataclass(frozen=True)
class Host:
    """A running server. `url` is the site's root and ends in "/"."""

    url: str
    stop: contextlib.ExitStack


def write_recipes(site: Path) -> None:
    """Writes what `build.py build` writes for hosts beside the files of `site`."""
    paths = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    for path, text in recipes(paths).items():
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text(text)


@contextlib.contextmanager
def serve(kind: str, site: Path, below: str = "") -> Iterator[Host]:
    """
    Serves `site` by "built-in", "plain" (Python's own server, no headers of ours) or one of REAL, in the
    folder `below` of the host, e.g. "tools/alcove/". `stop.close()` ends it early. Skips the test where the
    server is not installed.
    """
    with contextlib.ExitStack() as stack:
        # Not pytest's own folder: a server that gives up root must be able to look into it.
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        top.chmod(0o755)
        root = top / "root"
        shutil.copytree(site, root / below, copy_function=os.link)
        (root / below).chmod(0o755)  # also copied
        stop = stack.enter_context(contextlib.ExitStack())
        if kind == "built-in":
            server = stop.enter_context(SiteServer(root))
            yield Host(server.url + below, stop)
            return
        port = _free_port()
        command = _command(kind, root, root / below, top, port)
        with (top / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=top, env=_environment(top))
        stop.callback(_end, process)
        _wait(process, port, top / "log")
        yield Host(f"http://127.0.0.1:{port}/{below}", stop)


def _command(kind: str, root: Path, site: Path, top: Path, port: int) -> list[str]:
    if kind == "plain":
        served = ["--bind", "127.0.0.1", "--directory", str(root)]
        return [sys.executable, "-m", "http.server", str(port), *served]
    program = shutil.which(_PROGRAMS[kind]) or shutil.which(_PROGRAMS[kind], path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip(f"{_PROGRAMS[kind]} is not installed")
    settings = top / "settings"
    if kind == "nginx":
        user = "user root;" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        scratch = " ".join(f"{name}_temp_path {top}/{name};" for name in kinds)
        settings.write_text(
            f"{user} daemon off; worker_processes 1; pid {top}/pid; error_log stderr;\n"
            f"events {{ }}\nhttp {{ access_log off; {scratch}\n{_recipe(site, 'nginx.conf', root, port)} }}\n"
        )
        return [program, "-p", str(top), "-e", "stderr", "-c", str(settings)]
    if kind == "caddy":
        settings.write_text(f"{{\n admin off\n}}\n{_recipe(site, 'Caddyfile', root, port)}")
        return [program, "run", "--config", str(settings), "--adapter", "caddyfile"]
    modules = "".join(
        f"LoadModule {name}_module {_APACHE_MODULES}/mod_{name}.so\n"
        for name in _APACHE_NEEDS
        if (_APACHE_MODULES / f"mod_{name}.so").is_file()
    )
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    settings.write_text(
        f"""
        {modules}
        {user}
        ServerName localhost
        Listen 127.0.0.1:{port}
        PidFile {top}/pid
        ErrorLog /dev/stderr
        DefaultRuntimeDir {top}
        TypesConfig /dev/null
        DocumentRoot {root}
        # As Debian and many hosters have them.
        AddType application/x-gzip .gz
        AddOutputFilterByType DEFLATE text/html text/javascript application/wasm
        <Directory {root}>
        AllowOverride FileInfo
        Options FollowSymLinks
        Require all granted
        </Directory>
        """
    )
    return [program, "-X", "-d", str(top), "-f", str(settings)]


def _recipe(site: Path, name: str, root: Path, port: int) -> str:
    text = (site / "hosts" / name).read_text()
    for given, ours in ((hosts.PORT, str(port)), (hosts.ROOT, str(root))):
        assert text.count(given) == 1
        text = text.replace(given, ours)
    return text


def _environment(top: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(top), "XDG_DATA_HOME": str(top), "XDG_CONFIG_HOME": str(top)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < deadline, f"no server in {START_S} s: {log.read_text()}"
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
