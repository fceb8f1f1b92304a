"""`python -m models.webllm.compiler MODEL OUTPUT.wasm SCRATCH`: compiles one model library."""

import argparse
import time
from pathlib import Path

from build_steps.webllm.shape import ENCODERS, SHAPES

from .library import compile_library


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=sorted({**SHAPES, **ENCODERS}))
    parser.add_argument("output", type=Path)
    parser.add_argument("scratch", type=Path)
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    compile_library({**SHAPES, **ENCODERS}[options.model], options.output, options.scratch)
    size = options.output.stat().st_size
    print(f"{options.output.name}: {size / 1e6:.2f} MB in {time.monotonic() - started:.0f} s", flush=True)


main()
