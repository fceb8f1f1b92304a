"""A page that looks: `window.alcove` on an empty page of the site, and random models from a local hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsers import open_own_page, visitor
from hub import Hub
from playwright.sync_api import Browser, Page, Worker
from vision_models import MLP, Shape, file_entry, model_entry, write_pair
from waiting import wait_until

from build_steps.serve import SiteServer

_OPEN = """async (url) => {
  window.A = await import(url);
  window.alcove = await A.openAlcove();
  await alcove.ready;
  window.attempt = async (work) => {
    try { return { value: await work() }; }
    catch ({ name, code, message, action }) { return { name, code, message, action }; }
  };
  // A picture that is another one for each `seed`.
  window.draw = (seed, width = 96, height = 96) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    for (let i = 0; i < 16; i++) {
      const [red, green] = [(seed * 71 + i * 40) % 256, (seed * 29 + i * 90) % 256];
      context.fillStyle = `rgb(${red} ${green} ${(i * 151) % 256})`;
      context.fillRect((i % 4) * width / 4, Math.floor(i / 4) * height / 4, width / 4, height / 4);
    }
    return canvas;
  };
  window.pixelsOf = (canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    return { data, width, height };
  };
}"""


def put_pair(hub: Hub, folder: Path, identifier: str, shape: Shape = MLP, seed: int = 7) -> dict[str, Any]:
    """Puts a random pair on `hub` and describes it as the catalogue does."""
    paths = write_pair(folder, identifier, shape, seed)
    entries: list[dict[str, Any]] = []
    for path in paths:
        name = f"lab/{identifier}/{path.name}"
        hub.files[name] = path.read_bytes()
        entries.append(file_entry(path, hub.address(name)))
    return model_entry(identifier, entries, shape)


@contextmanager
def looking_page(
    browser: Browser, site: SiteServer, models: list[dict[str, Any]], *, own: bool = False
) -> Iterator[Page]:
    """`own`: on a page without our content policy."""
    context = visitor(browser)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    if own:
        open_own_page(page, site)
    else:
        page.goto(site.url + "build.json")
    page.evaluate(_OPEN, site.url + "alcove.js")
    page.evaluate("(models) => models.forEach((model) => alcove.models.register(model))", models)
    yield page
    context.close()


def engine_worker(page: Page) -> Worker:
    """The engine's newest worker: the vision model's, on a page that has no chat model."""
    return [worker for worker in page.workers if "llamacpp.worker" in worker.url][-1]


def kill_engine(page: Page) -> None:
    """Ends it from inside, as a crash of its process would."""
    # Not at once: the answer to this call would be lost with the worker.
    engine_worker(page).evaluate("() => { setTimeout(() => self.close(), 5); }")


def wait_engine(page: Page) -> None:
    wait_until(page, "!alcove.status.vision")


def works(page: Page) -> bool:
    """Whether the page's `eye` answers."""
    result = page.evaluate("() => look(draw(3))")
    return result["completionTokens"] > 0
