"""A computer that sleeps in mid-answer: all stands still for longer than any silence is allowed to be."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from browsers import CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, Playwright
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

# A step of the engine may be silent for 20 s.
ASLEEP_S = 23


@pytest.fixture
def sleeper(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose renderers can be stopped without stopping anybody else's."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


def renderers(browser: Browser) -> list[int]:
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [process["id"] for process in processes if process["type"] == "renderer"]


def test_an_answer_goes_on_after_a_sleep(sleeper: Browser, site: SiteServer) -> None:
    page = sleeper.new_page()
    page.goto(site.url)
    wait_ready(page)
    page.evaluate(
        """async () => {
          window.heard = "";
          window.outcome = null;
          const chat = await alcove.openSession({ provider: "llamacpp" });
          (async () => {
            for await (const event of chat.send("Write a long story about a lighthouse keeper.")) {
              if (event.type === "text") heard += event.text;
              if (event.type === "end") outcome = event.finishReason;
            }
          })().catch((error) => { outcome = error.code; });
        }"""
    )
    wait_until(page, "heard.length > 40")
    pids = renderers(sleeper)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(ASLEEP_S)  # what is tried here is time itself
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    before = page.evaluate("heard.length")
    wait_until(page, f"outcome || heard.length > {before + 200}")
    assert page.evaluate("outcome") in (None, "stop", "length")
    assert page.evaluate("heard.length") > before
