"""A database that is full, upgraded or deleted under an open tab, or slow: nothing is lost in silence."""

from __future__ import annotations

import json

from conversation import ask
from echo_server import EchoServer, begin_conversation
from playwright.sync_api import BrowserContext, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...args) {
  if (window.full) throw new DOMException("The disk is full.", "QuotaExceededError");
  return put.apply(this, args);
};
"""
SLOW = """
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...args) {
  const request = open.apply(this, args);
  const listen = request.addEventListener;
  request.addEventListener = (type, listener, ...rest) =>
    listen.call(request, type, type === "success" ? (event) => {
      window.opened = () => listener(event);
      if (window.goOn) listener(event);
    } : listener, ...rest);
  return request;
};
"""


def open_page(context: BrowserContext, site: SiteServer, script: str = "") -> Page:
    page = context.new_page()
    page.add_init_script(script)
    page.goto(site.url)
    wait_ready(page)
    return page


def show(page: Page, site: SiteServer, conversation: str) -> None:
    """Opens the page anew, with a conversation."""
    page.goto("about:blank")
    page.goto(f"{site.url}#c={conversation}")
    wait_until(page, "window.alcove")  # Python is not waited for
    expect(page.get_by_test_id("message-assistant").first).to_be_visible()


def texts(page: Page, conversation: str) -> list[str]:
    record = page.evaluate("(id) => alcove.conversations.get(id)", conversation)
    return [message["content"] for message in record["messages"]]


def begin(
    context: BrowserContext, site: SiteServer, server: EchoServer, script: str = ""
) -> tuple[Page, str]:
    """A page that shows a conversation of one turn, and its id."""
    page = open_page(context, site, script)
    conversation = begin_conversation(page, server.url)
    page.evaluate("(id) => { location.hash = `c=${id}`; }", conversation)
    expect(page.get_by_test_id("message-assistant").first).to_be_visible()
    # Python has read it.
    expect(page.get_by_test_id("model-button")).to_contain_text("talker")
    return page, conversation


def expect_more_is_kept(page: Page, site: SiteServer, conversation: str) -> None:
    ask(page, "more")
    show(page, site, conversation)
    assert texts(page, conversation) == ["hello", "You said: hello", "more", "You said: more"]


def test_no_room_is_told_and_what_was_said_is_kept_when_there_is(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page, conversation = begin(context, site, server, FULL)
    expect(page.get_by_test_id("not-kept")).to_have_count(0)
    page.evaluate("window.full = true")
    ask(page, "more")
    notice = page.get_by_test_id("not-kept")
    expect(notice).to_contain_text("not being kept")
    with page.expect_download() as download:
        page.get_by_test_id("not-kept-export").click()
    exported = json.loads(download.value.path().read_text())
    said = [message["content"] for message in exported["conversations"][0]["messages"]]
    assert said == ["hello", "You said: hello", "more", "You said: more"]
    page.evaluate("window.full = false")
    expect(notice).to_have_count(0)
    show(page, site, conversation)
    assert texts(page, conversation) == said


def test_a_database_that_somebody_upgrades(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page, conversation = begin(context, site, server)
    page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("alcove", 99);
            opening.onsuccess = () => { opening.result.close(); resolve(); };
            opening.onerror = () => reject(opening.error);
        })"""
    )
    expect_more_is_kept(page, site, conversation)


def test_a_database_that_is_deleted_under_the_page(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page, conversation = begin(context, site, server)
    page.evaluate(
        """() => new Promise((resolve, reject) => {
            const deleting = indexedDB.deleteDatabase("alcove");
            deleting.onsuccess = () => resolve();
            deleting.onerror = deleting.onblocked = () => reject(new Error("not deleted"));
        })"""
    )
    page.evaluate("(baseUrl) => alcove.server.set({ baseUrl, model: 'talker' })", server.url)
    expect_more_is_kept(page, site, conversation)


def test_a_slow_database_shows_no_empty_history(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page = open_page(context, site)
    for index in range(3):
        begin_conversation(page, server.url, f"hello {index}")
    page.close()
    slow = context.new_page()
    slow.add_init_script(SLOW)
    slow.goto(site.url)
    expect(slow.get_by_test_id("list-hint")).to_have_text("Opening your conversations…")
    wait_until(slow, "window.opened")
    expect(slow.get_by_test_id("list-hint")).to_have_text("Opening your conversations…")
    slow.evaluate("() => { window.goOn = true; window.opened(); }")
    expect(slow.get_by_test_id("conversation-item")).to_have_count(3)
