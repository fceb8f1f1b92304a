"""The approval card, as a person meets it: what it shows, what does not decide, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import visitor
from conversation import SCRIPTED_PLAN, call_of, mount_scripted_provider, wait_answered
from playwright.sync_api import Browser, Page, expect
from waiting import wait_ready

from build_steps.serve import SiteServer

# The page's own sessions have the tool, and are answered by the provider that calls it.
PREPARE = f"""() => {{
  window.ran = [];
  const tools = [{{ name: "send_mail", description: "Sends.", inputSchema: {{ type: "object" }},
                   execute: (input) => {{ ran.push(input); return "sent"; }} }}];
  const open = alcove.openSession.bind(alcove);
  alcove.openSession = (options) => open({{ ...options, tools, plan: {SCRIPTED_PLAN} }});
}}"""


@pytest.fixture(scope="module")
def prepared(browser: Browser, site: SiteServer) -> Iterator[Page]:
    page = visitor(browser, chats=False).new_page()
    page.goto(site.url)
    wait_ready(page)
    mount_scripted_provider(page)
    page.evaluate(PREPARE)
    yield page
    page.context.close()


@pytest.fixture
def page(prepared: Page) -> Page:
    """A fresh conversation, opened since the test's provider is there."""
    prepared.set_viewport_size({"width": 1280, "height": 800})
    prepared.get_by_test_id("new-chat").click()
    prepared.evaluate("ran.length = 0")
    prepared.get_by_test_id("look-switch").click()
    prepared.get_by_test_id("look-switch").click()
    return prepared


def ask(page: Page, **given: str) -> None:
    page.get_by_test_id("composer").fill(call_of("send_mail", **given))
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("approval")).to_be_visible(timeout=30_000)


def choose(page: Page, option: str) -> None:
    page.locator(f"[data-option='{option}']").click()
    wait_answered(page)


def test_everything_can_be_read_and_the_buttons_stay_within_reach(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, path="\u202egpj.exe\u202c", body="x" * 20_000 + "THE END")
    details = page.get_by_test_id("approval-details")
    expect(details).to_contain_text(r"\u202egpj.exe\u202c")
    expect(details).to_contain_text("THE END")
    assert "\u202e" not in page.get_by_test_id("approval").inner_text()
    for option in page.get_by_test_id("approval-option").all():
        expect(option).to_be_in_viewport(ratio=1)
    details.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "() => { const d = document.querySelector('.approval-details');"
        " return d.scrollTop + d.clientHeight >= d.scrollHeight - 2; }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    choose(page, "Deny")
    assert page.evaluate("ran") == []
    call = page.get_by_test_id("tool-call")
    expect(call.locator(".tool-state")).to_contain_text("you refused it")
    call.locator("summary").click()
    expect(call.locator("pre").first).to_contain_text(r"\u202egpj.exe\u202c")


def test_what_is_typed_before_it_could_be_read_does_not_decide(page: Page) -> None:
    page.evaluate(
        """() => new MutationObserver(() => {
          const option = document.querySelector("[data-testid=approval-option]");
          if (!option || window.tried) return;
          window.tried = [option.disabled, option.contains(document.activeElement)];
          option.click();
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    ask(page, to="x")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("tried") == [True, False]
    expect(page.locator("[data-option='Allow once']")).to_be_enabled()
    expect(page.get_by_test_id("approval")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("ran") == []
    # By the keyboard alone, on purpose: past what the tool is given to the first answer.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-option='Allow once']")).to_be_focused()
    page.keyboard.press("Enter")
    wait_answered(page)
    assert page.evaluate("ran") == [{"to": "x"}]


def test_never_is_never_until_it_is_taken_back(page: Page) -> None:
    ask(page, to="x")
    choose(page, "Never allow")
    state = page.get_by_test_id("tool-call").last.locator(".tool-state")
    expect(state).to_contain_text("never allowed")
    page.get_by_test_id("composer").fill(call_of("send_mail", to="y"))
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-assistant")).to_have_count(2)
    wait_answered(page)
    expect(state).to_contain_text("never allowed")
    assert page.evaluate("ran") == []
    page.get_by_test_id("go-settings").click()
    page.get_by_test_id("settings-tools").click()
    expect(page.get_by_test_id("permission")).to_contain_text("never runs")
    page.get_by_test_id("permission-take-back").click()
    expect(page.get_by_test_id("permission")).to_have_count(0)


def test_an_answer_stands_is_kept_with_the_call_and_can_be_taken_back(page: Page) -> None:
    ask(page, to="x")
    choose(page, "Allow in this conversation")
    state = page.get_by_test_id("tool-call").last.locator(".tool-state")
    expect(state).to_contain_text("allowed in this conversation")
    page.get_by_test_id("composer").fill(call_of("send_mail", to="y"))
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-assistant")).to_have_count(2)
    wait_answered(page)
    assert page.evaluate("ran") == [{"to": "x"}, {"to": "y"}]
    page.reload()
    expect(state).to_contain_text("allowed in this conversation")
    page.get_by_test_id("go-settings").click()
    page.get_by_test_id("settings-tools").click()
    expect(page.get_by_test_id("permission")).to_contain_text("send_mail")
    page.get_by_test_id("permission-take-back").click()
    expect(page.get_by_test_id("permission")).to_have_count(0)
