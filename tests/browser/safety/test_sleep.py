"""A computer that sleeps in mid-answer: all stands still for longer than any silence is allowed to be."""

from __future__ import annotations

import os
import signal
import time

from playwright.sync_api import Browser
from renderers import renderers
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

# A step of the engine may be silent for 20 s.
ASLEEP_S = 23


def test_an_answer_goes_on_after_a_sleep(own_browser: Browser, site: SiteServer) -> None:
    page = own_browser.new_page()
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
    pids = renderers(own_browser)
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
