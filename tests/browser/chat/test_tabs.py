"""The ways between the tabs, and a tab whose script cannot be had."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Route, expect

from build_steps.serve import SiteServer


def test_the_keyboard_opens_each_tab_and_its_way_says_how(page: Page) -> None:
    vision = page.get_by_test_id("go-vision")
    expect(vision).to_have_attribute("title", "Vision (Ctrl+Shift+2)")
    expect(vision).to_have_attribute("aria-keyshortcuts", "Control+Shift+2")
    page.get_by_test_id("composer").focus()
    page.keyboard.press("Control+Shift+Digit2")
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    assert page.url.endswith("#vision")
    expect(vision).to_have_attribute("aria-current", "page")
    page.keyboard.press("Control+Shift+Digit1")
    expect(page.get_by_test_id("vision")).to_have_count(0)
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.go_back()
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()


def test_a_tab_whose_script_cannot_be_had_says_so(browser: Browser, site: SiteServer) -> None:
    page = browser.new_page(service_workers="block")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/assets/tab-*.js", refuse)
    page.goto(site.url + "#vision")
    error = page.get_by_test_id("error")
    expect(error).to_contain_text("The Vision tab could not be loaded.")
    assert asked
    page.get_by_test_id("go-chat").click()
    expect(error).to_have_count(0)
    expect(page.get_by_test_id("composer")).to_be_visible()
    page.get_by_test_id("go-vision").click()
    page.unroute("**/assets/tab-*.js")
    page.get_by_test_id("error-action").click()
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    page.context.close()
