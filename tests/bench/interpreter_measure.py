"""The `python` tool's interpreter: its start against a bare Pyodide of npm's files, and what a call costs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lab import ROOT, Figure, SiteServer, at_most, median, percentile, told, visit
from playwright.sync_api import Browser

from browsers import copy_site  # isort: skip

_ROUNDS = 6
_WARM = 30
# In a worker, as ours runs, and asked for as much: one expression.
_BARE = """
import { loadPyodide } from "./pyodide.mjs";
const pyodide = await loadPyodide({ indexURL: new URL(".", import.meta.url).href });
postMessage(pyodide.runPython("1 + 1"));
"""
_START_BARE = """async (url) => {
  const started = performance.now();
  const trusted = globalThis[Symbol.for("alcove.scripts")]?.createScriptURL(url) ?? url;
  const worker = new Worker(trusted, { type: "module" });
  await new Promise((resolve, reject) => Object.assign(worker, { onmessage: resolve, onerror: reject }));
  worker.terminate();
  return performance.now() - started;
}"""
_START_OURS = """async (warm) => {
  const chat = await alcove.openSession();
  const run = async (code) => {
    const started = performance.now();
    await chat.callTool("alcove:python", { code, files: [], namespace: "notes", seconds: 60 });
    return performance.now() - started;
  };
  const times = [];
  for (let i = 0; i <= warm; i++) times.push(await run("1 + 1"));
  await run("import os; os._exit(0)").catch(() => undefined);
  await chat.close();
  return times;
}"""


def interpreter(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """From the call to its value, in turns with a bare Pyodide in a worker; then calls of a warm one."""
    ours: list[float] = []
    bare: list[float] = []
    warm: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        # From files, as ours: what a browser has compiled of them it finds again.
        folder = copy_site(Path(scratch))
        shutil.copytree(ROOT / "node_modules" / "pyodide", folder / "stock")
        (folder / "stock" / "bare.mjs").write_text(_BARE)
        with SiteServer(folder, port=0) as stock, visit(browser, stock) as page:
            for number in range(_ROUNDS + 1):
                bare_ms = page.evaluate(_START_BARE, f"{stock.url}stock/bare.mjs")
                start_ms, *calls = page.evaluate(_START_OURS, _WARM)
                if number:  # the first of each compiles what later ones find
                    bare.append(bare_ms)
                    ours.append(start_ms)
                    warm += calls
    yield at_most("interpreter: start ÷ a bare Pyodide", median(ours) / median(bare), "ratio", 1.0)
    yield told("interpreter: start", median(ours), "ms")
    yield at_most("interpreter: a warm call, p95", percentile(warm, 0.95), "ms", 20)
