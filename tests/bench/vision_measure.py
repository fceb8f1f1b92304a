"""Looking at pictures: `describe` against its engine alone and against RunAnywhere; live captions; memory."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab import ROOT, Figure, SiteServer, at_most, median, peer_page, told
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from runanywhere import runanywhere_files

from build_steps.base import BuildError

from browsers import chromium_path  # isort: skip
from eyes import put_pair  # isort: skip
from hub import Hub  # isort: skip
from scenes import BLUE, RED, camera_flags, square, write_video  # isort: skip
from vision_models import Shape  # isort: skip

# About the model that Alcove ships; random weights never end an answer early: all sides write as much.
SHAPE = Shape(
    image=112, patch=14, vision_width=192, vision_layers=6, text_width=160, text_layers=4, projection=160
)
PROMPT = "Describe what you see briefly."
TOKENS = 16
ROUNDS = 12
WARM_UP = 3

_OPEN = """async ({ url, model, prompt, tokens }) => {
  window.A = await import(url);
  window.alcove = await A.openAlcove();
  await alcove.ready;
  alcove.models.register(model);
  window.eye = await alcove.openVision({ model: model.id });
  const { threads, context } = await eye.ready();
  window.how = { threads, context };
  window.files = await Promise.all(["bench.gguf", "bench-mmproj.gguf"].map(async (name) =>
    (await fetch(`/peer/${name}`)).blob()));
  // A picture that nobody has seen yet, as a camera gives it.
  window.frame = (seed) => {
    const data = new Uint8Array(256 * 192 * 3);
    for (let i = 0; i < data.length; i++) data[i] = (Math.imul(i ^ (seed << 9), 2654435761) >>> 24);
    return { data, width: 256, height: 192 };
  };
  window.sides = { ours: async (picture) =>
    (await eye.describe(picture, prompt, { maxTokens: tokens })).completionTokens };
  window.timed = async (side, picture) => {
    const began = performance.now();
    const tokens = await sides[side](picture);
    return { ms: performance.now() - began, tokens };
  };
  return how;
}"""
_BARE = """async ({ prompt, tokens }) => {
  const { load, bmp } = await import("/peer/bare.js");
  const look = await load(files, how);
  // The picture that wllama gets is the very one that llama.cpp gets from us: cut to a square.
  const square = ({ data, width, height }) => {
    const cut = new Uint8Array(height * height * 3);
    const left = (width - height) >> 1;
    for (let y = 0; y < height; y++) {
      cut.set(data.subarray((y * width + left) * 3, (y * width + left + height) * 3), y * height * 3);
    }
    return { data: cut, width: height, height };
  };
  sides.bare = (picture) => look(bmp(square(picture)), prompt, tokens);
}"""
_RUNANYWHERE = """async ({ prompt, tokens }) => {
  const { load } = await import("/peer/runanywhere.js");
  const look = await load(files);
  sides.runanywhere = (picture) => look(picture, prompt, tokens);
}"""


def vision(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Time a frame: `describe`, wllama alone, RunAnywhere; the same frames and pair, in turns."""
    with _page(browser, site) as page:
        how = {"prompt": PROMPT, "tokens": TOKENS}
        page.evaluate(_BARE, how)
        sides = ["ours", "bare"]
        try:
            page.evaluate(_RUNANYWHERE, how)
            page.evaluate("() => timed('runanywhere', frame(0))")
            sides.append("runanywhere")
        except PlaywrightError as error:
            print(f"RunAnywhere does not run here: {error.message.splitlines()[0]}", flush=True)
        times: dict[str, list[float]] = {side: [] for side in sides}
        tokens: dict[str, list[int]] = {side: [] for side in sides}
        for seed in range(WARM_UP + ROUNDS):  # the browser's compiler works beside the first few
            for side in random.sample(sides, len(sides)):
                got = page.evaluate("([side, seed]) => timed(side, frame(seed))", [side, seed])
                if seed >= WARM_UP:
                    times[side].append(got["ms"])
                    tokens[side].append(got["tokens"])
    each = {side: median(times[side]) for side in sides}
    yield at_most("vision: describe ÷ wllama alone, a frame", each["ours"] / each["bare"], "ratio", 1.05)
    if "runanywhere" in each:
        ratio = each["ours"] / each["runanywhere"]
        yield at_most("vision: describe ÷ RunAnywhere's VLMWorkerBridge", ratio, "ratio", 1.0)
        yield told("vision: RunAnywhere, a frame", each["runanywhere"], "ms")
    for side in sides:
        yield told(f"vision: tokens of an answer, {side}", median(tokens[side]), "tokens")
    yield told("vision: describe, a frame", each["ours"], "ms")
    yield told("vision: wllama alone, a frame", each["bare"], "ms")


