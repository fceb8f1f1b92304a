#!/usr/bin/env python3
"""
Alcove's one command line. Needs Python 3.11 and Node 20; whatever else is missing it fetches itself, pinned
and hash-checked, and keeps in ~/.cache/alcove (or ALCOVE_CACHE).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  it is the reader's Python, whatever that is
    sys.exit("Alcove needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

from build_steps import agent, bench, checks, engine, models, serve, site, suites, vila
from build_steps.base import ROOT, BuildError
from build_steps.package.make import package
from build_steps.scene_vlm.make import NAME as SCENE_VLM
from build_steps.scene_vlm.make import make_scene_vlm
from build_steps.smollm2_tools.make import NAME as SMOLLM2_TOOLS
from build_steps.smollm2_tools.make import make_smollm2_tools
from build_steps.speech.models import speech_extra_names
from build_steps.webllm.make import make_models
from build_steps.webllm.shape import ENCODERS, SHAPES


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="bring dist/ up to date")
    building.add_argument(
        "--no-precompressed", action="store_true", help="no .br and .gz, for a host that compresses by itself"
    )
    building.add_argument(
        "--whole-models", action="store_true", help="model files over 25 MiB as they are, not in parts"
    )
    _take_models(building)
    _take_agent(building)
    serving = commands.add_parser("serve", help="build, then serve dist/ on this machine")
    _take_models(serving)
    _take_agent(serving)
    serving.add_argument("--port", type=int, help="default: 8000, or the next free one")
    serving.add_argument("--no-isolation", action="store_true", help=argparse.SUPPRESS)
    relaying = commands.add_parser("vila", help="a ViLA endpoint for robots and scripts, on this machine")
    _take_vila(relaying)
    packing = commands.add_parser("package", help="write a folder for npm pack; see docs/package.md")
    packing.add_argument("--name", default="alcove", help="of the package; default: alcove")
    packing.add_argument("--without-models", action="store_true", help="leave the site's models out")
    testing = commands.add_parser("test", help="build, check and test")
    testing.add_argument("suite", nargs="?", choices=suites.SUITES, help="default: check and all of them")
    testing.add_argument(
        "--quick", action="store_true", help="unit, conformance, and a journey through each tab"
    )
    commands.add_parser("check", help="lint, types, formatting, sizes")
    modelling = commands.add_parser("models", help="compile our WebLLM models anew (needs Emscripten)")
    modelling.add_argument(
        "model",
        nargs="?",
        choices=sorted([*SHAPES, *ENCODERS, SCENE_VLM, SMOLLM2_TOOLS]),
        help="default: all that are compiled",
    )
    modelling.add_argument("--train", action="store_true", help="train it too, where it is trained here")
    compiling = commands.add_parser("engine", help="compile an engine anew (needs root on Debian)")
    compiling.add_argument("name", nargs="?", choices=engine.NAMES, default=engine.NAMES[0])
    benching = commands.add_parser("bench", help="measure; see docs/figures.md")
    benching.add_argument("names", nargs="*", help="only these measures; `agents` is taken only by its name")
    benching.add_argument("--every", type=int, default=1, metavar="N", help="agents: every Nth prompt only")
    benching.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        match options.command:
            case "build":
                site.build(
                    site.Options(
                        precompressed=not options.no_precompressed,
                        whole_models=options.whole_models,
                        extra_models=tuple(options.extra_models),
                        voice=not options.without_voice,
                        reading=not options.without_reading,
                        minilm=not options.without_minilm,
                        agent=_agent(options),
                    )
                )
            case "serve":
                site.build(
                    site.Options(
                        extra_models=tuple(options.extra_models),
                        voice=not options.without_voice,
                        reading=not options.without_reading,
                        minilm=not options.without_minilm,
                        agent=_agent(options),
                    )
                )
                serve.serve_forever(options.port, isolation=not options.no_isolation)
            case "vila":
                return vila.serve(_vila(options))
            case "package":
                package(ROOT / "package", options.name, models=not options.without_models)
            case "test":
                return suites.test(options.suite, rest, quick=options.quick)
            case "check":
                return checks.check()
            case "models" if options.model == SCENE_VLM:
                make_scene_vlm(train=options.train)
            case "models" if options.model == SMOLLM2_TOOLS:
                make_smollm2_tools(train=options.train)
            case "engine":
                engine.make_engine(options.name)
            case "models":
                make_models(options.model, train=options.train)
            case _:
                return bench.bench(options.json, options.names, every=options.every)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _take_models(parser: argparse.ArgumentParser) -> None:
    names = [*models.extra_names(), *speech_extra_names()]
    help_ = f"a model more: {', '.join(names)}"
    parser.add_argument(
        "--with", action="append", default=[], choices=names, metavar="MODEL", dest="extra_models", help=help_
    )
    parser.add_argument("--without-voice", action="store_true", help="without the models that hear and speak")
    parser.add_argument("--without-reading", action="store_true", help="without the one that reads")
    parser.add_argument(
        "--without-minilm",
        action="store_true",
        help="documents are found by their words only",
    )


def _take_vila(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=vila.DEFAULT_PORT, help="default: %(default)s")
    parser.add_argument("--key", help="what clients send as api_key; default: ALCOVE_VILA_KEY, or none")
    parser.add_argument("--prompt", default=vila.DEFAULT_PROMPT, help="what is asked of every frame")
    parser.add_argument(
        "--origin", action="append", default=[], help="a web page that may send frames: its origin"
    )
    parser.add_argument("--native", action="store_true", help="llama.cpp answers, without a page")
    parser.add_argument("--model", type=Path, metavar="GGUF", help="with --native; default: scene-vlm")
    parser.add_argument("--projector", type=Path, metavar="GGUF", help="of that model")


def _vila(options: argparse.Namespace) -> vila.Options:
    key = os.environ.get("ALCOVE_VILA_KEY", "") if options.key is None else options.key
    return vila.Options(
        options.port,
        key,
        options.prompt,
        tuple(options.origin),
        options.native,
        options.model,
        options.projector,
    )


def _take_agent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--agent", type=Path, metavar="BUNDLE", help="the page is this agent: a file, a folder, a zip"
    )
    parser.add_argument("--name", help="of that page; default: the agent's")
    parser.add_argument("--icon", type=Path, help="of that page: an SVG or a PNG")
    parser.add_argument("--workbench", action="store_true", help="with the rest of the workbench")


def _agent(options: argparse.Namespace) -> agent.SiteAgent | None:
    if options.agent is None:
        if options.name or options.icon or options.workbench:
            raise BuildError(
                "--name, --icon and --workbench are of a page with --agent.", "Give --agent too."
            )
        return None
    icon = options.icon and options.icon.resolve()
    return agent.SiteAgent(options.agent.resolve(), options.name, icon, options.workbench)


if __name__ == "__main__":
    sys.exit(main())
