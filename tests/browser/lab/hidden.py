"""A tab that nobody looks at: a headless browser shows every tab, so the page is told otherwise."""

from __future__ import annotations

from playwright.sync_api import Page
from waiting import wait_for

# Before the page's own scripts: two minutes (web/sdk/rest.ts) are a tenth of a second, counted as `periods`.
SOON = """
const every = setInterval;
window.periods = 0;
window.setInterval = (task, ms, ...rest) => ms !== 120_000 ? every(task, ms, ...rest)
  : every(() => { periods += 1; task(); }, 100);
"""
_SET = """(state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def hide(page: Page) -> None:
    page.evaluate(_SET, "hidden")


def show(page: Page) -> None:
    page.evaluate(_SET, "visible")


def has_python(page: Page) -> bool:
    return any("python.worker" in worker.url for worker in page.workers)


def rest(page: Page) -> None:
    """Hides the page until its Python rests."""
    hide(page)
    wait_for(page, lambda: not has_python(page), "Python rests")
