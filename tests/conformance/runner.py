"""Runs the scenarios on one engine.

    python tests/conformance/runner.py --engine native|kernel            all traces, one JSON object
    python tests/conformance/runner.py --engine native|kernel --serve    a program a line, a trace a line

Also imported inside Pyodide, where `run_all` is awaited with the engine installed already.
"""

import argparse
import asyncio
import importlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SUBJECTS = (
    "hooks",
    "results",
    "chains",
    "cancellation",
    "coordinator",
    "dispatch",
    "session",
    "retry",
    "tools",
)
SUBJECTS += ("resolving", "engine", "scheduling", "collecting")
PER_SCENARIO_S = 20


def scenarios() -> dict[str, Callable[[Any], Any]]:
    """Every scenario by `subject.name`: the public async functions of the modules in scenarios/."""
    found: dict[str, Callable[[Any], Any]] = {}
    for subject in SUBJECTS:
        module = importlib.import_module(f"scenarios.{subject}")
        for name, fn in vars(module).items():
            if (
                asyncio.iscoroutinefunction(fn)
                and not name.startswith("_")
                and fn.__module__ == module.__name__
            ):
                found[f"{subject}.{name}"] = fn
    return found


async def run_one(fn: Callable[[Any], Any], *args: Any) -> list[list[Any]]:
    """The trace of one scenario; what it raises is its last entry."""
    from tracing import Trace

    trace = Trace()
    await trace.attempt("end", lambda: asyncio.wait_for(fn(trace, *args), PER_SCENARIO_S))
    return trace.entries


async def run_all() -> dict[str, list[list[Any]]]:
    """The traces of all scenarios, by name."""
    quiet()
    return {name: await run_one(fn) for name, fn in scenarios().items()}


def quiet() -> None:
    """Keep logs and warnings out of the output."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def serve() -> None:
    """Answer programs (see generated.py) line by line until the input ends."""
    import generated

    for line in sys.stdin:
        print(json.dumps(asyncio.run(run_one(generated.run, json.loads(line)))), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=("native", "kernel"), required=True)
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
    if arguments.engine == "kernel":
        import py_app.kernel

        py_app.kernel.install()
    quiet()
    if arguments.serve:
        serve()
    else:
        print(json.dumps(asyncio.run(run_all())), flush=True)
    # The native engine's threads can crash an interpreter that shuts down in an orderly way.
    os._exit(0)


if __name__ == "__main__":
    main()
