"""A message that is edited, and the ways between what was said, on the page."""

from __future__ import annotations

from collections.abc import Callable

from conversation import ask, wait_answered
from echo_server import EchoServer, begin_conversation
from page_checks import shoot
from playwright.sync_api import Page, expect
from waiting import wait_for


def said(page: Page) -> list[str]:
    return page.locator(
        "[data-testid=message-user], [data-testid=message-assistant] .prose"
    ).all_inner_texts()


def reads(page: Page, *texts: str) -> None:
    wait_for(page, lambda: said(page) == list(texts), f"the page says {texts}", 10_000)


def test_a_message_is_edited_with_keys_alone_and_each_version_can_be_read(
    new_page: Callable[..., Page], shared: Page, server: EchoServer
) -> None:
    chat_id = begin_conversation(shared, server.url, "one")
    page, follower = new_page(f"#c={chat_id}"), new_page(f"#c={chat_id}")
    expect(page.get_by_test_id("message-user")).to_have_text("one")

    # Escape leaves it, and gives the focus back.
    page.get_by_test_id("edit-message").press("Enter")
    field = page.get_by_test_id("edit-field")
    expect(field).to_be_focused()
    expect(field).to_have_value("one")
    shoot(page, "edit")
    field.fill("never sent")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(page.get_by_test_id("edit-message")).to_be_focused()
    reads(page, "one", "You said: one")

    page.get_by_test_id("edit-message").press("Enter")
    field.fill("two")
    field.press("Enter")
    expect(page.get_by_test_id("branch")).to_have_text(["2/2"])
    reads(page, "two", "You said: two")
    # The other tab follows.
    expect(follower.get_by_test_id("message-user")).to_have_text("two")
    expect(follower.get_by_test_id("branch")).to_have_text(["2/2"])

    # An answer that is asked for again keeps the old one.
    page.get_by_test_id("retry").click()
    wait_answered(page)
    expect(page.get_by_test_id("branch")).to_have_text(["2/2", "2/2"])
    shoot(page, "branches")
    page.get_by_test_id("branch-before").first.press("Enter")
    expect(page.get_by_test_id("branch")).to_have_text(["1/2"])
    reads(page, "one", "You said: one")
    expect(follower.get_by_test_id("branch")).to_have_text(["1/2"])
    follower.get_by_test_id("branch-after").click()
    expect(page.get_by_test_id("branch")).to_have_text(["2/2", "2/2"])
    # What goes on goes on from what is read.
    expect(ask(page, "three")).to_contain_text("You said: three")
    reads(page, "two", "You said: two", "three", "You said: three")
    sent = [message["content"] for message in server.requests[-1]["messages"]]
    assert sent[-3:] == ["two", "You said: two", "three"]
    assert "one" not in sent


_LONG = """async ([baseUrl]) => {
    await alcove.server.set({ baseUrl, model: "talker" });
    const plan = { session: { context: { module: "context-alcove", config: { context_window: 1200 } } } };
    const chat = await alcove.openSession({ provider: "openai", plan });
    const heard = [];
    for (let turn = 0; turn < 4; turn++) {
      const text = `${turn}: ` + "word ".repeat(150);
      for await (const event of chat.send(text)) if (event.type === "compaction") heard.push(event.from);
    }
    const kept = (await chat.history()).length;
    await chat.close();
    return { id: chat.id, heard, kept };
}"""


def test_from_where_on_the_model_reads_is_drawn_and_nothing_is_gone(
    new_page: Callable[..., Page], shared: Page, server: EchoServer
) -> None:
    long = shared.evaluate(_LONG, [server.url])
    assert long["kept"] == 8
    assert long["heard"]
    assert all(place % 2 == 0 for place in long["heard"])
    page = new_page(f"#c={long['id']}")
    expect(page.get_by_test_id("message-user")).to_have_count(4)
    expect(page.get_by_test_id("read-from")).to_have_count(0)
    ask(page, "And now?")
    line = page.get_by_test_id("read-from")
    expect(line).to_contain_text("Nothing is lost")
    line.scroll_into_view_if_needed()
    shoot(page, "read-from")
    expect(page.get_by_test_id("message-user")).to_have_count(5)
    # What stands below it was sent, and no more.
    after = line.locator("xpath=following::*[@data-testid='message-user']").count()
    sent = [message for message in server.requests[-1]["messages"] if message["role"] == "user"]
    assert 0 < len(sent) == after < 5
    page.reload()
    expect(line).to_be_attached()
    page.get_by_test_id("read-all").click()
    expect(page.get_by_test_id("models-dialog")).to_be_visible()
