"""What somebody is told who was never here, once; and what Alcove is beside other programs of the device."""

from __future__ import annotations

from collections.abc import Callable

from hidden import hide, show
from page_checks import accessibility_problems
from playwright.sync_api import Page, expect
from waiting import wait_ready, wait_until

# The system's notifications, and the person who allows them.
_NOTIFICATIONS = """
window.notified = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (Notification.permission = "granted"); }
  constructor(title, options) { notified.push([title, JSON.stringify(options)]); }
  close() { notified.push(["closed"]); }
};
"""


def test_a_newcomer_is_told_once_shown_round_when_they_ask_and_then_left_alone(fresh: Page) -> None:
    welcome = fresh.get_by_test_id("welcome")
    expect(welcome).to_contain_text("in this tab, on your processor")
    expect(welcome).to_contain_text("98 MB")
    expect(welcome).to_contain_text("very small")
    assert accessibility_problems(fresh) == []
    fresh.get_by_test_id("welcome-tour").click()
    for at in range(1, 4):
        expect(fresh.get_by_test_id("tour")).to_contain_text(f"{at} of 3")
        expect(fresh.locator("#tour-title")).to_be_focused()
        assert accessibility_problems(fresh) == []
        fresh.get_by_test_id("tour-next").click()
    expect(fresh.get_by_test_id("tour")).to_have_count(0)
    expect(fresh.get_by_test_id("welcome-tour")).to_be_focused()
    fresh.get_by_test_id("welcome-begin").click()
    expect(fresh.get_by_test_id("composer")).to_be_focused()
    fresh.reload()
    wait_ready(fresh)
    expect(fresh.get_by_test_id("welcome-open")).to_be_visible()
    expect(welcome).to_have_count(0)
    fresh.get_by_test_id("welcome-open").click()
    expect(fresh.get_by_test_id("welcome-begin")).to_be_focused()
    fresh.keyboard.press("Enter")
    expect(welcome).to_have_count(0)


def test_who_missed_a_long_answer_is_asked_and_then_told(talking: Page) -> None:
    talking.evaluate(f"() => {{ {_NOTIFICATIONS} }}")
    for _ in range(2):
        talking.get_by_test_id("composer").fill("slow 110")
        talking.keyboard.press("Enter")
        expect(talking.get_by_test_id("stop")).to_be_visible()
        hide(talking)
        expect(talking.get_by_test_id("stop")).to_have_count(0)
        show(talking)
        if talking.evaluate("Notification.permission") == "default":
            assert talking.evaluate("notified") == []
            talking.get_by_test_id("away-tell").click()
            expect(talking.get_by_test_id("away-tell")).to_have_count(0)
    (title, options), closed = talking.evaluate("notified")
    assert title == "Your answer is ready"
    assert "w1" not in options, "what was said stays in the page"
    assert closed == ["closed"], "whoever is back needs it no more"


def test_what_another_program_shares_is_in_the_composer(new_page: Callable[..., Page]) -> None:
    page = new_page()
    wait_until(page, "navigator.serviceWorker.controller !== null")
    page.evaluate(
        """async () => {
            const form = new FormData();
            form.set("text", "Look at this");
            form.append("files", new File(["a,b"], "table.csv", { type: "text/csv" }));
            await fetch("./share", { method: "POST", body: form, redirect: "manual" });
        }"""
    )
    page.reload()
    expect(page.get_by_test_id("composer")).to_have_value("Look at this")
    expect(page.get_by_test_id("attached-file")).to_contain_text("table.csv")
    expect(page.get_by_test_id("message-user")).to_have_count(0)
