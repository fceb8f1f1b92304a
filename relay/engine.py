"""llama.cpp's own HTTP server in a process of its own: `python -m relay.engine MODEL.gguf PROJECTOR.gguf`.

Its key comes in ALCOVE_ENGINE_KEY. Prints its address as one line; runs until its standard input is closed.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import xllamacpp


def main(model: str, projector: str) -> None:
    library: Any = xllamacpp  # it has no types
    params = library.CommonParams()
    params.model.path = model
    params.mmproj.path = projector
    params.api_keys = [os.environ["ALCOVE_ENGINE_KEY"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = 1
    params.warmup = False
    params.use_jinja = True
    params.cpuparams.poll = 0  # a robot has other work
    server = library.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
