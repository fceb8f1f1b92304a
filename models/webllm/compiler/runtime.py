"""TVM's WebAssembly runtime, compiled once from the sources in its wheels, and the link with it."""

import shutil
import subprocess
from pathlib import Path

import tvm
import tvm_ffi

_HEADERS = Path(__file__).parent / "headers"
_UNITS = ("wasm_runtime", "tvmjs_support", "webgpu_runtime")
_TIMEOUT_S = 1800


def build_runtime(scratch: Path) -> list[Path]:
    """The runtime's object files (a minute or two the first time), from `scratch` when they are there."""
    tree = scratch / "tvm"
    objects = [scratch / f"{unit}.o" for unit in _UNITS]
    if all(path.is_file() for path in objects):
        return objects
    _lay_out(tree)
    ffi = "3rdparty/tvm-ffi"
    folders = [".", "3rdparty/compiler-rt", "include", f"{ffi}/include", f"{ffi}/3rdparty/dlpack/include"]
    options = [*(f"-I{folder}" for folder in folders), "-Os", "-std=c++17", "-Wno-ignored-attributes"]
    for unit, path in zip(_UNITS, objects, strict=True):
        partial = path.with_suffix(".part.o")
        _emcc([*options, "-c", "-o", str(partial), f"web/emcc/{unit}.cc"], tree)
        partial.rename(path)
    return objects


def link(output: Path, objects: list[Path], scratch: Path) -> None:
    """Links a library. -O2: at -O1 the one for SmolLM2 is 16 MB instead of 3.5."""
    settings = {
        "WASM_BIGINT": 1,
        "ERROR_ON_UNDEFINED_SYMBOLS": 0,  # what WebLLM's JavaScript brings
        "STANDALONE_WASM": 1,
        "ALLOW_MEMORY_GROWTH": 1,
        "INITIAL_MEMORY": "64MB",
    }
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    inputs = [str(path.absolute()) for path in (*build_runtime(scratch), *objects)]
    _emcc(["-O2", "--no-entry", *options, "-o", str(output.absolute()), *inputs], scratch)


def _lay_out(tree: Path) -> None:
    """TVM's source tree as far as the wheels hold it, and our own headers for what they lack."""
    shutil.rmtree(tree, ignore_errors=True)
    packages = Path(tvm.__file__).parent
    for folder in ("web", "src", "include"):
        shutil.copytree(packages / folder, tree / folder)
    shutil.copytree(Path(tvm_ffi.__file__).parent, tree / "3rdparty" / "tvm-ffi")
    shutil.copytree(_HEADERS, tree, dirs_exist_ok=True)


def _emcc(arguments: list[str], folder: Path) -> None:
    done = subprocess.run(
        ["emcc", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"emcc failed:\n{done.stderr[-4000:]}")
