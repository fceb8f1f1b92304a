"""Emscripten as it lies in a Debian of its own below the cache, and the source archives that it compiles."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from .base import BuildError, cache_dir, digest, is_stamped, run, say, sha256, write_atomic
from .fetch import Pin, mismatch

_SUITE = "trixie"
_TOOLS = {"emscripten": "3.1.69+dfsg-3", "clang-19": "1:19.1.7-3+b1", "binaryen": "120-4"}
_PACKAGES = ("emscripten", "cmake", "ninja-build", "python3")
LONGEST_S = 3 * 3600
_NEEDS = "It needs root on Debian and debootstrap (apt-get install debootstrap). What it makes is committed."


def debian() -> Path:
    """
    The root of a Debian with the compilers, made once. Raises BuildError without root, debootstrap or
    network, or when a tool is not the pinned one.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("debootstrap") is None:
        raise BuildError("An engine cannot be compiled here.", _NEEDS)
    system = cache_dir() / "engine" / _SUITE
    stamp, key = system / "alcove-stamp", digest([_SUITE, *_PACKAGES, json.dumps(_TOOLS)])
    if not is_stamped(stamp, key):
        say(f"installing Emscripten from Debian {_SUITE} into the cache (2.5 GB)")
        shutil.rmtree(system, ignore_errors=True)
        system.parent.mkdir(parents=True, exist_ok=True)
        run(
            ["debootstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}", _SUITE, system],
            doing="Installing the compilers",
            action="Connect to the network and run this again.",
            timeout=LONGEST_S,
        )
        for package, version in _TOOLS.items():
            found = inside(system, "dpkg-query", "--show", "--showformat=${Version}", package)
            if found != version:
                raise BuildError(
                    f"{_SUITE} has {package} {found}; the engine is compiled with {version}.",
                    "Try the newer one: change the pin in build_steps/emscripten.py, and run the tests.",
                )
        stamp.write_text(key)
    return system


def source_archive(pin: Pin) -> Path:
    """
    The source archive of a package, from the cache or from the index that pip is told to use. Not by
    `pip download`, which would run the package's own build. Raises BuildError.
    """
    kept = cache_dir() / "engine" / f"{pin.sha256}.tar.gz"
    if kept.is_file() and sha256(kept) == pin.sha256:
        return kept
    say(f"fetching {pin}")
    index = os.environ.get("PIP_INDEX_URL") or _configured_index() or "https://pypi.org/simple"
    page = f"{index.rstrip('/')}/{pin.name}/"
    try:
        listing = urllib.request.urlopen(page, timeout=60).read().decode()
        name = f"{pin.name.replace('-', '[-_]')}-{re.escape(pin.version)}"
        links = re.findall(rf'href="([^"]*{name}\.tar\.gz[^"]*)"', listing)
        content = urllib.request.urlopen(urljoin(page, links[0]), timeout=600).read()
    except (OSError, IndexError) as error:
        raise BuildError(f"{pin} could not be fetched: {error}", "Connect, and run this again.") from error
    if sha256(content) != pin.sha256:
        raise mismatch(pin, sha256(content))
    write_atomic(kept, content)
    return kept


def _configured_index() -> str:
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def inside(system: Path, *command: str) -> str:
    """Runs `command` in that Debian; returns what it printed."""
    # Emscripten's own libraries are compiled once, into a cache beside the sources.
    return run(
        ["chroot", system, "env", "EM_CACHE=/emscripten-cache", "EM_FROZEN_CACHE=", *command],
        doing=command[0],
        action="See the README.md of the engine.",
        timeout=LONGEST_S,
    )
