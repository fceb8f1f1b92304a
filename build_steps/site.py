"""`build.py build`: from an empty checkout to dist/, static files that any web server can host."""

from __future__ import annotations

import contextlib
import json
import lzma
import re
import tempfile
import time
import tomllib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import models, parts, runtime
from .agent import Look, SiteAgent, add_agent, dressed_manifest, dressed_page
from .base import DIST, ROOT, BuildError, digest, forget_old_results, is_stamped, say, sources
from .bundle import Scripts, bundle_scripts, bundle_service_worker
from .dist import Dist
from .engine import ENGINES
from .headers import ISOLATION, POLICY, SECURITY
from .hosts import recipes
from .pdf import MAPS_STEM, add_pdf
from .speech.models import speech_extra_names, speech_file, speech_licence, speech_models
from .speech.onnx import STEM as _ONNX_STEM
from .speech.onnx import add_onnx
from .toolchain import NODE_MODULES, set_up
from .webllm import models as webllm_models

_PROGRAM_STEM, _SPEECH_STEM = "assets/llamacpp-", "assets/speech-"
_ACTIVITY_STEM = "assets/silero-vad"
_SQLITE_STEM = "assets/sqlite"
# Kept when used: the engines' programs, but for the usual one; what speaks, listens, reads, keeps documents.
_ON_USE_WORKERS = tuple(f"assets/{name}.worker-" for name in ("voice", "reading", "documents", "parser"))
_ON_USE = (
    *(_PROGRAM_STEM, _SPEECH_STEM, _ONNX_STEM, f"{_ACTIVITY_STEM}-", _SQLITE_STEM, MAPS_STEM),
    *_ON_USE_WORKERS,
)
_USUAL_PROGRAM = f"{_PROGRAM_STEM}relaxed-"
_STATE = ROOT / ".cache"
_STAMP = _STATE / "dist.stamp"
_LOCK_WAIT_S = 1200
_LLAMACPP, _SPEECH = ENGINES / "llamacpp", ENGINES / "speech"
_SILERO = ROOT / "models" / "silero"
_WLLAMA_COMPAT = NODE_MODULES / "@wllama" / "wllama-compat" / "wasm"
_SQLITE = NODE_MODULES / "@sqlite.org" / "sqlite-wasm" / "dist" / "sqlite3.wasm"
# Models that a hub holds: WebLLM's own, ones that see, embed or speak. Only the lists are part of the site.
_HUB_LISTS = (
    models.CATALOGUE / "webllm" / "prebuilt.json",
    models.CATALOGUE / "vision" / "hub.json",
    models.CATALOGUE / "embedding" / "hub.json",
    models.CATALOGUE / "voice" / "hub.json",
)


@dataclass(frozen=True)
class Options:
    """What a host may want otherwise."""

    # A .br and a .gz beside each file that gains by it.
    precompressed: bool = True
    # Model files as they are, else those over MOST_BYTES are cut into parts.
    whole_models: bool = False
    # Models of models/catalogue/extra and models/catalogue/speech/extra, by their names.
    extra_models: tuple[str, ...] = ()
    # What hears and what speaks come with the site.
    voice: bool = True
    # What reads comes with the site.
    reading: bool = True
    # What finds documents by their meaning comes with the site.
    minilm: bool = True
    # The page is this agent.
    agent: SiteAgent | None = None


def build(options: Options | None = None) -> None:
    """Sets up what is missing and brings dist/ up to date. Raises BuildError."""
    options = options or Options()
    with _one_at_a_time():
        set_up()
        build_id = _input_key(options)
        key = f"{build_id} {options}"
        if is_stamped(_STAMP, key) and (DIST / "build.json").is_file():
            say("dist/ is up to date")
            return
        started = time.monotonic()
        _STAMP.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=_STATE) as scratch:
            dist = _assemble(Path(scratch), build_id[:16], options)
            dist.write()
            if options.precompressed:
                dist.compress()
            dist.prune()
        _STAMP.write_text(key)
        forget_old_results()
        say(f"dist/ built in {time.monotonic() - started:.1f} s")


