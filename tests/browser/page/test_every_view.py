"""Every tab and dialog: what axe finds in both colours and on a phone, and what it cannot see."""

from __future__ import annotations

from page_checks import accessibility_problems
from playwright.sync_api import Page, expect
from waiting import wait_for, wait_until

DESK, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)

# What can be pressed and is smaller than 24 pixels, label included. A link within a sentence may be.
_SMALL = """() => [...document.querySelectorAll(
    "button, a[href], input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !each.closest(".visually-hidden, p a"))
  .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
  .map(([each, { width, height }]) => `${each.outerHTML.slice(0, 120)} is ${width} × ${height}`)"""

# What stands beyond the right edge and cannot be scrolled to.
_BEYOND = """() => [...document.querySelectorAll("main *, dialog *, aside *")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true })
    && !each.closest("[inert], .visually-hidden, [aria-hidden=true]"))
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.outerHTML.slice(0, 120)} ends at ${each.getBoundingClientRect().right}`)"""


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")


def _look(page: Page, view: str) -> list[str]:
    """All that is wrong with what is shown, each with the view and how it was looked at."""
    found: list[str] = []
    for size, colours in ((DESK, "light"), (PHONE, "dark")):
        _resize(page, size)
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]
        # Colours change at once where motion is reduced; axe reads them as they are.
        found += [f"{view}, {colours}: {each}" for each in accessibility_problems(page)]
        found += [f"{view}, {size[0]} wide: {each}" for each in page.evaluate(_SMALL)]
    _resize(page, NARROW)
    found += [f"{view}, {NARROW[0]} wide: {each}" for each in page.evaluate(_BEYOND)]
    _resize(page, DESK)
    return found


def test_every_tab_and_dialog_is_free_of_faults(talking: Page) -> None:
    page = talking
    found = _look(page, "conversation")
    links = page.locator(".sidebar .tab-link")
    for at in range(links.count()):
        links.nth(at).click()
        name = links.nth(at).inner_text()
        wait_until(page, "document.querySelector('.tab:not([hidden]) > *')?.childElementCount > 0")
        if name == "Agents":
            expect(page.get_by_test_id("agent-list")).to_be_visible()
        found += _look(page, name)
    page.get_by_test_id("go-chat").click()
    for opener in ("model-button", "tools", "activity"):
        page.get_by_test_id(opener).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += _look(page, opener)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_test_id(opener)).to_be_focused()
    _resize(page, PHONE)
    for opener, inside in (("open-drawer", "close-drawer"), ("tab-menu-open", "tab-menu")):
        page.get_by_test_id(opener).click()
        expect(page.get_by_test_id(inside)).to_be_visible()
        found += [f"{opener}: {each}" for each in accessibility_problems(page)]
        page.keyboard.press("Escape")
        expect(page.get_by_test_id(opener)).to_be_focused()
    assert not found, "\n".join(found)


# Each live region's text as it changes, from now on.
_LISTEN = """() => {
  window.heard = [];
  const live = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
  new MutationObserver((changes) => {
    const regions = new Set(changes.map(({ target }) =>
      (target.nodeType === 1 ? target : target.parentElement)?.closest(live)));
    for (const region of regions) {
      const text = region?.textContent.trim();
      if (text && region.ariaLive !== "off") heard.push(text);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_an_answer_is_told_once_it_is_there_and_not_while_it_grows(talking: Page) -> None:
    talking.evaluate(_LISTEN)
    talking.get_by_test_id("composer").fill("slow 40")
    talking.keyboard.press("Enter")
    expect(talking.get_by_test_id("stop")).to_be_visible()
    wait_for(talking, lambda: talking.evaluate("heard.some((text) => text.includes('w39'))"), "it is told")
    heard: list[str] = talking.evaluate("heard")
    assert len([text for text in heard if "w1 " in text]) == 1, heard
    assert len(heard) <= 3, heard


def test_a_screen_reader_finds_its_way(talking: Page) -> None:
    expect(talking.get_by_role("complementary")).to_match_aria_snapshot(
        """
        - complementary "Sidebar":
          - navigation "Tabs":
            - link "Chat"
            - link "Vision"
          - button "New conversation"
          - navigation "Conversations":
            - list:
              - listitem:
                - button "hello"
        """,
        timeout=10_000,
    )
    expect(talking.get_by_role("main")).to_match_aria_snapshot(
        """
        - main:
          - heading "hello" [level=1]
          - button /Model/
          - log "Conversation":
            - article "You": hello
            - article "Alcove":
              - paragraph: "You said: hello"
          - button "Attach files"
          - textbox "Message"
          - button "Send" [disabled]
        """,
        timeout=10_000,
    )
