"""On hosts of many kinds, and below a folder: isolated, answering, and the same without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bare_host import bare_host
from browsers import ANSWER_MS, ROOT
from conversation import ask
from hosts import REAL, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waiting import READY_MS, wait_for, wait_ready, wait_until

from build_steps.headers import ISOLATION

CAPITAL = "What is the capital of France?"
BELOW = {"plain": "tools/alcove/", "nginx": "tools/alcove/"}


@pytest.fixture
def guest(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who was never here, in a browser that keeps sites for offline use."""
    context = browser.new_context()
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


def wait_isolated(page: Page) -> None:
    wait_until(page, "crossOriginIsolated")
    wait_ready(page)


@pytest.mark.parametrize("kind", ["plain", *REAL])
def test_a_visit_ends_isolated_and_works_offline(guest: BrowserContext, kind: str) -> None:
    page = guest.new_page()
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    with serve(kind, ROOT / "dist", BELOW.get(kind, "")) as host:
        if kind == "plain":
            # Playwright's every look into a page counts as a person's touch: before the reload there is none.
            with page.expect_event("load", lambda _: len(loads) == 2, timeout=READY_MS):
                page.goto(host.url)
        else:
            page.goto(host.url)
        wait_isolated(page)
        expect(page.get_by_test_id("offline-status")).to_have_text("Works offline")
        gained = page.get_by_test_id("notice").filter(has_text="Alcove adds them on this device")
        expect(gained).to_have_count(1 if kind == "plain" else 0)
        assert len(loads) == (2 if kind == "plain" else 1)
        host.stop.close()
        guest.set_offline(True)
        page.reload()
        wait_until(page, "crossOriginIsolated && document.documentElement.dataset.state === 'offline'")
        expect(ask(page, CAPITAL)).to_contain_text("Paris")
        assert page.evaluate("alcove.capabilities.threads") > 1
        policy = page.evaluate("fetch('./', { cache: 'no-store' }).then((a) => [...a.headers.keys()])")
        assert {"content-security-policy", "cross-origin-resource-policy", "referrer-policy"} <= set(policy)


@pytest.mark.parametrize("sent", ISOLATION)
def test_a_host_that_sends_one_of_two_headers_is_helped_too(guest: BrowserContext, sent: str) -> None:
    page = guest.new_page()
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    with bare_host(ROOT / "dist", {sent: ISOLATION[sent]}) as url:
        with page.expect_event("load", lambda _: len(loads) == 2, timeout=READY_MS):
            page.goto(url)
        wait_isolated(page)
        gained = page.get_by_test_id("notice").filter(has_text="Alcove adds them on this device")
        expect(gained).to_have_count(1)
        assert len(loads) == 2


def test_whoever_writes_already_is_offered_the_reload(guest: BrowserContext) -> None:
    """No reload by itself; none is offered while an answer is written; a forced reload leads to no loop."""
    page = guest.new_page()
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    with serve("plain", ROOT / "dist") as host:
        page.goto(host.url)
        page.get_by_test_id("composer").click()
        page.get_by_test_id("composer").fill("What is")
        offer = page.get_by_test_id("isolation-offer")
        expect(offer).to_be_visible()
        expect(offer).to_contain_text("threads instead of one")
        page.get_by_test_id("composer").press_sequentially(" the capital of France?")
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("stop")).to_be_visible()
        expect(offer).to_have_count(0)
        page.get_by_test_id("stop").click()
        page.get_by_test_id("isolation-reload").click()
        wait_isolated(page)
        assert len(loads) == 2
        expect(page.get_by_test_id("message-user")).to_have_text(CAPITAL)
        expect(page.get_by_test_id("offline-status")).to_have_text("Works offline")

        _reload_past_the_service_worker(page)
        wait_ready(page)
        assert page.evaluate("crossOriginIsolated") is False
        expect(offer).to_be_visible()
        assert len(loads) == 3  # not reloaded by itself
        page.get_by_test_id("isolation-reload").click()
        wait_isolated(page)


def test_a_page_in_a_frame_is_left_alone(guest: BrowserContext) -> None:
    page = guest.new_page()
    with serve("plain", ROOT / "dist") as host:
        page.route("**/outer.html", lambda route: route.fulfill(content_type="text/html", body=FRAMED))
        page.goto(f"{host.url}outer.html")
        frame = wait_for(page, lambda: next(iter(page.frames[1:]), None), "a frame")
        expect(frame.get_by_test_id("offline-status")).to_have_text("Works offline")
        assert frame.get_by_test_id("isolation-offer").count() == 0
        assert frame.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


FRAMED = "<!doctype html><title>outer</title><iframe src='./index.html' width=900 height=600></iframe>"


def _reload_past_the_service_worker(page: Page) -> None:
    """As with Shift held: the browser asks the host, whatever a service worker would say."""
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.reload", {"ignoreCache": True})
    wait_until(page, "!navigator.serviceWorker.controller && !crossOriginIsolated")
    session.detach()