def _assemble(scratch: Path, build_id: str, options: Options) -> Dist:
    dist = Dist(DIST)
    folder = runtime.build_runtime()
    runtime_name = runtime.folder_name(folder)
    for path in folder.iterdir():
        dist.add(f"{runtime_name}/{path.name}", path)
    dist.write()  # tests of the Python side need no more than this

    info: dict[str, Any] = {
        "id": build_id,
        "version": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        "pyodide": f"{runtime_name}/",
        "packages": runtime.packages(folder),
        "snapshot": runtime.snapshots(folder),
        **_add_llamacpp(dist),
        "speech": _add_programs(dist, _SPEECH, _SPEECH_STEM),
        "onnx": add_onnx(dist),
        "activity": _add_activity(dist),
        "sqlite": dist.add_hashed(_SQLITE_STEM, ".wasm", _SQLITE.read_bytes()),
        **add_pdf(dist),
        "models": _add_models(dist, options),
        "ears": _add_ears(dist, options),
        "hubModels": dist.add_hashed("assets/hub-models", ".json", _hub_models()),
    }
    say("bundling scripts")
    scripts = bundle_scripts(scratch / "assets", info)
    for path in scripts.folder.iterdir():
        dist.add(f"assets/{path.name}", path)
    for_others = "".join(f'export * from "./assets/{name}";\n' for name in (scripts.alcove, scripts.embed))
    dist.add("alcove.js", for_others.encode())
    dist.add("alcove-chat.js", f'export * from "./assets/{scripts.element}";\n'.encode())
    for path in sources("web/icons", "web/signed-in"):
        dist.add(path.relative_to(ROOT / "web").as_posix(), path.read_bytes())
    look = add_agent(dist, scratch, options.agent) if options.agent else None
    manifest = (ROOT / "web" / "manifest.webmanifest").read_text()
    dist.add("manifest.webmanifest", (dressed_manifest(manifest, look) if look else manifest).encode())
    dist.add("index.html", _page(scripts, look).encode())
    _add_service_worker(dist, scratch, info)
    for path, text in recipes([*dist.manifest(), "build.json"]).items():
        dist.add(path, text.encode())
    about = {
        "id": build_id,
        "version": info["version"],
        "pyodide": info["pyodide"],
        "firstLoad": [f"assets/{name}" for name in scripts.first_load],
        "firstLoadEmbed": ["alcove.js", *(f"assets/{name}" for name in scripts.first_load_embed)],
        "files": dist.manifest(),
    }
    dist.add("build.json", json.dumps(about, indent=1).encode())
    return dist


def _add_llamacpp(dist: Dist) -> dict[str, Any]:
    """The builds of llama.cpp: ours, which are committed, and wllama's for old browsers."""
    ours = _add_programs(dist, _LLAMACPP, _PROGRAM_STEM)
    compat = _add_program(
        dist,
        f"{_PROGRAM_STEM}compat",
        (_WLLAMA_COMPAT / "wllama.js").read_bytes(),
        _WLLAMA_COMPAT / "wllama.wasm",
    )
    version = json.loads((_LLAMACPP / "engine.json").read_text())["version"]
    return {"llamacpp": {**ours, "compat": compat}, "llamacppVersion": version}


def _add_programs(dist: Dist, engine: Path, stem: str) -> dict[str, dict[str, str]]:
    """The builds of an engine of ours, which are committed."""

    def unpacked(name: str) -> bytes:
        return lzma.decompress((engine / f"{name}.xz").read_bytes())

    names: list[str] = json.loads((engine / "engine.json").read_text())["programs"]
    return {
        name: _add_program(dist, stem + name, unpacked(f"{name}.js"), unpacked(f"{name}.wasm"))
        for name in names
    }


def _add_program(dist: Dist, stem: str, script: bytes, wasm: bytes | Path) -> dict[str, str]:
    return {
        "worker": dist.add_hashed(stem, ".js", _trusting(script)),
        "wasm": dist.add_hashed(stem, ".wasm", wasm),
    }


def _trusting(script: bytes) -> bytes:
    """Emscripten's script of an engine, which starts its threads from itself, as Trusted Types want it."""
    # A classic script knows its own address, or gets one from wllama; a module is asked for under the name
    # that it has with us.
    for starts, address in (
        (rb"new Worker\(pthreadMainJs,", b"pthreadMainJs"),
        (rb'new Worker\(new URL\("speech\.js", ?import\.meta\.url\),', b"import.meta.url"),
    ):
        policy = (
            b'(globalThis.trustedTypes?(self.alcoveScripts??=trustedTypes.createPolicy("alcove",'
            b"{createScriptURL:(url)=>url})).createScriptURL(" + address + b"):" + address + b")"
        )
        script = re.sub(starts, b"new Worker(" + policy + b",", script)
    if script.count(b"new Worker(") != script.count(b"new Worker((globalThis.trustedTypes?"):
        raise BuildError("A build of an engine starts its threads in a new way.", "Adapt _trusting to it.")
    return script


