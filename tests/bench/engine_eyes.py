"""Pictures by llama.cpp as we compile it, against wllama's own wasm: same pair, same pictures, in turns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine_measure import SIDES, end_sides, engine_files, start_sides
from lab import ROOT, Figure, SiteServer, at_most, median, peer_page, told
from playwright.sync_api import Browser, Page

from vision_models import Shape, write_pair  # isort: skip

ROUNDS = 6
TOKENS = 8
# The vision half has 21 million parameters, as that of SmolVLM-256M has 93.
_LARGE = Shape(
    image=224, patch=16, vision_width=384, vision_layers=18, text_width=256, text_layers=4, projection=256
)
_OURS = ROOT / "models" / "scene_vlm"

_LOOK = """async ({ side, seed, tokens }) => {
  const { bmp } = await import("/peer/bare.js");
  const [width, height] = [224, 224];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (Math.imul(i ^ (seed << 9), 2654435761) >>> 24);
  return sides[side].look(bmp({ data, width, height }), "What do you see?", tokens);
}"""


def engine_eyes(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Milliseconds a picture: a vision transformer of 21 million parameters, and scene-vlm."""
    with tempfile.TemporaryDirectory() as folder:
        large = list(write_pair(Path(folder), "large", _LARGE))
        ours = [_OURS / "scene-vlm.gguf", _OURS / "scene-vlm-mmproj.gguf"]
        for name, pair, bound in (("21M parameters", large, 0.6), ("scene-vlm", ours, 0.8)):
            files = engine_files() | {"bare.js": ROOT / "tests" / "bench" / "vision_bare.js"}
            with peer_page(browser, site, files) as page:
                times = _in_turns(page, pair)
            each = {side: median(times[side]) for side in SIDES}
            ratio = each["ours"] / each["stock"]
            yield at_most(f"llama.cpp: a picture, {name}, 2 threads, ÷ wllama's wasm", ratio, "ratio", bound)
            yield told(f"llama.cpp: a picture, {name}, 2 threads", each["ours"], "ms")


def _in_turns(page: Page, pair: list[Path]) -> dict[str, list[float]]:
    """Times of each side; the first pictures are left out, for browsers compile beside them."""
    start_sides(page, pair, 2)
    times: dict[str, list[float]] = {side: [] for side in SIDES}
    for seed in range(2 + ROUNDS):
        for side in SIDES:
            took = page.evaluate(_LOOK, {"side": side, "seed": seed, "tokens": TOKENS})
            if seed >= 2:
                times[side].append(took)
    end_sides(page)
    return times
