"""A person without a mouse: goes through the page, says something, looks at what answers, begins anew."""

from __future__ import annotations

from playwright.sync_api import Page, expect

# Where the focus is: its name, whether it can be seen there, and whether it shows.
_FOCUS = """() => {
  const at = document.activeElement;
  const { left, top, right, bottom } = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const ring = (each) => each && getComputedStyle(each).outlineStyle !== "none";
  return {
    name: at.dataset.testid ?? at.ariaLabel ?? at.textContent.trim().slice(0, 40),
    place: ["aside", "header.topbar", ".banners", ".scroll", ".dock"].findIndex((part) => at.closest(part)),
    seen: right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && right > left,
    shows: at.matches(":focus-visible") && (ring(at) || ring(at.closest(".composer"))),
    body: at === document.body,
  };
}"""


def _tab_to(page: Page, name: str, most: int = 80) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUS)["name"] == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


def test_the_focus_goes_through_the_page_in_its_order_and_is_always_seen(talking: Page) -> None:
    talking.locator(".sidebar .tab-link").first.focus()
    stops: list[dict[str, object]] = []
    for _ in range(80):
        talking.keyboard.press("Tab")
        stop = talking.evaluate(_FOCUS)
        if stop["body"]:
            break
        stops.append(stop)
    assert [stop for stop in stops if not (stop["seen"] and stop["shows"])] == []
    places = [stop["place"] for stop in stops]
    assert places == sorted(places), "sidebar, top bar, notices, conversation, composer"  # type: ignore[type-var]
    assert {0, 1, 3, 4} <= set(places), "each has something that can be reached"


def test_a_conversation_is_held_left_and_found_again_by_keys_alone(talking: Page) -> None:
    page = talking
    page.keyboard.press("Control+Shift+Digit2")
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    page.keyboard.press("Control+Shift+Digit1")
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.keyboard.type("good morning")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message-assistant").last).to_contain_text("You said: good morning")
    expect(page.get_by_test_id("composer")).to_be_focused()
    _tab_to(page, "model-button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("model-button")).to_be_focused()
    page.keyboard.press("Control+Shift+KeyO")
    expect(page.get_by_test_id("message-user")).to_have_count(0)
    expect(page.get_by_test_id("composer")).to_be_focused()
    _tab_to(page, "hello")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message-user").last).to_contain_text("good morning")
    expect(page.get_by_test_id("composer")).to_be_focused()