def _hub_models() -> bytes:
    lists = (json.loads(path.read_text()) for path in _HUB_LISTS)
    return json.dumps([model for each in lists for model in each], separators=(",", ":")).encode()


def _add_activity(dist: Dist) -> str:
    """Adds what tells speech from silence, with its licence."""
    dist.add_hashed(f"{_ACTIVITY_STEM}.LICENSE", ".txt", (_SILERO / "LICENSE").read_bytes())
    return dist.add_hashed(_ACTIVITY_STEM, ".bin", (_SILERO / "silero-vad.bin").read_bytes())


def _add_models(dist: Dist, options: Options) -> list[dict[str, Any]]:
    """Adds the files and licences of the catalogue; returns it with the names that the files got."""
    shipped: list[dict[str, Any]] = []
    named = [name for name in options.extra_models if name in models.extra_names()]
    for model in (*models.catalogue(), *map(models.extra, named)):
        good_for = model.get("goodFor", [])
        if ("voice" in good_for and not options.voice) or ("reading" in good_for and not options.reading):
            continue
        if model["family"] == "minilm" and not options.minilm:
            continue
        add = _add_webllm if model["engine"] == "webllm" else _add_plain
        add(dist, model, options)
        shipped.append({key: value for key, value in model.items() if key != "source"})
    return shipped


def _add_ears(dist: Dist, options: Options) -> list[dict[str, Any]]:
    """The same of the models that hear."""
    shipped: list[dict[str, Any]] = []
    named = [name for name in options.extra_models if name in speech_extra_names()]
    for model in speech_models(named):
        if not options.voice and model["id"] not in named:
            continue
        _add_files(dist, model, [speech_file(model, at) for at in range(len(model["files"]))], options)
        dist.add_hashed(f"models/{model['id']}.LICENSE", ".txt", speech_licence(model).read_bytes())
        shipped.append({key: value for key, value in model.items() if key != "source"})
    return shipped


def _add_plain(dist: Dist, model: dict[str, Any], options: Options) -> None:
    """A model whose files are taken as they are: GGUF, a voice, or what reads."""
    found = [models.model_file(model, at) for at in range(len(model["files"]))]
    _add_files(dist, model, found, options)
    dist.add_hashed(f"models/{model['id']}.LICENSE", ".txt", models.licence(model).read_bytes())


def _add_files(dist: Dist, model: dict[str, Any], paths: list[Path], options: Options) -> None:
    """Adds a model's files and has its description say where they are."""
    for file, found in zip(model["files"], paths, strict=True):
        path = Path(file["url"])
        if file["bytes"] > parts.MOST_BYTES and not options.whole_models:
            _add_parts(dist, file, found, f"{path.parent}/{path.stem}")
            continue
        # What is committed may be written to again, what is in the cache is not.
        content = found.read_bytes() if found.is_relative_to(ROOT) else found
        file["url"] = dist.add_hashed(f"{path.parent}/{path.stem}", path.suffix, content)


def _add_parts(dist: Dist, file: dict[str, Any], found: Path, stem: str) -> None:
    """Adds a large file in parts and has its description say where they are."""
    file["parts"] = [
        {"url": dist.add_hashed(f"{stem}.part{number}", ".bin", part), "bytes": part.stat().st_size}
        for number, part in enumerate(parts.cut(found, file["sha256"]), 1)
    ]


def _add_webllm(dist: Dist, model: dict[str, Any], options: Options) -> None:
    """In a folder whose name changes with its content: WebLLM wants the names of the files as they are."""
    folder = webllm_models.folder_name(model)
    described = {Path(file["url"]).name: file for file in model["files"]}
    for name, path in webllm_models.webllm_files(model, models.original(model)).items():
        if described[name]["bytes"] > parts.MOST_BYTES and not options.whole_models:
            _add_parts(dist, described[name], path, folder + Path(name).stem)
        else:
            dist.add(folder + name, path.read_bytes() if path.is_relative_to(ROOT) else path)
    for path in webllm_models.licences(model):
        dist.add(folder + path.name, path.read_bytes())
    for file in model["files"]:
        file["url"] = file["url"].replace(model["weights"], folder)
    model["library"] = model["library"].replace(model["weights"], folder)
    model["weights"] = folder


