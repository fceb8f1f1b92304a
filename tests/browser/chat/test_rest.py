"""Python rests in a tab that nobody looks at, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable

from conversation import open_session, said, turn
from hidden import SOON, has_python, hide, rest, show
from playwright.sync_api import Page
from waiting import wait_for, wait_until

CAPITAL = "What is the capital of France?"


def test_a_hidden_tab_gives_its_python_back_and_goes_on_when_it_is_used(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(script=SOON)
    open_session(page)
    turn(page, CAPITAL)
    rest(page)
    assert page.evaluate("alcove.status.phase") == "ready"
    # Used while it is still hidden.
    assert turn(page, "And of Italy?")["error"] is None
    rest(page)
    show(page)
    wait_for(page, lambda: has_python(page), "Python starts again")
    answer = turn(page, "Thank you.")
    assert answer["error"] is None
    assert said(answer)
    users = [m["content"] for m in page.evaluate("chat.history()") if m["role"] == "user"]
    assert users == [CAPITAL, "And of Italy?", "Thank you."]


def test_python_that_works_or_holds_what_is_nowhere_else_does_not_rest(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(script=SOON)
    open_session(page, max_tokens=60)
    hide(page)
    assert turn(page, "Tell me a story.")["error"] is None
    page.evaluate("alcove.python.run('kept = 7\\nkept')")
    wait_until(page, f"periods > {page.evaluate('periods')} + 3")
    assert page.evaluate("alcove.python.run('kept')") == 7
