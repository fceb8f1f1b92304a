"""
`build.py engine`: compiles our engines to WebAssembly anew: llama.cpp (engines/llamacpp/README.md), and what
hears speech (engines/speech/README.md). Both stand on one ggml, llama.cpp's with our changes.
"""

from __future__ import annotations

import json
import lzma
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .base import ROOT, run, say, write_atomic
from .emscripten import debian, inside, source_archive
from .fetch import Pin
from .toolchain import NODE_MODULES, ensure_node_modules

ENGINES = ROOT / "engines"
_LLAMACPP = ENGINES / "llamacpp"
# llama.cpp's whole source lies in this package of Python bindings; the last number is llama.cpp's own.
_LLAMA_SOURCE = Pin(
    "xllamacpp", "2026.10.11549", "c17ee1163006f70726abb9f72137830818f3d8cb60bfc34cb232d08428eaa22b"
)
_SPEECH_SOURCE = Pin(
    "transcribe-cpp-native", "0.4.1", "9cedd9319a87cb15036d24c48777e32e5e6b82b73ea021f57cc918c0ceac7f5c"
)
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


@dataclass(frozen=True)
class _Engine:
    """`source` is the package whose archive holds what is compiled, `version` what its authors call it."""

    source: Pin
    version: str
    # What CMake makes.
    target: str

    @property
    def about(self) -> dict[str, object]:
        source = {"package": self.source.name, "version": self.source.version, "sha256": self.source.sha256}
        return {"version": self.version, "source": source, "programs": list(_PROGRAMS)}


_RECIPES = {
    "llamacpp": _Engine(_LLAMA_SOURCE, f"b{_LLAMA_SOURCE.version.rpartition('.')[2]}", "wllama"),
    "speech": _Engine(_SPEECH_SOURCE, _SPEECH_SOURCE.version, "speech"),
}
NAMES = tuple(_RECIPES)


def make_engine(name: str = "llamacpp") -> None:
    """
    Compiles each program of one of `NAMES` into its folder of engines/, in a Debian of its own below the
    cache. Raises BuildError without root, debootstrap or network, or when a tool or a source is not the
    pinned one.
    """
    engine, folder = _RECIPES[name], ENGINES / name
    system = debian()
    ensure_node_modules()
    work = system / "work"
    shutil.rmtree(work, ignore_errors=True)
    _lay_out(work, name)
    for program, (relaxed, threads) in _PROGRAMS.items():
        say(f"compiling {name}: {program}")
        _compile(system, program, engine.target, relaxed=relaxed, threads=threads)
        for kind in ("js", "wasm"):
            content = (work / program / f"{engine.target}.{kind}").read_bytes()
            packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
            write_atomic(folder / f"{program}.{kind}.xz", packed)
    (folder / "engine.json").write_text(json.dumps(engine.about, indent=2) + "\n")


def _lay_out(work: Path, name: str) -> None:
    """The sources, patched, as CMakeLists.txt wants them."""
    work.mkdir()
    _unpack(_LLAMA_SOURCE, "*/thirdparty/llama.cpp", work / "llama.cpp")
    shutil.copytree(NODE_MODULES / "@wllama" / "wllama" / "cpp", work / "wllama" / "cpp")
    _patch(work, _LLAMACPP)
    shutil.copy(
        _LLAMACPP / "kernels" / "matmul.cpp", work / "llama.cpp/ggml/src/ggml-cpu/llamafile/sgemm.cpp"
    )
    shutil.copytree(_LLAMACPP / "kernels", work / "kernels")
    if name == "speech":
        _unpack(_SPEECH_SOURCE, "*", work / "transcribe")
        _patch(work, ENGINES / name)
    shutil.copytree(ENGINES / name, work / "engine")


def _unpack(source: Pin, pattern: str, to: Path) -> None:
    """Moves the one folder of a source archive that fits `pattern`."""
    package = source_archive(source)
    with tempfile.TemporaryDirectory(dir=to.parent) as name, tarfile.open(package) as archive:
        archive.extractall(name, filter="data")
        [found] = Path(name).glob(pattern)
        found.rename(to)


def _patch(work: Path, engine: Path) -> None:
    run(
        ["patch", "--strip=1", "--fuzz=0", f"--input={engine / 'sources.patch'}"],
        doing="Patching the sources",
        action="The patch fits the pinned versions only.",
        cwd=work,
    )


def _compile(system: Path, program: str, target: str, *, relaxed: bool, threads: bool) -> None:
    options = {
        "CMAKE_BUILD_TYPE": "Release",
        # Else Emscripten says x86, and ggml leaves its WebAssembly code out.
        "EMSCRIPTEN_SYSTEM_PROCESSOR": "wasm32",
        "LLAMA_CPP": "/work/llama.cpp",
        "WLLAMA": "/work/wllama",
        "TRANSCRIBE": "/work/transcribe",
        "KERNELS": "/work/kernels",
        "RELAXED": "ON" if relaxed else "OFF",
        "THREADS": "ON" if threads else "OFF",
        **dict.fromkeys(_OFF, "OFF"),
    }
    settings = [f"-D{key}={value}" for key, value in options.items()]
    folder = f"/work/{program}"
    inside(system, "emcmake", "cmake", "-G", "Ninja", "-S", "/work/engine", "-B", folder, *settings)
    inside(system, "ninja", "-C", folder, target)
