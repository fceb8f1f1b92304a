"""llama.cpp's own HTTP server in a process of its own: `gguf_server.py MODEL.gguf KEY NAME`.

Prints its address as one line and runs until its standard input is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import xllamacpp


def main(model: str, key: str, name: str) -> None:
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {name}
    params.api_keys = [key]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 1024
    params.n_parallel = 1
    params.use_jinja = True
    params.chat_template = Path(__file__).with_name("tools.jinja").read_text()
    params.endpoint_slots = True
    params.warmup = False
    params.cpuparams.n_threads = 2
    params.cpuparams.poll = 0  # the machine has other work
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


main(*sys.argv[1:])