def _page(scripts: Scripts, look: Look | None = None) -> str:
    """
    web/index.html with the built names in place of ./main.ts and ./style.css, modules announced, and the
    content security policy before anything that it is to hold for.
    """
    source = ROOT / "web" / "index.html"
    if not source.is_file():
        raise BuildError("web/index.html is missing.", "Restore the file.")
    page = source.read_text()
    if look:
        page = dressed_page(page, look)
    for name, built in (("main.ts", scripts.main), ("style.css", scripts.style)):
        page, count = re.subn(rf'(?<=")(?:\./)?{re.escape(name)}(?=")', f"./assets/{built}", page)
        if count != 1:
            raise BuildError(
                f'web/index.html names "./{name}" {count} times.', "It must name it exactly once."
            )
    links = "".join(
        f'<link rel="modulepreload" href="./assets/{name}">\n'
        for name in scripts.first_load
        if name != scripts.main
    )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(POLICY)}">'
    charset = '<meta charset="utf-8">'
    if page.count(charset) != 1:
        raise BuildError(f"web/index.html has no {charset}.", "It must stand in it exactly once.")
    return page.replace(charset, f"{charset}\n    {policy}", 1).replace("</head>", f"{links}</head>", 1)


def _add_service_worker(dist: Dist, scratch: Path, info: Mapping[str, Any]) -> None:
    """
    sw.js, which knows the whole build: `__PRECACHE__` as web/page/offline/protocol.ts has it, `__MODELS__`
    what the engines keep themselves, `__HEADERS__` what a host may leave out. Of the builds of llama.cpp a
    browser runs one: the usual one is kept from the start, another, and what hears, speaks or reads, when
    used.
    """
    files = [
        (path, entry["bytes"], entry["sha256"])
        for path, entry in dist.manifest().items()
        if not path.startswith("models/")
    ]
    on_use = [
        file for file in files if file[0].startswith(_ON_USE) and not file[0].startswith(_USUAL_PROGRAM)
    ]
    lists = {
        "__PRECACHE__": {
            "build": info["id"],
            "files": [file for file in files if file not in on_use],
            "onUse": on_use,
        },
        "__MODELS__": [
            part["url"]
            for model in (*info["models"], *info["ears"])
            for file in model["files"]
            for part in file.get("parts", [file])
        ],
        "__HEADERS__": {**ISOLATION, **SECURITY},
    }
    dist.add("sw.js", bundle_service_worker(scratch / "sw", lists))


def _input_key(options: Options) -> str:
    """Everything that decides what the files of dist/ hold. Its start is the build's id."""
    files = [
        *runtime.input_files(),
        *sources("web", "workers", "build_steps", "models/catalogue", "models/webllm/licences"),
        *sorted(path for path in ENGINES.rglob("*") if path.suffix in {".xz", ".json"}),
        *(path for path in models.committed_files() if path.is_file()),
        *(_SILERO / name for name in ("silero-vad.bin", "LICENSE")),
        *(
            ROOT / name
            for name in ("package-lock.json", "requirements-pyodide.lock", "requirements-models.lock")
        ),
    ]
    named = (part for path in files for part in (str(path.relative_to(ROOT)), path))
    agent = options.agent.key if options.agent else ""
    wanted = (options.whole_models, options.extra_models, options.voice, options.reading, options.minilm)
    chosen = f"models: {wanted} agent: {agent}"
    return digest([chosen, *named])


@contextlib.contextmanager
def _one_at_a_time() -> Generator[None]:
    """Builds of one checkout wait for each other."""
    _STATE.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: two builds at once are the person's own affair
        yield
        return
    with (_STATE / "build.lock").open("w") as lock:
        deadline = time.monotonic() + _LOCK_WAIT_S
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise BuildError("Another build of this checkout does not end.", "Stop it.") from None
                if not told:
                    say("waiting for another build of this checkout")
                    told = True
                time.sleep(0.5)
        yield
