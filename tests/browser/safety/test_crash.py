"""A tab that the browser ends while a model is being loaded: the next one does not do the same again."""

from __future__ import annotations

import contextlib

from browsers import visitor
from conversation import ask, wait_answered
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

# A mark stays where its tab says no word more. So that a test may come late, it stays here anyhow.
KEEPS_ITS_MARK = """
const remove = Storage.prototype.removeItem;
Storage.prototype.removeItem = function (key) {
  if (!key.startsWith("alcove-loading") || window.leaving) remove.call(this, key);
};
addEventListener("pagehide", () => { window.leaving = true; }, { capture: true });
"""
MARKS = "Object.keys(localStorage).filter((key) => key.startsWith('alcove-loading')).length"


def loading(context: BrowserContext, site: SiteServer) -> Page:
    """A page in which a model is being loaded, for all that others can tell."""
    page = context.new_page()
    page.add_init_script(KEEPS_ITS_MARK)
    page.goto(site.url)
    wait_until(page, MARKS)
    return page


def test_what_ended_a_tab_is_not_loaded_by_itself(own_browser: Browser, site: SiteServer) -> None:
    context = visitor(own_browser)
    killed = loading(context, site)
    with contextlib.suppress(Error):  # nobody is left to answer
        killed.goto("chrome://crash")
    page = context.new_page()
    page.goto(site.url)
    wait_ready(page)
    offer = page.get_by_test_id("crash-offer")
    expect(offer).to_contain_text("while it loaded SmolLM2 135M Instruct")
    assert page.evaluate("alcove.status.roles") is None
    crash = page.evaluate("alcove.crash()")
    assert crash["model"]["id"] == "smollm2-135m-instruct"
    assert crash["smaller"] is None, "nothing smaller comes with the site"

    # A message does not load it either, and says why.
    page.get_by_test_id("composer").fill("Hi")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("error")).to_contain_text("while SmolLM2 135M Instruct was being loaded")

    page.get_by_test_id("crash-again").click()
    expect(offer).to_have_count(0)
    # What had failed is answered now.
    expect(page.get_by_test_id("message-assistant")).to_have_count(1)
    wait_answered(page)
    expect(ask(page, "What is the capital of France?")).to_contain_text("Paris")
    page.reload()
    wait_ready(page)
    expect(page.get_by_test_id("crash-offer")).to_have_count(0)
    assert page.evaluate("alcove.crash()") is None


def test_a_reload_and_a_neighbour_are_no_crash(own_browser: Browser, site: SiteServer) -> None:
    context = visitor(own_browser)
    page = loading(context, site)
    beside = context.new_page()
    beside.goto(site.url)
    wait_ready(beside)
    assert beside.evaluate("alcove.crash()") is None
    page.reload()
    wait_ready(page)
    assert page.evaluate("alcove.crash()") is None
    page.close(run_before_unload=True)
    wait_until(beside, f"{MARKS} === 0")
    beside.reload()
    wait_ready(beside)
    assert beside.evaluate("alcove.crash()") is None
