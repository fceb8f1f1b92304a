"""ONNX Runtime as the site ships it: the script that starts it, and its code with SIMD and threads."""

from __future__ import annotations

from ..base import BuildError
from ..dist import Dist
from ..toolchain import NODE_MODULES

STEM = "assets/onnx-"
_FOLDER = NODE_MODULES / "onnxruntime-web" / "dist"
_NAME = "ort-wasm-simd-threaded"


def add_onnx(dist: Dist) -> dict[str, str]:
    """Adds both files; returns their names as workers/build.ts has them."""
    script = _trusting((_FOLDER / f"{_NAME}.mjs").read_bytes())
    return {
        "script": dist.add_hashed(f"{STEM}runtime", ".mjs", script),
        "wasm": dist.add_hashed(f"{STEM}runtime", ".wasm", _FOLDER / f"{_NAME}.wasm"),
    }


def _trusting(script: bytes) -> bytes:
    """
    Its script, which starts its threads from its own address, as Trusted Types want it: by the policy that
    workers/wire/trusted.ts made in the worker that brought it.
    """
    starts = b"new Worker(new URL(import.meta.url),"
    if script.count(b"new Worker(") != 1 or script.count(starts) != 1:
        raise BuildError(
            "ONNX Runtime starts its threads in a new way.", "Adapt build_steps/speech/onnx.py to it."
        )
    policy = b'globalThis[Symbol.for("alcove.scripts")]'
    trusted = b"(" + policy + b"?.createScriptURL(import.meta.url)??new URL(import.meta.url))"
    return script.replace(starts, b"new Worker(" + trusted + b",")
