"""Chromium with a software GPU, a site with a small WebLLM model and broken copies of it, and its worker."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from browsers import ROOT
from llamacpp import CALLER, SCRIPT_URL
from playwright.sync_api import Page

from build_steps.serve import SiteServer

TINY = "tiny-chat-webllm"
SYSTEM = {"role": "system", "content": "You are a helpful assistant."}

# The worker, with what may happen to it: `fault` "lose" destroys the device, "none" hides the card, "small"
# leaves no room on it for a buffer of more than `bytes`, "full" fills the disk.
_FAULTY = """
  const adapter = GPUAdapter.prototype;
  const request = adapter.requestDevice;
  let device;
  adapter.requestDevice = async function (...options) {
    device = await request.apply(this, options);
    return device;
  };
  addEventListener("message", ({ data }) => {
    if (data.fault === "lose") device.destroy();
    if (data.fault === "none") navigator.gpu.requestAdapter = async () => null;
    if (data.fault === "small") {
      const { createBuffer, popErrorScope } = GPUDevice.prototype;
      let full = false;
      GPUDevice.prototype.createBuffer = function (wanted) {
        full ||= wanted.size > data.bytes;
        return createBuffer.call(this, wanted);
      };
      GPUDevice.prototype.popErrorScope = async function () {
        const error = await popErrorScope.call(this);
        const told = full ? { message: "no room for this buffer" } : error;
        full = false;
        return told;
      };
    }
    if (data.fault === "full") navigator.storage.estimate = async () => ({ quota: 1e6, usage: 1e6 });
  });
"""


def tiny_chat() -> dict[str, Any]:
    """tiny-chat as the built site knows it."""
    return built_model(TINY)


def built_model(name: str) -> dict[str, Any]:
    """A model of ours as the built site knows it: with the name that its folder got."""
    spec = json.loads((ROOT / "models/catalogue" / f"{name}.json").read_text())
    short = spec["weights"]
    long = str(built_folder(name).relative_to(ROOT / "dist")) + "/"
    return json.loads(json.dumps(spec).replace(f'"{short}', f'"{long}'))


def tiny_folder() -> Path:
    """The built files of tiny-chat."""
    return built_folder(TINY)


def built_folder(name: str) -> Path:
    """The built files of a model of ours."""
    (folder,) = (ROOT / "dist/models/webllm" / name / "resolve").iterdir()
    return folder


class Lab:
    """A copy of the site to which models are added; what it has is linked to the real files."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "site"
        shutil.copytree(ROOT / "dist", self.root, copy_function=os.link)

    def add(
        self, name: str, changes: dict[str, bytes | None] | None = None, of: str = TINY, **facts: Any
    ) -> dict[str, Any]:
        """
        A copy of the model `of` as `name`, described without hashes, as a model of a hub is. `changes`
        replaces files; None leaves one out. `facts` are put into the description.
        """
        folder = self.root / "hub" / name / "resolve" / "main"
        folder.mkdir(parents=True)
        for source in built_folder(of).iterdir():
            if source.suffix in {".json", ".bin", ".wasm"}:
                content = (changes or {}).get(source.name, source.read_bytes())
                if content is not None:
                    (folder / source.name).write_bytes(content)
        weights = f"hub/{name}/resolve/main/"
        library = f"{weights}{of}.wasm"
        return {**built_model(of), "id": name, "weights": weights, "library": library, "files": [], **facts}


def worker_path() -> str:
    built = json.loads((ROOT / "dist/build.json").read_text())["files"]
    return next(name for name in built if name.startswith("assets/webllm.worker-") and name.endswith(".js"))


def start_engine(page: Page, site: SiteServer) -> None:
    """Starts a worker as `window.worker` and its caller as `window.engine`, on a bare page of the site."""
    if page.url != site.url + "build.json":
        page.goto(site.url + "build.json")
    page.evaluate(
        f"""async ([path, faulty]) => {{
          window.worker?.terminate();
          window.base = new URL('.', location.href).href;
          const start = `${{faulty}}; await import("${{base + path}}"); postMessage("ready");`;
          const url = URL.createObjectURL(new Blob([start], {{ type: "text/javascript" }}));
          window.worker = new Worker({SCRIPT_URL}(url), {{ type: "module", name: "engine" + Math.random() }});
          await new Promise((resolve) => worker.addEventListener("message", resolve, {{ once: true }}));
          window.engine = ({CALLER})(worker);
        }}""",
        [worker_path(), _FAULTY],
    )


def call(page: Page, operation: str, **arguments: Any) -> Any:
    """The reply, or the error as {code, message, action}."""
    return page.evaluate(
        "([op, args]) => engine.call(op, { ...args, base }).done.catch((error) => error)",
        [operation, arguments],
    )
