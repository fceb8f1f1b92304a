"""The Settings tab, the palette, and the prompts behind "/": what is set reaches what answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conversation import ask
from echo_server import EchoServer, begin_conversation
from page_checks import accessibility_problems, shoot
from playwright.sync_api import Page, expect
from waiting import wait_for

_BEGIN = """async () => {
  const chat = await alcove.openSession({ provider: "openai" });
  for await (const event of chat.send("a new one"));
  await chat.close();
  return (await alcove.conversations.head(chat.id)).sampling ?? null;
}"""
_KEY = """(field, keyCode) => field.dispatchEvent(new KeyboardEvent("keydown",
  { key: "Enter", keyCode, bubbles: true, cancelable: true }))"""
PARTS = ("answers", "instructions", "prompts", "tools", "appearance", "keyboard", "privacy")


def settings_of(request: dict[str, Any]) -> list[object]:
    first = request["messages"][0]
    system = first["content"] if first["role"] == "system" else None
    return [system, request.get("temperature"), request.get("max_tokens")]


def choose(page: Page, typed: str) -> None:
    """Opens the palette, and takes the first thing that is called so."""
    field = page.get_by_test_id("palette-field")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def set_all(page: Page, *, scope: str, style: str, most: str, system: str) -> None:
    page.get_by_test_id("go-settings").click()
    page.get_by_test_id("settings-answers").click()
    page.get_by_test_id(f"scope-{scope}").check()
    page.get_by_test_id(f"style-{style}").check()
    expect(page.get_by_test_id("dial-temperature-value")).not_to_have_text("as the model has it")
    field = page.get_by_test_id("dial-maxTokens")
    field.fill(most)
    field.press("Enter")
    expect(page.get_by_test_id("dial-maxTokens-value")).to_have_text(most)
    page.get_by_test_id("settings-instructions").click()
    page.get_by_test_id("instructions").fill(system)
    expect(page.get_by_test_id("instructions-told")).to_contain_text("Kept.")


def test_what_is_set_reaches_what_answers_in_this_conversation_or_in_new_ones(
    new_page: Callable[..., Page], shared: Page, server: EchoServer
) -> None:
    chat_id = begin_conversation(shared, server.url, "one")
    page = new_page(f"#c={chat_id}")
    ask(page, "two")
    before = settings_of(server.requests[-1])
    set_all(page, scope="this", style="exact", most="64", system="Be brief.")
    for part in PARTS:
        page.get_by_test_id(f"settings-{part}").click()
        expect(page.locator("#settings-title")).to_be_focused()
        assert accessibility_problems(page) == [], part
        shoot(page, f"settings-{part}")
    page.get_by_test_id("go-chat").click()
    ask(page, "three")
    assert settings_of(server.requests[-1]) == ["Be brief.", 0, 64]

    # Another tab shows it, and new conversations do not have it.
    other = new_page(f"#c={chat_id}")
    other.get_by_test_id("go-settings").click()
    other.get_by_test_id("scope-this").check()
    expect(other.get_by_test_id("style-exact")).to_be_checked()
    page.evaluate(_BEGIN)
    assert settings_of(server.requests[-1]) == [before[0], None, None]
    set_all(other, scope="new", style="inventive", most="32", system="Be merry.")
    assert page.evaluate(_BEGIN) == {"temperature": 1.1, "topP": 0.95, "maxTokens": 32}
    assert settings_of(server.requests[-1]) == ["Be merry.", 1.1, 32]
    ask(page, "four")
    assert settings_of(server.requests[-1]) == ["Be brief.", 0, 64]

    page.evaluate("alcove.presets().then((presets) => presets.setDefaults({ system: '', sampling: {} }))")


def test_the_palette_goes_everywhere_by_keys_alone(
    new_page: Callable[..., Page], shared: Page, server: EchoServer
) -> None:
    chat_id = begin_conversation(shared, server.url, "Herons of the delta")
    page = new_page()
    field = page.get_by_test_id("palette-field")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    assert accessibility_problems(page) == []
    shoot(page, "palette")
    # An input method's Enter chooses nothing.
    field.evaluate(_KEY, 229)
    page.keyboard.type("herons delta")
    expect(page.get_by_test_id("palette-item")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)
    expect(page.get_by_test_id("message-user")).to_have_text("Herons of the delta")
    assert page.evaluate("location.hash") == f"#c={chat_id}"
    expect(page.get_by_test_id("composer")).to_be_focused()

    # Escape gives the focus back; arrows choose.
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("composer")).to_be_focused()
    choose(page, "dark colours")
    wait_for(page, lambda: page.evaluate("document.documentElement.dataset.theme") == "dark", "it is dark")
    wait_for(shared, lambda: shared.evaluate("document.documentElement.dataset.theme") == "dark", "so is it")
    choose(page, "as the system")
    choose(page, "privacy")
    expect(page.get_by_role("heading", name="Privacy")).to_be_focused()
    page.keyboard.press("?")
    sheet = page.get_by_test_id("shortcuts-sheet")
    expect(sheet).to_contain_text("New conversation")
    assert accessibility_problems(page) == []
    shoot(page, "shortcuts")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Privacy")).to_be_focused()


def test_a_slash_begins_a_message_with_a_prompt_of_ones_own(
    new_page: Callable[..., Page], server: EchoServer
) -> None:
    page = new_page("#settings/prompts")
    page.get_by_test_id("prompt-add").click()
    page.get_by_test_id("prompt-title").fill("Weather")
    page.get_by_test_id("prompt-text").fill("Tell the weather of")
    page.get_by_test_id("prompt-save").click()
    expect(page.get_by_test_id("prompt")).to_contain_text("Tell the weather of")
    asked = len(server.requests)
    page.keyboard.press("Control+Shift+Digit1")
    composer = page.get_by_test_id("composer")
    expect(composer).to_be_focused()
    page.keyboard.type("/weath")
    expect(page.get_by_test_id("prompt-option")).to_have_count(1)
    assert accessibility_problems(page) == []
    shoot(page, "prompt-menu")
    composer.evaluate(_KEY, 229)
    page.keyboard.press("Enter")
    expect(composer).to_have_value("Tell the weather of")
    expect(page.get_by_test_id("prompt-menu")).to_have_count(0)
    # Escape leaves what is typed as it is, and a slash that means no prompt is only a slash.
    composer.fill("")
    page.keyboard.type("/")
    expect(page.get_by_test_id("prompt-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("prompt-menu")).to_have_count(0)
    page.keyboard.type("etc/hosts")
    expect(composer).to_have_value("/etc/hosts")
    # The Enter that ends a composition in Safari sends nothing.
    composer.evaluate(_KEY, 229)
    expect(page.get_by_test_id("message-user")).to_have_count(0)
    assert len(server.requests) == asked
    page.get_by_test_id("go-settings").click()
    page.get_by_test_id("settings-prompts").click()
    page.get_by_test_id("prompt-delete").click()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("prompt")).to_have_count(0)
