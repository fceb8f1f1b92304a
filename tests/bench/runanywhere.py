"""RunAnywhere's web SDK, for measuring against: installed into the cache, never a part of the project."""

from __future__ import annotations

import json
from pathlib import Path

from lab import ROOT

from build_steps.base import cache_dir, run

VERSION = "0.1.0-beta.8"
_PACKAGES = (f"@runanywhere/web@{VERSION}", f"@runanywhere/web-llamacpp@{VERSION}")
_PAGE = ROOT / "tests" / "bench" / "vision_runanywhere.js"
_WORKER = 'import { startVLMWorkerRuntime } from "@runanywhere/web-llamacpp"; startVLMWorkerRuntime();\n'


def runanywhere_files() -> dict[str, Path]:
    """What a page with it needs, by the name under /peer/. Raises BuildError when it cannot be had."""
    folder = cache_dir() / "peers" / f"runanywhere-{VERSION}"
    modules = folder / "node_modules" / "@runanywhere" / "web-llamacpp"
    if not modules.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"private": True}))
        install = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
        run([*install, *_PACKAGES], doing="Installing RunAnywhere", action="Check the connection.")
    built = folder / "built"
    for name, source in (("runanywhere.js", _PAGE.read_text()), ("runanywhere-worker.js", _WORKER)):
        command = [ROOT / "node_modules" / ".bin" / "esbuild", "--bundle", "--format=esm"]
        run(
            [*command, "--target=es2022", "--log-level=error", f"--outfile={built / name}"],
            stdin=source,
            env={"NODE_PATH": str(folder / "node_modules")},
            doing=f"Bundling {name}",
            action="Look at what esbuild says.",
        )
    wasm = {path.name: path for path in (modules / "wasm").iterdir()}
    return {**wasm, **{path.name: path for path in built.iterdir()}}
