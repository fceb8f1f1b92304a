"""Waiting for what happens, never for time to pass. The one pause between two looks is here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

# A first visit downloads 98 MB and tunes the engine, on two busy cores.
READY_MS = 120_000
_PAUSE_MS = 25

Found = TypeVar("Found")


def wait_for(page: Page, look: Callable[[], Found], what: str, timeout: float = READY_MS) -> Found:
    """
    Waits until `look` gives something true, and returns that; `page` goes on meanwhile.

    Raises AssertionError with `what` was awaited when nothing came in `timeout` milliseconds.
    """
    deadline = time.monotonic() + timeout / 1000
    while not (found := look()):
        assert time.monotonic() < deadline, f"not true in {timeout / 1000:.0f} s: {what}"
        page.wait_for_timeout(_PAUSE_MS)
    return found


def wait_until(page: Page, expression: str, timeout: float = READY_MS) -> None:
    """Waits until a JavaScript expression holds. Playwright's own waiting needs eval; our CSP forbids it."""
    wait_for(page, lambda: _holds(page, expression), expression, timeout)


def _holds(page: Page, expression: str) -> bool:
    try:
        return page.evaluate(f"Boolean({expression})")
    except PlaywrightError as error:  # the page is just being replaced
        if "context was destroyed" in str(error):
            return False
        raise


def wait_ready(page: Page) -> None:
    """Waits until a conversation is open."""
    wait_until(page, "document.documentElement.dataset.state === 'ready'")