def live(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Live captions of the fake camera as fast as they come: frames a second, and what the page suffers."""
    with _camera(browser, site) as page:
        got = page.evaluate(
            """async (tokens) => {
                const camera = new A.VideoCapture();
                await camera.start();
                document.body.append(camera.videoElement);
                const seen = [];
                const view = new A.LiveView({ capture: camera, eye, prompt: "What is it?", intervalMs: 0,
                  maxTokens: tokens, onError: (error) => seen.push(error.message),
                  onCaption: () => seen.push(performance.now()) });
                view.start();
                await new Promise((resolve) => setTimeout(resolve, 5000));
                seen.length = 0;
                let longest = 0;
                const watch = new PerformanceObserver((list) => {
                  longest = Math.max(longest, ...list.getEntries().map(({ duration }) => duration));
                });
                watch.observe({ type: "longtask" });
                await new Promise((resolve) => setTimeout(resolve, 20000));
                view.stop();
                camera.stop();
                return { rate: (seen.length - 1) / (seen.at(-1) - seen[0]) * 1000, longest };
            }""",
            TOKENS,
        )
    yield at_most("vision: longest main-thread task while live (0: none over 50)", got["longest"], "ms", 50)
    yield told("vision: live captions", got["rate"], "frames/s")


def memory(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """What the page and its workers hold after 500 frames, against after 20."""
    with _camera(browser, site, "--enable-blink-features=ForceEagerMeasureMemory") as page:
        held = page.evaluate(
            """async () => {
                const camera = new A.VideoCapture();
                await camera.start();
                let count = 0;
                const held = [];
                for (const until of [20, 500]) {
                  await new Promise((resolve, reject) => {
                    const view = new A.LiveView({ capture: camera, eye, prompt: "What?", intervalMs: 0,
                      maxTokens: 2, onError: reject,
                      onCaption: () => { if (++count === until) { view.stop(); resolve(); } } });
                    view.start();
                  });
                  held.push((await performance.measureUserAgentSpecificMemory()).bytes);
                }
                camera.stop();
                return held;
            }"""
        )
    yield at_most("vision: memory after 500 frames ÷ after 20", held[1] / held[0], "ratio", 1.1)
    yield told("vision: memory after 500 frames", held[1] / 1e6, "MB")


@contextmanager
def _camera(browser: Browser, site: SiteServer, *flags: str) -> Iterator[Page]:
    """A page in a browser of its own, with a camera that shows two scenes in turns."""
    with tempfile.TemporaryDirectory() as folder:
        scenes = [square(RED)] * 20 + [square(BLUE)] * 20
        video = write_video(Path(folder) / "scenes.y4m", scenes)
        launch = browser.browser_type.launch
        own = launch(executable_path=chromium_path(), args=camera_flags(video, *flags))
        try:
            with _page(own, site) as page:
                yield page
        finally:
            own.close()


@contextmanager
def _page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    """A page with the pair loaded as `eye`, and the peers' files under /peer/."""
    files = {"bare.js": ROOT / "tests" / "bench" / "vision_bare.js"}
    try:
        files |= runanywhere_files()
    except BuildError as error:
        print(f"RunAnywhere cannot be had: {error}", flush=True)
    with tempfile.TemporaryDirectory() as folder, Hub() as hub:
        model: dict[str, Any] = put_pair(hub, Path(folder), "bench", SHAPE)
        files |= {path.name: path for path in Path(folder).iterdir()}
        with peer_page(browser, site, files) as page:
            what = {"url": site.url + "alcove.js", "model": model, "prompt": PROMPT, "tokens": TOKENS}
            page.evaluate(_OPEN, what)
            yield page
