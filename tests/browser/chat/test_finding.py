"""The list of conversations in order, in every tab, and a search that opens where its words stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import visitor
from long_history import fill
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def history(browser: Browser, site: SiteServer) -> Iterator[BrowserContext]:
    context = visitor(browser)
    page = context.new_page()
    fill(page, site, conversations=6, messages=120)
    page.close()
    yield context
    context.close()


def opened(history: BrowserContext, site: SiteServer) -> Page:
    page = history.new_page()
    page.goto(site.url)
    wait_ready(page)
    return page


def row(page: Page, conversation: str) -> Locator:
    return page.locator(f"[data-testid=conversation-item][data-id={conversation}]")


def choose(page: Page, conversation: str, *names: str) -> None:
    row(page, conversation).get_by_role("button", name="More for").click()
    for name in names:
        page.get_by_role("menuitem", name=name, exact=True).click()


def test_a_conversation_is_placed_deleted_and_brought_back_in_every_tab(
    history: BrowserContext, site: SiteServer, tmp_path: Path
) -> None:
    page, other = opened(history, site), opened(history, site)
    page.bring_to_front()

    choose(page, "c3", "Pin")
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Pinned")).to_be_visible()
        expect(tab.get_by_test_id("conversation-item").first).to_have_attribute("data-id", "c3")

    choose(page, "c1", "Move to a folder", "New folder")
    page.get_by_role("textbox", name="Name of the folder").fill("Taxes <b>&</b> 📎")
    page.keyboard.press("Enter")
    fold = other.get_by_role("button", name="Taxes <b>&</b> 📎", exact=True)
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(row(other, "c1")).to_have_count(0)
    fold.click()
    expect(row(other, "c1")).to_be_visible()

    choose(page, "c2", "Rename")
    page.get_by_role("textbox", name="Title of the conversation").fill("A better name")
    page.keyboard.press("Enter")
    expect(row(other, "c2")).to_have_text("A better name")

    choose(page, "c4", "Archive")
    expect(row(other, "c4")).to_have_count(0)
    other.get_by_role("button", name="Archived").click()
    expect(row(other, "c4")).to_be_visible()

    choose(page, "c2", "Delete")
    expect(row(other, "c2")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(other, "c2")).to_have_text("A better name")

    page.get_by_role("button", name="More for Taxes").click()
    page.get_by_role("menuitem", name="Remove the folder").click()
    expect(fold).to_have_count(0)
    expect(row(other, "c1")).to_be_visible()

    with page.expect_download() as download:
        choose(page, "c2", "Export", "As JSON, to bring it back")
    text = download.value.path().read_text()
    assert "A better name" in text
    assert '"c5"' not in text
    with page.expect_download() as download:
        choose(page, "c2", "Export", "As Markdown")
    assert download.value.suggested_filename == "A better name.md"
    assert download.value.path().read_text().startswith("# A better name\n\n## You\n\n")
    with page.expect_download() as download:
        choose(page, "c1", "Export", "As a web page")
    file = tmp_path / "page.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="You").first).to_be_visible()
    assert page.locator("script, img, link, button").count() == 0
    page.close()
    other.close()


def test_the_menu_is_reached_by_keys_and_gives_the_focus_back(
    history: BrowserContext, site: SiteServer
) -> None:
    page = opened(history, site)
    row(page, "c5").locator(".conversation-open").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Pin", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, "c5").get_by_role("button", name="More for")).to_be_focused()
    page.close()


# What the browser marks. Not whether it stays in sight: where drawing is slow the thread may go on past it.
_MARKED = """`${[...(CSS.highlights.get("search-hit") ?? [])][0] ?? ""}`"""


def test_a_search_opens_the_conversation_where_the_words_stand(
    history: BrowserContext, site: SiteServer
) -> None:
    page = opened(history, site)
    page.get_by_role("button", name="Search", exact=True).click()
    field = page.get_by_role("combobox", name="Search all conversations")
    expect(field).to_be_focused()
    hits = page.get_by_role("option")
    field.fill("number 4")
    expect(hits.first).to_have_text("Conversation number 4")
    expect(hits.first.locator("mark")).to_have_text(["number", "4"])
    field.fill("(?.*[")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()

    # The first words of a long conversation, which opens at its end.
    field.fill("QUESTION 6?")
    expect(hits.first).to_contain_text("Question 6?")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("conversation-search")).to_have_count(0)
    found = page.locator(".message").filter(has_text="Question 6?")
    expect(found).to_be_focused()
    wait_until(page, f"{_MARKED} === 'Question'")

    # In the conversation that is open, from the palette; words that Markdown parts in the second hit of two.
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("search all")
    page.keyboard.press("Enter")
    field.fill("says something thing95")
    expect(hits).not_to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    wait_until(page, f"/^(says|something|thing95)$/.test({_MARKED})")
    expect(page.locator(".message:focus")).to_contain_text("thing95")
    page.close()
