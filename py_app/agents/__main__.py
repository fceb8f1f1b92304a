"""`python -m py_app.agents PATH`: what of a bundle (a file, a folder, a zip) is mounted, and what it costs.

`--pack FILE` writes it as the zip that a site is built around; `--json` prints the whole report. Its modules
are loaded, and nothing else of it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import sys
from pathlib import Path

from providers.json_types import Json
from py_app.agents.archive import files_at
from py_app.agents.laid_out import folder_of_bundles
from py_app.agents.report import read_bundle
from py_app.errors import AlcoveError


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m py_app.agents", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--pack", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # what is left out is told with its reason
    try:
        told, packed = asyncio.run(read_bundle(files_at(options.path)))
        if options.pack:
            options.pack.write_bytes(packed)
    except (AlcoveError, OSError) as error:
        action = f" {error.data['action']}" if isinstance(error, AlcoveError) else ""
        print(f"error: {error}{action}", file=sys.stderr)
        return 1
    print(json.dumps(told) if options.json else _words(told))
    return 0


def _words(told: Json) -> str:
    lines = [f"{told['name']} {told['version']}: about {told['tokens']} tokens"]
    lines += [f"  mounted  {module}" for module in told["mounted"]]
    lines += [f"  left out {refusal['module']}: {refusal['reason']}" for refusal in told["refused"]]
    lines += [f"  tool     {tool['name']}{' (asks first)' if tool['asks'] else ''}" for tool in told["tools"]]
    return "\n".join(lines)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    shutil.rmtree(folder_of_bundles(), ignore_errors=True)
    # The native core's threads may let go of what they hold after Python has gone, and abort the program.
    os._exit(status)
