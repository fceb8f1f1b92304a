"""The Chromium of the tests, what it is started with, and copies of the site to change."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page

from build_steps.headers import ISOLATION
from build_steps.serve import SiteServer

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = Path(__file__).parent / "fixtures"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A graphics card played by the processor, about 1 GFLOP/s.
GPU_FLAGS = ["--enable-unsafe-webgpu"]
ANSWER_MS = 120_000


def chromium_path() -> str | None:
    """The browser that `build.py test` found or installed; None takes Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def visitor(browser: Browser, *, chats: bool = True) -> BrowserContext:
    """
    The browser of somebody who was never here. Where nobody `chats`, the chat's model is not to be had: to
    fetch and load it takes more processor time than all else of a first visit.
    """
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    if not chats:
        context.route("**/models/SmolLM2*", lambda route: route.abort())
    return context


def kill(page: Page) -> None:
    """Ends the tab's process, as a crash would."""
    with suppress(Error):
        page.goto("chrome://crash")
    with suppress(Error):
        page.close()


def end(page: Page, chance: random.Random) -> None:
    """Ends the tab in one of the ways in which tabs end."""
    chance.choice([kill, Page.close, Page.reload])(page)


def open_own_page(page: Page, site: SiteServer, body: str = "") -> None:
    """Goes to a page as a developer has it beside our files: isolated, without our content policy."""
    page.route(
        "**/own.html",
        lambda route: route.fulfill(
            content_type="text/html", headers=ISOLATION, body=f"<!doctype html><title>own</title>{body}"
        ),
    )
    page.goto(site.url + "own.html")


def copy_site(folder: Path) -> Path:
    """A copy of the site to change: replace its files, which are links to the real ones."""
    copy = folder / "site"
    shutil.copytree(ROOT / "dist", copy, copy_function=os.link)
    return copy
