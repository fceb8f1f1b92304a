"""A thousand conversations, a thousand messages, a text of 200 KB: little is drawn, all of it is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import visitor
from long_history import fill
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

MOST_ROWS = 80
MOST_MESSAGES = 80
DRAWN = "document.querySelectorAll('[data-testid^=message-]:is(article)').length"


@pytest.fixture(scope="module")
def history(browser: Browser, site: SiteServer) -> Iterator[BrowserContext]:
    context = visitor(browser)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    fill(page, site, conversations=1_000, messages=1_000)
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(history: BrowserContext, site: SiteServer) -> Page:
    page = history.new_page()
    page.goto(site.url)
    wait_ready(page)
    wait_until(page, "document.querySelector('[data-id=c0]')")
    return page


def settle(page: Page) -> None:
    """Until frames change nothing any more."""
    page.evaluate("""async () => {
        const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
        for (let quiet = 0, shown = ""; quiet < 4; ) {
          await frame();
          const box = document.querySelector(".scroll");
          const now = [box.scrollTop, box.scrollHeight, document.querySelectorAll("*").length].join();
          quiet = now === shown ? quiet + 1 : 0;
          shown = now;
        }
    }""")


def drawn_rows(page: Page) -> list[str]:
    rows = "[...document.querySelectorAll('[data-testid=conversation-item]')].map((row) => row.dataset.id)"
    return page.evaluate(rows)


def scroll_list(page: Page, top: int) -> None:
    page.locator("conversation-list").evaluate("(list, top) => { list.scrollTop = top; }", top)
    settle(page)


def test_the_list_draws_what_is_seen_and_reaches_all(page: Page) -> None:
    assert len(drawn_rows(page)) < MOST_ROWS
    seen: set[str] = set()
    for top in range(0, 42_000, 600):
        scroll_list(page, top)
        rows = drawn_rows(page)
        assert len(rows) < MOST_ROWS
        seen.update(rows)
    assert seen == {f"c{number}" for number in range(1_000)}
    last = page.locator("[data-id=c999]")
    expect(last).to_be_in_viewport()
    # A screen reader hears the place among all of that day.
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize")
    height = page.locator("conversation-list").evaluate("(list) => list.scrollHeight")
    scroll_list(page, 0)
    assert page.locator("conversation-list").evaluate("(list) => list.scrollHeight") == height


def test_the_keyboard_goes_through_the_list(page: Page) -> None:
    scroll_list(page, 0)
    page.locator("[data-id=c3] .conversation-open").focus()
    for number in range(3, 60):
        here = "document.activeElement.closest('[data-id]')?.dataset.id"
        assert page.evaluate(here) == f"c{number}"
        for _ in range(2):  # its name, its menu
            page.keyboard.press("Tab")
    expect(page.locator("[data-id=c60] .conversation-open")).to_be_focused()


def test_a_row_that_is_edited_stays_however_far_one_scrolls(page: Page) -> None:
    scroll_list(page, 20_000)
    row = page.locator("[data-id=c505]")
    row.hover()
    row.get_by_test_id("conversation-more").click()
    page.get_by_test_id("conversation-rename").click()
    field = page.get_by_test_id("conversation-title-field")
    field.fill("A better name")
    scroll_list(page, 0)
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page.locator("h1")).to_have_text("New conversation")
    # It was used now: it stays where its last message puts it.
    wait_until(
        page, "alcove.conversations.list().then((all) => all.some(({ title }) => title === 'A better name'))"
    )


def test_what_is_open_is_scrolled_to(history: BrowserContext, site: SiteServer) -> None:
    page = history.new_page()
    page.goto(f"{site.url}#c=c700")
    expect(page.locator("[data-id=c700] [aria-current=page]")).to_be_in_viewport()
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.close()


def open_long(page: Page) -> None:
    scroll_list(page, 0)
    page.locator("[data-id=c0] .conversation-open").click()
    expect(page.get_by_test_id("message-assistant").last).to_contain_text("Sentence 999")
    settle(page)


def test_a_conversation_opens_at_its_end_and_holds_all_of_its_text(page: Page) -> None:
    open_long(page)
    expect(page.get_by_test_id("message-assistant").last.get_by_test_id("copy")).to_be_in_viewport()
    assert page.evaluate(DRAWN) < MOST_MESSAGES
    text = page.locator("[role=log]").text_content() or ""
    assert all(f"Question {number}?" in text for number in range(0, 1_000, 2))


# A browser that does not do it by itself.
_NO_ANCHORS = """
  const supports = CSS.supports.bind(CSS);
  CSS.supports = (...asked) => asked[0] !== "overflow-anchor" && supports(...asked);
  addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".scroll { overflow-anchor: none; }");
    document.adoptedStyleSheets.push(sheet);
  });
