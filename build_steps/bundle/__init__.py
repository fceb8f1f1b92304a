"""The page's and the workers' scripts: files with hashed names, each knowing the build it belongs to."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..base import ROOT, BuildError, run, sources

_HERE = Path(__file__).resolve().parent
_WORKERS = {
    "python": "workers/python/python.worker.ts",
    "llamacpp": "workers/llamacpp/llamacpp.worker.ts",
    "webllm": "workers/webllm/webllm.worker.ts",
    "vila": "workers/vila/vila.worker.ts",
    "speech": "workers/speech/speech.worker.ts",
    "voice": "workers/voice/voice.worker.ts",
    "reading": "workers/reading/reading.worker.ts",
    "activity": "workers/activity/activity.worker.ts",
    "search": "workers/search/search.worker.ts",
    "importing": "workers/importing/importing.worker.ts",
    # No worker, but as little a part of the page.
    "microphone": "workers/activity/microphone.worklet.ts",
    "documents": "workers/documents/documents.worker.ts",
    "parser": "workers/documents/parser.worker.ts",
    "pdf": "node_modules/pdfjs-dist/build/pdf.worker.mjs",
}
_INTERPRETER = "workers/interpreter/interpreter.worker.ts"
_ALCOVE, _MAIN, _STYLE, _SERVICE_WORKER = "web/sdk/index.ts", "web/main.ts", "web/style.css", "web/sw.ts"
# What alcove.js has for pages of others only, and the tag for them.
_EMBED = "web/sdk/embed.ts"
_ELEMENT = "web/element/index.ts"


@dataclass
class Scripts:
    """Names below dist/assets/ of what was built."""

    folder: Path
    workers: dict[str, str] = field(default_factory=dict[str, str])
    alcove: str = ""
    embed: str = ""
    element: str = ""
    main: str = ""
    style: str = ""
    # What main imports at once: the part of the JavaScript that the first paint waits for.
    first_load: list[str] = field(default_factory=list[str])
    # The same of a page of somebody else's that imports alcove.js.
    first_load_embed: list[str] = field(default_factory=list[str])


def bundle_scripts(folder: Path, build: Mapping[str, Any]) -> Scripts:
    """
    Builds workers, `alcove.js`, the page and its style into `folder` (dist/assets/). `build` becomes
    `__BUILD__`, its models `__MODELS__`. The order matters: `alcove.js` names the workers. The page imports
    the very files that embedders import.
    """
    about = {name: value for name, value in build.items() if name not in ("models", "ears")}
    facts = {
        "__BUILD__": json.dumps(about),
        "__MODELS__": json.dumps(build.get("models")),
        "__EARS__": json.dumps(build.get("ears")),
    }
    scripts = Scripts(folder)
    built = _esbuild(folder, list(_WORKERS.values()), facts=facts)
    scripts.workers = {name: built[entry]["file"] for name, entry in _WORKERS.items()}
    # No worker of no origin is a module.
    classic = _esbuild(folder, [_INTERPRETER], facts=facts, form="iife")
    scripts.workers["interpreter"] = classic[_INTERPRETER]["file"]
    urls = {name: f"assets/{file}" for name, file in scripts.workers.items()}
    facts = {**facts, "__WORKERS__": json.dumps(urls)}
    scripts.style = _esbuild(folder, [_STYLE])[_STYLE]["file"]
    _page_and_sdk(scripts, facts)
    return scripts


def _page_and_sdk(scripts: Scripts, facts: Mapping[str, str]) -> None:
    entries = {"index": _ALCOVE, "embed": _EMBED, "element": _ELEMENT, "main": _MAIN}
    with tempfile.TemporaryDirectory() as cut:
        chunks = _esbuild(Path(cut), list(entries.values()), facts=facts, splitting=True)
        built = {name: chunks[entry] for name, entry in entries.items()}
        own = {part["file"] for part in built.values()}
        index, embed, main = (set(built[name]["imports"]) - own for name in ("index", "embed", "main"))
        core = index | (embed & main)
        job = {
            "folder": cut,
            "outdir": str(scripts.folder),
            "entries": {name: part["file"] for name, part in built.items()},
            "groups": {"core": sorted(core), "more": sorted(embed - core), "page": sorted(main - core)},
        }
        joined = _node("join.mjs", job)
    index, embed, main = joined["index"], joined["embed"], joined["main"]
    scripts.alcove, scripts.embed, scripts.main = index["file"], embed["file"], main["file"]
    scripts.element = joined["element"]["file"]
    embedded = [scripts.alcove, *index["imports"], scripts.embed, *embed["imports"]]
    scripts.first_load_embed = list(dict.fromkeys(embedded))
    scripts.first_load = list(
        dict.fromkeys([scripts.main, scripts.alcove, *main["imports"], *index["imports"]])
    )


def bundle_service_worker(folder: Path, define: Mapping[str, Any]) -> Path:
    """Builds sw.js: a classic script whose name cannot change."""
    values = {name: json.dumps(value) for name, value in define.items()}
    built = _esbuild(folder, [_SERVICE_WORKER], values, form="iife", names="[name]")
    return folder / built[_SERVICE_WORKER]["file"]


def bundle_unit_tests(folder: Path) -> list[Path]:
    """Builds the unit tests in TypeScript into `folder`: compiled once, not by each of their processes."""
    scripts = [path.relative_to(ROOT).as_posix() for path in sources("tests/unit/ts")]
    entries = [path for path in scripts if path.endswith(".test.ts")]
    # Those of tests that are there no more must not run.
    shutil.rmtree(folder, ignore_errors=True)
    built = _esbuild(folder, entries, names="[dir]/[name]", splitting=True, node=True)
    return [folder / built[entry]["file"] for entry in entries]


def bundle_for_node(folder: Path, entry: str) -> Path:
    """Builds one script that Node runs, as it runs the unit tests. Its packages are found from `folder`."""
    return folder / _esbuild(folder, [entry], names="[name]", node=True)[entry]["file"]


def _esbuild(
    folder: Path,
    entries: Sequence[str],
    define: Mapping[str, str] | None = None,
    *,
    facts: Mapping[str, str] | None = None,
    form: Literal["esm", "iife"] = "esm",
    names: str = "[name]-[hash]",
    splitting: bool = False,
    node: bool = False,
) -> dict[str, dict[str, Any]]:
    for entry in entries:
        if not (ROOT / entry).is_file():
            raise BuildError(f"{entry} is missing.", "Restore the file: the site cannot be built without it.")
    job = {
        "root": str(ROOT),
        "outdir": str(folder),
        "entries": entries,
        "format": form,
        "names": names,
        "splitting": splitting,
        "define": define or {},
        "facts": facts or {},
        "node": node,
    }
    return _node("esbuild.mjs", job)


def _node(script: str, job: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    answer = run(
        ["node", _HERE / script],
        stdin=json.dumps(job),
        doing="Bundling",
        action="Correct the source it names.",
    )
    return json.loads(answer)
