"""The browser, the sites and the words that every measure uses."""

from __future__ import annotations

import gzip
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from conftest import wait_ready  # noqa: E402

from build_steps.serve import SiteServer  # noqa: E402


@dataclass
class Figure:
    """One measured value; `ok` is None where the value is only reported."""

    name: str
    value: float
    unit: str
    bound: str
    ok: bool | None

    def row(self) -> dict[str, object]:
        return asdict(self)


def at_most(name: str, value: float, unit: str, bound: float) -> Figure:
    return Figure(name, round(value, 3), unit, f"<= {bound:g}", value <= bound)


def at_least(name: str, value: float, unit: str, bound: float) -> Figure:
    return Figure(name, round(value, 3), unit, f">= {bound:g}", value >= bound)


def told(name: str, value: float, unit: str) -> Figure:
    return Figure(name, round(value, 3), unit, "", None)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


median = statistics.median


def rate(said: list[tuple[float, int]]) -> float:
    """Tokens a second after the first piece; a piece is its time in milliseconds and its tokens."""
    tokens = sum(tokens for _, tokens in said[1:])
    return tokens / (said[-1][0] - said[0][0]) * 1000


@contextmanager
def visit(browser: Browser, site: SiteServer, script: str | None = None) -> Iterator[Page]:
    """A page of a new visitor: nothing is cached."""
    context: BrowserContext = browser.new_context(service_workers="block")
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(site.url)
    wait_ready(page)
    yield page
    context.close()


def first_load_bytes(dist: Path) -> int:
    """Gzipped bytes of the scripts that the page loads before it does anything."""
    names: list[str] = json.loads((dist / "build.json").read_text())["firstLoad"]
    return sum(len(gzip.compress((dist / name).read_bytes(), 9)) for name in names)
