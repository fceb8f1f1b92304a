"""`build.py engine`: compiles llama.cpp to WebAssembly anew (engines/llamacpp/README.md)."""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from .base import ROOT, BuildError, cache_dir, digest, is_stamped, run, say, sha256, write_atomic
from .fetch import Pin, mismatch
from .toolchain import NODE_MODULES, ensure_node_modules

FOLDER = ROOT / "engines" / "llamacpp"
# llama.cpp's whole source lies in this package of Python bindings; the last number is llama.cpp's own.
_SOURCE = Pin(
    "xllamacpp", "2026.10.11549", "c17ee1163006f70726abb9f72137830818f3d8cb60bfc34cb232d08428eaa22b"
)
_SUITE = "trixie"
_TOOLS = {"emscripten": "3.1.69+dfsg-3", "clang-19": "1:19.1.7-3+b1", "binaryen": "120-4"}
_PACKAGES = ("emscripten", "cmake", "ninja-build", "python3")
# What runs with relaxed SIMD, and what with threads.
_PROGRAMS = {"relaxed": (True, True), "simd": (False, True), "single": (False, False)}
_OFF = (
    "LLAMA_WASM_MEM64",
    "LLAMA_BUILD_HTML",
    "LLAMA_BUILD_COMMON",
    "LLAMA_BUILD_TESTS",
    "LLAMA_BUILD_EXAMPLES",
    "LLAMA_BUILD_TOOLS",
    "LLAMA_BUILD_SERVER",
    "LLAMA_BUILD_APP",
    "LLAMA_OPENSSL",
    "BUILD_SHARED_LIBS",
    "GGML_WEBGPU",
    "GGML_OPENMP",
    "GGML_NATIVE",
)
_LONGEST_S = 3 * 3600
_NEEDS = "It needs root on Debian and debootstrap (apt-get install debootstrap). What it makes is committed."


def make_engine() -> None:
    """
    Compiles each program into engines/llamacpp, in a Debian of its own below the cache. Raises BuildError
    without root, debootstrap or network, or when a tool or a source is not the pinned one.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("debootstrap") is None:
        raise BuildError("The engine cannot be compiled here.", _NEEDS)
    ensure_node_modules()
    system = _system()
    work = system / "work"
    shutil.rmtree(work, ignore_errors=True)
    _lay_out(work)
    for name, (relaxed, threads) in _PROGRAMS.items():
        say(f"compiling {name}")
        _compile(system, name, relaxed=relaxed, threads=threads)
        for kind in ("js", "wasm"):
            content = (work / name / f"wllama.{kind}").read_bytes()
            packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
            write_atomic(FOLDER / f"{name}.{kind}.xz", packed)
    about = {
        "version": f"b{_SOURCE.version.rpartition('.')[2]}",
        "source": {"package": _SOURCE.name, "version": _SOURCE.version, "sha256": _SOURCE.sha256},
        "programs": list(_PROGRAMS),
    }
    (FOLDER / "engine.json").write_text(json.dumps(about, indent=2) + "\n")


def _system() -> Path:
    """A Debian with the compilers, made once."""
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
            timeout=_LONGEST_S,
        )
        for package, version in _TOOLS.items():
            found = _inside(system, "dpkg-query", "--show", "--showformat=${Version}", package)
            if found != version:
                raise BuildError(
                    f"{_SUITE} has {package} {found}; the engine is compiled with {version}.",
                    "Try the newer one: change the pin in build_steps/engine.py, and run the tests.",
                )
        stamp.write_text(key)
    return system


def _lay_out(work: Path) -> None:
    """The sources, patched, as CMakeLists.txt wants them."""
    work.mkdir()
    package = _source_package()
    with tempfile.TemporaryDirectory(dir=work) as name, tarfile.open(package) as archive:
        archive.extractall(name, filter="data")
        [found] = Path(name).glob("*/thirdparty/llama.cpp")
        found.rename(work / "llama.cpp")
    shutil.copytree(NODE_MODULES / "@wllama" / "wllama" / "cpp", work / "wllama" / "cpp")
    shutil.copytree(FOLDER, work / "engine")
    run(
        ["patch", "--strip=1", "--fuzz=0", f"--input={FOLDER / 'sources.patch'}"],
        doing="Patching the sources",
        action="The patch fits the pinned versions only.",
        cwd=work,
    )
    shutil.copy(FOLDER / "kernels" / "matmul.cpp", work / "llama.cpp/ggml/src/ggml-cpu/llamafile/sgemm.cpp")


def _source_package() -> Path:
    """
    The source archive, from the cache or from the index that pip is told to use. Not by `pip download`, which
    would run the package's own build.
    """
    kept = cache_dir() / "engine" / f"{_SOURCE.sha256}.tar.gz"
    if kept.is_file() and sha256(kept) == _SOURCE.sha256:
        return kept
    say(f"fetching {_SOURCE}")
    index = os.environ.get("PIP_INDEX_URL") or _configured_index() or "https://pypi.org/simple"
    page = f"{index.rstrip('/')}/{_SOURCE.name}/"
    try:
        listing = urllib.request.urlopen(page, timeout=60).read().decode()
        links = re.findall(
            rf'href="([^"]*{_SOURCE.name}-{re.escape(_SOURCE.version)}\.tar\.gz[^"]*)"', listing
        )
        content = urllib.request.urlopen(urljoin(page, links[0]), timeout=600).read()
    except (OSError, IndexError) as error:
        raise BuildError(
            f"{_SOURCE} could not be fetched: {error}", "Connect, and run this again."
        ) from error
    if sha256(content) != _SOURCE.sha256:
        raise mismatch(_SOURCE, sha256(content))
    write_atomic(kept, content)
    return kept


def _configured_index() -> str:
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _compile(system: Path, name: str, *, relaxed: bool, threads: bool) -> None:
    options = {
        "CMAKE_BUILD_TYPE": "Release",
        # Else Emscripten says x86, and ggml leaves its WebAssembly code out.
        "EMSCRIPTEN_SYSTEM_PROCESSOR": "wasm32",
        "LLAMA_CPP": "/work/llama.cpp",
        "WLLAMA": "/work/wllama",
        "RELAXED": "ON" if relaxed else "OFF",
        "THREADS": "ON" if threads else "OFF",
        **dict.fromkeys(_OFF, "OFF"),
    }
    settings = [f"-D{key}={value}" for key, value in options.items()]
    _inside(system, "emcmake", "cmake", "-G", "Ninja", "-S", "/work/engine", "-B", f"/work/{name}", *settings)
    _inside(system, "ninja", "-C", f"/work/{name}", "wllama")


def _inside(system: Path, *command: str) -> str:
    # Emscripten's own libraries are compiled once, into a cache beside the sources.
    return run(
        ["chroot", system, "env", "EM_CACHE=/emscripten-cache", "EM_FROZEN_CACHE=", *command],
        doing=command[0],
        action="See engines/llamacpp/README.md.",
        timeout=_LONGEST_S,
    )
