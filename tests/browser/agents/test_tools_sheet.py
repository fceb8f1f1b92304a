"""Choosing a conversation's tools: what each may do, that they work from the next message on, and stay."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from conversation import ask
from echo_server import begin_conversation
from page_checks import accessibility_problems
from playwright.sync_api import Locator, Page, expect
from tool_server import tool_server


def open_sheet(page: Page) -> Locator:
    page.get_by_test_id("tools").click()
    sheet = page.get_by_test_id("tools-sheet")
    expect(sheet).to_be_visible()
    return sheet


def chosen(sheet: Locator) -> list[str]:
    boxes = sheet.get_by_role("switch")
    return [box.get_attribute("data-testid") or "" for box in boxes.all() if box.is_checked()]


@pytest.mark.journey
def test_a_person_chooses_what_a_conversation_may_do(new_page: Callable[..., Page]) -> None:
    with tool_server() as url:
        page = new_page("#vision")
        conversation = begin_conversation(page, url, "nothing {}")
        page.goto(page.url.partition("#")[0] + f"#c={conversation}")
        expect(page.get_by_test_id("message-assistant")).to_contain_text("Done.")
        sheet = open_sheet(page)
        assert chosen(sheet) == []
        row = sheet.locator("li").filter(has_text="Web pages")
        expect(row).to_contain_text("reaches the network")
        expect(row).to_contain_text("asks you first")
        assert accessibility_problems(page) == []
        sheet.get_by_test_id("tool-python").check()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("tools")).to_be_focused()

        code = "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.show()\n6 * 7"
        answer = ask(page, f"python {json.dumps({'code': code})}")
        expect(answer.get_by_test_id("tool-call")).to_have_attribute("data-state", "done")
        expect(answer.get_by_test_id("drawn")).to_be_visible()
        assert answer.get_by_test_id("drawn").evaluate("(image) => image.naturalWidth") == 640

        page.reload()
        expect(page.get_by_test_id("drawn")).to_be_visible()
        expect(page.get_by_test_id("tool-call").last).to_contain_text("python")
        expect(page.get_by_test_id("status-line")).not_to_have_text("")
        page.evaluate("alcove.ready")
        sheet = open_sheet(page)
        expect(sheet.get_by_test_id("tool-python")).to_be_checked()
        sheet.get_by_test_id("tool-python").uncheck()
        page.keyboard.press("Escape")
        answer = ask(page, 'python {"code": "1"}')
        expect(answer.get_by_test_id("tool-call")).to_have_attribute("data-state", "failed")

        # A file that is no picture goes to that tool, which is switched on with it.
        page.get_by_test_id("picture-files").set_input_files(
            {"name": "data.csv", "mimeType": "text/csv", "buffer": b"1,2,39"}
        )
        expect(page.get_by_test_id("attached-file")).to_contain_text("data.csv (1 KB)")
        answer = ask(page, "Here it is.")
        expect(page.get_by_test_id("attached-file")).to_have_count(0)
        expect(page.get_by_test_id("message-user").last).to_contain_text("data.csv")
        code = "sum(map(int, open('data.csv').read().split(',')))"
        answer = ask(page, f"python {json.dumps({'code': code})}")
        expect(answer.get_by_test_id("tool-call")).to_have_attribute("data-state", "done")
        expect(answer.get_by_test_id("tool-call")).to_contain_text("42")
