"""The processes of a browser's pages."""

from __future__ import annotations

from playwright.sync_api import Browser


def renderers(browser: Browser) -> list[int]:
    """Their ids. To be stopped or ended in a browser of the test's own only."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [process["id"] for process in processes if process["type"] == "renderer"]
