"""`python -m relay`: what `build.py vila` starts, in the project's own environment."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from build_steps.base import DIST, ROOT, BuildError
from build_steps.serve import SiteServer, open_server

from .clients import Clients
from .endpoint import Endpoint
from .gatekeeper import Gatekeeper
from .looker import LookFailedError
from .native import NativeLooker
from .tab import TabLooker

MAX_TOKENS = 48
_MODELS = ROOT / "models" / "scene_vlm"


def main(arguments: list[str] | None = None) -> int:
    """Runs until interrupted; returns the exit status."""
    parser = argparse.ArgumentParser(prog="build.py vila")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--origin", action="append", default=[])
    parser.add_argument("--native", action="store_true")
    parser.add_argument("--model", type=Path, default=_MODELS / "scene-vlm.gguf")
    parser.add_argument("--projector", type=Path, default=_MODELS / "scene-vlm-mmproj.gguf")
    options = parser.parse_args(arguments)
    try:
        if options.native:
            asyncio.run(_native(options))
        else:
            with open_server(DIST, None) as site:
                asyncio.run(_relay(options, site))
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _gate(pages: list[str], origins: list[str]) -> Gatekeeper:
    # In the environment, where no list of processes shows it.
    return Gatekeeper(os.environ.get("ALCOVE_VILA_KEY", ""), pages, origins)


async def _relay(options: argparse.Namespace, site: SiteServer) -> None:
    clients = Clients()
    pages = [f"http://{host}:{site.port}" for host in ("127.0.0.1", "localhost")]
    page = f"{site.url}?vila={options.port}#vision"
    looker = TabLooker(clients, options.prompt, MAX_TOKENS)
    endpoint = Endpoint(clients, looker, _gate(pages, options.origin), page)
    await _run(endpoint, options.port, f"Keep this page open, its vision model answers: {page}")


async def _native(options: argparse.Namespace) -> None:
    looker = NativeLooker(options.model, options.projector, options.prompt, MAX_TOKENS)
    try:
        await looker.start()
    except LookFailedError:
        raise BuildError(
            f"{options.model.name} cannot be loaded with {options.projector.name}.",
            "Give a vision model and its projector, two GGUF files: --model FILE --projector FILE.",
        ) from None
    try:
        endpoint = Endpoint(Clients(), looker, _gate([], options.origin))
        await _run(endpoint, options.port, f"{options.model.name} answers on this machine.")
    finally:
        await looker.stop()


async def _run(endpoint: Endpoint, port: int, words: str) -> None:
    """Serves until the program is interrupted or ended."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        async with endpoint.open(port):
            keyed = "?api_key=…" if os.environ.get("ALCOVE_VILA_KEY") else ""
            print(
                f"Robots and scripts connect to ws://127.0.0.1:{port}{keyed}  (stop with Ctrl+C)", flush=True
            )
            print(words, flush=True)
            await ended.wait()
    except OSError as error:
        raise BuildError(f"Port {port} cannot be used: {error}.", "Choose another: --port N.") from error


if __name__ == "__main__":
    sys.exit(main())
