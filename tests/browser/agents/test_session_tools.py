"""Tools of ours in a conversation of the page: called by a model, kept on the device, shown to the person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conversation import turn
from playwright.sync_api import BrowserContext, Page
from tool_server import result_of, tool_server
from waiting import wait_until

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def page(context: BrowserContext, site: SiteServer) -> Iterator[Page]:
    """A page with a conversation, `chat`, that has all the tools, and whose model calls what it is told."""
    with tool_server() as url:
        page = context.new_page()
        page.goto(site.url)
        wait_until(page, "window.alcove")
        page.evaluate("(baseUrl) => alcove.server.set({ baseUrl, model: 'caller' })", url)
        open_chat(page, "tools: ['calculator', 'clock', 'python', 'storage', 'todo', 'web_fetch']")
        yield page
        page.close()


def open_chat(page: Page, more: str) -> None:
    options = f"{{ provider: 'openai', approvals: 'allow', {more} }}"
    page.evaluate(f"async () => {{ window.chat = await alcove.openSession({options}); }}")


def use(page: Page, tool: str, /, **arguments: Any) -> list[dict[str, Any]]:
    done = turn(page, f"{tool} {json.dumps(arguments)}")
    assert done["error"] is None
    return done["events"]


def test_each_works_in_the_page(page: Page) -> None:
    assert result_of(use(page, "calculator", expression="2^64"))["result"] == "18446744073709551616"
    told = result_of(use(page, "clock", zone="Asia/Tokyo", date="2026-01-01T00:00Z"))
    assert told["date"] == "2026-01-01T09:00+09:00"
    assert result_of(use(page, "todo", action="set", items=["one"]))["left"] == 1
    assert result_of(use(page, "python", code="6 * 7")) == 42


def test_what_is_stored_is_there_for_python_and_after_a_reload(page: Page) -> None:
    use(page, "storage", action="write", name="data.csv", text="a,b\n1,2\n")
    use(page, "storage", action="append", name="data.csv", text="3,4\n")
    assert result_of(use(page, "storage", action="read", name="data.csv"))["text"] == "a,b\n1,2\n3,4\n"
    code = "import csv\nsum(int(row['b']) for row in csv.DictReader(open('data.csv')))"
    assert result_of(use(page, "python", code=code, files=["data.csv"])) == 6
    assert "Nothing is stored" in result_of(use(page, "python", code="1", files=["none.txt"]))

    kept = page.evaluate("chat.id")
    page.reload()
    wait_until(page, "window.alcove")
    # The conversation has its tools again.
    open_chat(page, f"resume: '{kept}'")
    assert result_of(use(page, "storage", action="list")) == {"entries": [{"name": "data.csv", "bytes": 12}]}
    use(page, "storage", action="delete", name="data.csv")
    assert result_of(use(page, "storage", action="list")) == {"entries": []}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"action": "read", "name": "nothing"}, "Nothing is stored"),
        ({"action": "write", "name": "", "text": "x"}, "A name has"),
        ({"action": "write", "name": "x" * 81, "text": "x"}, "A name has"),
        ({"action": "write", "name": "large", "text": "x" * (1 << 20) + "x"}, "1 MB at most"),
    ],
)
def test_what_cannot_be_stored_is_told(page: Page, asked: dict[str, str], said: str) -> None:
    assert said in result_of(use(page, "storage", **asked))


def test_names_that_are_no_file_names_are_names_all_the_same(page: Page) -> None:
    for name in ("../up", "a/b:c*?", "ümlaut 🙂", "CON", "."):
        use(page, "storage", action="write", name=name, text=name)
        assert result_of(use(page, "storage", action="read", name=name))["text"] == name
        use(page, "storage", action="delete", name=name)


def test_files_of_the_person_are_there_for_python_even_in_a_new_one(page: Page) -> None:
    page.evaluate("chat.give(new File(['1,2,3'], 'numbers.csv'), new File(['x'], 'in/a folder'))")
    code = "import os\nsum(map(int, open('numbers.csv').read().split(','))), 'in_a folder' in os.listdir()"
    assert result_of(use(page, "python", code=code)) == "(6, True)"
    use(page, "python", code="import os; os._exit(0)")
    assert result_of(use(page, "python", code="open('numbers.csv').read()")).endswith("'1,2,3'")


def test_a_figure_is_a_picture(page: Page) -> None:
    events = use(page, "python", code="import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.show()")
    (figure,) = [event for event in events if event["type"] == "figure"]
    assert figure["picture"]["media_type"] == "image/png"
    messages = page.evaluate("chat.history()")
    kept = next(message for message in reversed(messages) if message["role"] == "tool")
    assert kept["content"][1]["source"]["data"] == figure["picture"]["data"]


def test_the_web_is_not_read_behind_the_persons_back(page: Page) -> None:
    result = result_of(use(page, "web_fetch", url="http://127.0.0.1:1/"))
    assert "nothing of this device" in result
