"""`build.py vila`: a ViLA endpoint for robots and scripts. The endpoint itself is in relay/."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import site
from .base import ROOT, BuildError
from .toolchain import VENV_PYTHON, ensure_venv

DEFAULT_PORT = 6789
"""Where OM1's own client looks by default."""
DEFAULT_PROMPT = "Describe what you see in one sentence."


@dataclass(frozen=True)
class Options:
    port: int = DEFAULT_PORT
    key: str = ""
    prompt: str = DEFAULT_PROMPT
    origins: tuple[str, ...] = ()
    native: bool = False
    model: Path | None = None
    projector: Path | None = None


def serve(options: Options) -> int:
    """Serves until interrupted; the page is built first where a tab is to answer. Returns the exit status."""
    if bool(options.model) != bool(options.projector) or (options.model and not options.native):
        raise BuildError(
            "--model and --projector are two files of one vision model, and for --native.",
            "Give --native --model MODEL.gguf --projector MMPROJ.gguf.",
        )
    if options.native:
        ensure_venv()
    else:
        site.build()
    command = [VENV_PYTHON, "-m", "relay", "--port", str(options.port), "--prompt", options.prompt]
    command += [part for origin in options.origins for part in ("--origin", origin)]
    if options.native:
        command += ["--native"]
    if options.model and options.projector:
        command += ["--model", options.model.resolve(), "--projector", options.projector.resolve()]
    environment = {**os.environ, "ALCOVE_VILA_KEY": options.key}
    if os.name == "nt":
        return subprocess.call(command, cwd=ROOT, env=environment)
    os.chdir(ROOT)
    # In this one's place: whatever ends it ends the endpoint.
    return os.execve(VENV_PYTHON, [str(part) for part in command], environment)