"""


@pytest.mark.parametrize("script", ["", _NO_ANCHORS], ids=["anchored", "not anchored"])
def test_what_is_read_stays_in_its_place_while_others_are_drawn(
    history: BrowserContext, site: SiteServer, script: str
) -> None:
    page = history.new_page()
    page.add_init_script(script)
    page.goto(site.url)
    wait_until(page, "document.querySelector('[data-id=c0]')")
    open_long(page)
    for _ in range(25):
        moved = page.evaluate("""async () => {
            const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
            const box = document.querySelector(".scroll");
            box.scrollTop -= 700;
            await frame();
            const { top, bottom } = box.getBoundingClientRect();
            const isRead = (each) => {
              const at = each.getBoundingClientRect();
              return at.bottom > top && at.top < bottom;
            };
            const read = [...document.querySelectorAll("[role=log] :is(p, pre, li, tr)")].find(isRead);
            if (!read) return null;
            // In the box: a notice above it may come at any time.
            const place = () => read.getBoundingClientRect().top - box.getBoundingClientRect().top;
            const before = place();
            for (let i = 0; i < 12; i++) await frame();
            return read.isConnected ? place() - before : null;
        }""")
        assert moved is not None, "what was read is not drawn, or was drawn anew"
        # A box scrolls by whole pixels.
        assert abs(moved) < 2, f"what was read moved by {moved} pixels"
        assert page.evaluate(DRAWN) < MOST_MESSAGES
    page.close()


def test_home_and_end(page: Page) -> None:
    open_long(page)
    page.locator(".scroll").focus()
    page.keyboard.press("Home")
    first = page.get_by_test_id("message-user").first
    expect(first).to_contain_text("Question 0?")
    expect(first).to_be_in_viewport()
    settle(page)
    assert page.evaluate(DRAWN) < MOST_MESSAGES
    page.keyboard.press("End")
    last = page.get_by_test_id("message-assistant").last.get_by_test_id("copy")
    expect(last).to_be_in_viewport()
    expect(page.get_by_test_id("jump-to-latest")).to_have_count(0)
    page.locator(".scroll").evaluate("(box) => { box.scrollTop = 0; }")
    page.get_by_test_id("jump-to-latest").click()
    expect(last).to_be_in_viewport()
    settle(page)
    expect(last).to_be_in_viewport()


def test_a_selection_is_not_thrown_away(page: Page) -> None:
    open_long(page)
    scroll = "(box, top) => { box.scrollTop = top; }"
    page.locator(".scroll").evaluate(scroll, 30_000)
    settle(page)
    chosen = page.evaluate("""() => {
        const box = document.querySelector(".scroll").getBoundingClientRect();
        const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const read = seen.closest("article");
        getSelection().selectAllChildren(read);
        return `${getSelection()}`;
    }""")
    assert len(chosen) > 20
    page.locator(".scroll").evaluate(scroll, 150_000)
    settle(page)
    assert page.evaluate("`${getSelection()}`") == chosen
    page.evaluate("getSelection().removeAllRanges()")


def paste(page: Page, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.get_by_test_id("composer").focus()
    page.keyboard.press("ControlOrMeta+V")


def test_a_long_text_waits_beside_the_field(page: Page) -> None:
    page.get_by_test_id("new-chat").click()
    lines = [f"Line {number} of a text that goes on and on." for number in range(5_000)]
    text = "\n".join(lines)
    field, chip = page.get_by_test_id("composer"), page.get_by_test_id("long-text")
    field.fill("What is this?")
    paste(page, text)
    expect(chip).to_contain_text("Text of 203,889 characters")
    expect(field).to_have_value("What is this?")
    page.get_by_test_id("remove-long-text").click()
    expect(chip).to_have_count(0)
    paste(page, "a short one")
    expect(field).to_have_value("What is this?a short one")
    paste(page, text)
    # A reload loses nothing.
    page.reload()
    wait_ready(page)
    expect(chip).to_contain_text("What is this?a short one")
    page.get_by_test_id("send").click()
    message = page.get_by_test_id("message-user")
    expect(message).to_have_count(1)
    expect(chip).to_have_count(0)
    slices = message.evaluate(
        "(message) => [...message.querySelectorAll('.slice')].map((one) => one.textContent)"
    )
    assert len(slices) > 20
    assert "\n".join(slices) == f"What is this?a short one\n\n{text}"
