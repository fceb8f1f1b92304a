"""Looks at a page as a whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from browsers import ROOT
from playwright.sync_api import Page

_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
  violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)))"""

_PICTURES = os.environ.get("ALCOVE_SCREENSHOTS")


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now, each with the elements that have the problem."""
    # Through the debugger: the page's policy lets no foreign script in.
    debugger: Any = page.context.new_cdp_session(page)
    try:
        debugger.send("Runtime.evaluate", {"expression": _AXE.read_text() + ";0"})
        answer = debugger.send("Runtime.evaluate", {"expression": _RUN, "awaitPromise": True})
    finally:
        debugger.detach()
    return json.loads(answer["result"]["value"])


def shoot(page: Page, name: str) -> None:
    """Pictures for whoever looks at the page, where they are asked for."""
    for scheme in ("light", "dark") if _PICTURES else ():
        for device, width, height in (("desktop", 1280, 800), ("phone", 390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=Path(_PICTURES or "") / f"{name}-{scheme}-{device}.png")
