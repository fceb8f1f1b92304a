"""The page in the language of its reader, and in another one that is chosen: from right to left too."""

from __future__ import annotations

from browsers import ANSWER_MS
from page_checks import accessibility_problems
from playwright.sync_api import Browser, Page, expect

from build_steps.serve import SiteServer

_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def choose(page: Page, language: str) -> None:
    page.get_by_test_id("go-settings").click()
    page.get_by_test_id("settings-appearance").click()
    page.get_by_test_id(f"language-{language}").check()


def test_a_german_browser_sees_german_and_another_language_keeps_the_draft(
    browser: Browser, site: SiteServer
) -> None:
    context = browser.new_context(locale="de-AT", service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    context.route("**/models/*", lambda route: route.abort())
    page = context.new_page()
    page.goto(site.url)
    html, composer = page.locator("html"), page.get_by_test_id("composer")
    expect(html).to_have_attribute("lang", "de")
    expect(composer).to_have_attribute("placeholder", "Schreib eine Nachricht")
    composer.fill("Noch nicht fertig")

    choose(page, "ar")
    expect(html).to_have_attribute("dir", "rtl")
    expect(html).to_have_attribute("lang", "ar")
    assert accessibility_problems(page) == []
    page.get_by_test_id("go-chat").click()
    expect(composer).to_have_value("Noch nicht fertig")
    expect(composer).to_have_attribute("placeholder", "اكتب رسالة")
    # The sidebar stands where one begins to read.
    assert page.evaluate("document.querySelector('#sidebar').offsetLeft") > 600

    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(html).to_have_attribute("lang", "ar")
    expect(composer).to_have_value("Noch nicht fertig")
    assert page.evaluate(_WIDE) == 0
    page.set_viewport_size({"width": 1280, "height": 800})

    choose(page, "auto")
    expect(html).to_have_attribute("lang", "de")
    expect(html).to_have_attribute("dir", "ltr")
    page.get_by_test_id("go-chat").click()
    expect(composer).to_have_value("Noch nicht fertig")
    context.close()
