"""Several tabs and one engine: who runs it, and what becomes of it when that tab goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsers import visitor
from conversation import open_session, said, turn
from llamacpp import catalogue_model
from playwright.sync_api import Browser, BrowserContext, Error, JSHandle, Page
from waiting import wait_for, wait_ready, wait_until

from build_steps.serve import SiteServer

CAPITAL = "What is the capital of France?"
LONG = "Write a long story about a lighthouse keeper, with many details."
# Generous: what is bounded is that it happens at all, on a busy machine.
HAND_OVER_S = 30

# Starts a turn as `window.answer`, whose events so far are `window.heard`.
_START = """(text) => {
  window.heard = [];
  window.answer = (async () => {
    try {
      for await (const event of chat.send(text)) heard.push(event);
      return null;
    } catch (error) { return error.code; }
  })();
}"""
_LOCKS = "navigator.locks.query().then(({ held }) => held.map(({ name }) => name).sort())"


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    context = visitor(browser)
    yield context
    context.close()


@pytest.fixture
def new_tab(person: BrowserContext, site: SiteServer) -> Callable[[], Page]:
    """A tab with a new conversation, whose answers may be long; one of an earlier test, if it is still there.

    That which runs the engine comes first.
    """
    given: list[Page] = []

    def open_tab() -> Page:
        left = [page for page in person.pages if page not in given]
        page = max(left, key=runs_engine) if left else _open(person, site)
        given.append(page)
        open_session(page, max_tokens=300)
        return page

    return open_tab


def _open(person: BrowserContext, site: SiteServer) -> Page:
    page = person.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.goto(site.url)
    wait_ready(page)
    return page


def engines(page: Page) -> int:
    """How many of llama.cpp's workers there are in all tabs."""
    return sum("llamacpp.worker" in worker.url for tab in page.context.pages for worker in tab.workers)


def runs_engine(page: Page) -> bool:
    return any("llamacpp.worker" in worker.url for worker in page.workers)


def start(page: Page, text: str) -> JSHandle:
    return page.evaluate_handle(_START, text)


def wait_text(page: Page) -> None:
    wait_until(page, "heard.some(({ type }) => type === 'text')")


def outcome(page: Page) -> dict[str, Any]:
    """{code, text} of the turn that was started: the error that ended it, or None."""
    code = page.evaluate("answer")
    text = page.evaluate("heard.filter(({ type }) => type === 'text').map(({ text }) => text).join('')")
    return {"code": code, "text": text}


def model_of(page: Page) -> str:
    """What answered the turn that was started."""
    return page.evaluate("heard.find(({ type }) => type === 'usage').model")


def close(page: Page) -> None:
    page.close()


def crash(page: Page) -> None:
    """Kills the process of the tab."""
    with pytest.raises(Error):
        page.goto("chrome://crash")


def freeze(page: Page) -> None:
    """A page that is seen, as all are here, is never frozen: it is only told so."""
    page.evaluate("document.dispatchEvent(new Event('freeze'))")


def reload(page: Page) -> None:
    page.reload()


def test_two_tabs_have_one_engine_and_take_turns(new_tab: Callable[[], Page]) -> None:
    first, second = new_tab(), new_tab()
    assert "Paris" in said(turn(first, CAPITAL))
    assert "Paris" in said(turn(second, CAPITAL))
    assert engines(first) == 1
    start(first, LONG)
    wait_text(first)
    start(second, CAPITAL)
    wait_until(second, "alcove.status.text === 'Waiting for another answer to end'")
    first.evaluate("chat.cancel()")
    assert outcome(second)["code"] is None
    assert "Paris" in outcome(second)["text"]
    assert outcome(first)["code"] is None
    assert second.evaluate("alcove.status.text") == "Ready"


def test_tabs_with_different_models_take_turns_and_a_model_never_changes_in_mid_answer(
    new_tab: Callable[[], Page],
) -> None:
    first, second = new_tab(), new_tab()
    assert "Paris" in said(turn(first, CAPITAL))
    start(first, LONG)
    wait_text(first)
    second.evaluate(
        """async (model) => {
            alcove.models.register(model);
            window.chat = await alcove.openSession({ model: "twin", provider: "llamacpp" });
        }""",
        {**catalogue_model(), "id": "twin", "name": "Twin"},
    )
    start(second, CAPITAL)
    assert outcome(first)["code"] is None
    assert model_of(first) == "smollm2-135m-instruct"
    assert outcome(second)["code"] is None
    assert model_of(second) == "twin"
    # Without a word to the page: the engine changes by itself.
    start(first, CAPITAL)
    assert outcome(first)["code"] is None
    assert model_of(first) == "smollm2-135m-instruct"
    assert engines(first) == 1


@pytest.mark.parametrize("go", [close, crash, reload, freeze], ids=lambda go: go.__name__)
def test_a_tab_that_goes_hands_over_in_mid_answer(
    new_tab: Callable[[], Page], go: Callable[[Page], None]
) -> None:
    """The answer ends with an error and what was said of it is kept; the conversation goes on in its tab."""
    first, second, third = new_tab(), new_tab(), new_tab()
    assert runs_engine(first)
    turn(third, CAPITAL)
    start(second, LONG)
    wait_text(second)
    began = time.monotonic()
    go(first)
    got = outcome(second)
    assert got["code"] == "engine-crashed"
    assert second.evaluate("chat.history()")[-1]["role"] == "assistant", "what was said is kept"
    wait_for(second, lambda: runs_engine(second) or runs_engine(third), "another tab runs the engine")
    taken = time.monotonic() - began
    print(f"{go.__name__}: taken over after {taken * 1000:.0f} ms")
    assert taken < HAND_OVER_S
    for tab in (second, third):
        answer = turn(tab, CAPITAL)
        assert answer["error"] is None
        assert said(answer)
    assert runs_engine(second) != runs_engine(third)
    first.close()


def test_an_answer_that_had_not_begun_is_asked_again(new_tab: Callable[[], Page]) -> None:
    first, second = new_tab(), new_tab()
    start(first, LONG)
    wait_text(first)
    start(second, CAPITAL)
    wait_until(second, "alcove.status.text === 'Waiting for another answer to end'")
    first.close()
    got = outcome(second)
    assert got["code"] is None
    assert "Paris" in got["text"]


def test_an_engine_goes_on_for_others_when_its_tab_gives_it_up(new_tab: Callable[[], Page]) -> None:
    first, second = new_tab(), new_tab()
    for other in first.context.pages:
        if other not in (first, second):
            other.close()
    start(second, "Tell me a story.")
    wait_text(second)
    first.evaluate("alcove.close()")
    assert outcome(second)["code"] is None
    assert runs_engine(first)
    second.close()
    wait_for(first, lambda: engines(first) == 0, "nobody uses it")
    wait_for(first, lambda: not any("engine" in lock for lock in first.evaluate(_LOCKS)), "no lock is left")
    first.close()


def test_a_tab_that_closes_in_mid_answer_does_not_keep_the_others_waiting(
    new_tab: Callable[[], Page],
) -> None:
    first, second = new_tab(), new_tab()
    turn(first, CAPITAL)
    start(second, LONG)
    wait_text(second)
    second.close()
    answer = turn(first, "And of Italy?")
    assert answer["error"] is None
    assert engines(first) == 1
