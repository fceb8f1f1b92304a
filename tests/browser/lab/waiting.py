"""Waiting for what happens, never for time to pass. The pauses between two looks are here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

# A first visit downloads 98 MB and tunes the engine, on two busy cores.
READY_MS = 120_000
_PAUSE_MS = 25
# A look from outside takes four processes: what takes long to come is looked for less often.
_LONGEST_PAUSE_MS = 100

Found = TypeVar("Found")


def wait_for(page: Page, look: Callable[[], Found], what: str, timeout: float = READY_MS) -> Found:
    """
    Waits until `look` gives something true, and returns that; `page` goes on meanwhile.

    Raises AssertionError with `what` was awaited when nothing came in `timeout` milliseconds.
    """
    deadline = time.monotonic() + timeout / 1000
    pause: float = _PAUSE_MS
    while not (found := look()):
        assert time.monotonic() < deadline, f"not true in {timeout / 1000:.0f} s: {what}"
        page.wait_for_timeout(pause)
        pause = min(pause * 1.1, _LONGEST_PAUSE_MS)
    return found


def wait_until(page: Page, expression: str, timeout: float = READY_MS) -> None:
    """Waits until a JavaScript expression holds. Playwright's own waiting needs eval; our CSP forbids it."""
    wait_for(page, lambda: _comes_true(page, expression), expression, timeout)


# Looks from within, for a second at most: the page may be replaced, and its clock may jump.
_COMES_TRUE = """(async () => {{
  const until = performance.now() + 1000;
  while (!({expression})) {{
    if (performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, {pause}));
  }}
  return true;
}})()"""


def _comes_true(page: Page, expression: str) -> bool:
    try:
        return page.evaluate(_COMES_TRUE.format(expression=expression, pause=_PAUSE_MS))
    except PlaywrightError as error:  # the page is just being replaced
        if "context was destroyed" in str(error):
            return False
        raise


def wait_ready(page: Page) -> None:
    """Waits until a conversation is open."""
    wait_until(page, "document.documentElement.dataset.state === 'ready'")
