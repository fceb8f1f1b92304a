"""
Takes the pictures of docs/screens.md anew: every tab and what stands over one, in both colours, for a desk
and for a phone. Run it with the Python of .venv after `build.py build`; `--to FOLDER` keeps them elsewhere.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser" / "lab")]

from browsers import CHROMIUM_FLAGS, chromium_path  # noqa: E402
from waiting import wait_ready  # noqa: E402

from build_steps.serve import SiteServer  # noqa: E402

DEVICES = {"desk": (1280, 800), "phone": (390, 844)}
# Scaled down they are sharp enough to be read, and small enough to be kept.
_SCALE = {"desk": 0.75, "phone": 0.75}
_MOST_BYTES = 60_000
_QUESTION = "Write a short thank-you note to a neighbour."


def shoot(page: Page, name: str, folder: Path) -> None:
    """Pictures of the page as it is, `NAME-DEVICE-COLOURS.webp`. Raises ValueError for a large one."""
    debugger: Any = page.context.new_cdp_session(page)
    debugger.send("Emulation.setScrollbarsHidden", {"hidden": True})  # as phones have them
    for device, (width, height) in DEVICES.items():
        page.set_viewport_size({"width": width, "height": height})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            page.wait_for_timeout(100)  # the browser draws
            clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": _SCALE[device]}
            shot = debugger.send("Page.captureScreenshot", {"format": "webp", "quality": 78, "clip": clip})
            data = base64.b64decode(shot["data"])
            path = folder / f"{name}-{device}-{colours}.webp"
            if len(data) > _MOST_BYTES:
                raise ValueError(f"{path.name} has {len(data)} bytes, {_MOST_BYTES} at most.")
            path.write_bytes(data)
    debugger.detach()
    page.set_viewport_size({"width": 1280, "height": 800})


# What the open tab says stays as it is: it has come, and whatever it looks for is found.
_RESTS = """async () => {
  const words = () => document.querySelector(".tab:not([hidden]) .scroll")?.innerText;
  for (let [before, same] = [words(), 0]; same < 10; same = words() === before ? same + 1 : 0) {
    before = words();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}"""


def _tabs(page: Page) -> list[str]:
    """Names of the tabs, in their order."""
    links = page.locator(".sidebar .tab-link").all()
    return [str(link.get_attribute("data-testid")).removeprefix("go-") for link in links]


def _answered(page: Page) -> None:
    page.get_by_test_id("go-chat").click()
    page.get_by_test_id("composer").fill(_QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("retry")).to_be_visible(timeout=300_000)


def _models(page: Page) -> None:
    page.get_by_test_id("model-button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


# What is no tab, and how one comes there, in this order.
_STATES: dict[str, Callable[[Page], None]] = {"answer": _answered, "models": _models}


def take(browser: Browser, url: str, folder: Path, wanted: re.Pattern[str]) -> None:
    """Takes those pictures whose names fit `wanted`, as somebody sees the views who was never here before."""
    context = browser.new_context()
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(url)
    wait_ready(page)
    for name in _tabs(page):
        if not wanted.search(name):
            continue
        page.get_by_test_id(f"go-{name}").click()
        page.evaluate(_RESTS)
        shoot(page, name, folder)
    for name, reach in _STATES.items():
        if not wanted.search(name):
            continue
        reach(page)
        shoot(page, name, folder)
    context.close()


def main() -> None:
    """Reads what is asked for and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("names", nargs="?", default="", help="a regular expression; default: all of them")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    site = SiteServer(ROOT / "dist", port=0)
    site.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
            take(browser, site.url, options.to, re.compile(options.names))
            browser.close()
    finally:
        site.stop()


if __name__ == "__main__":
    main()
