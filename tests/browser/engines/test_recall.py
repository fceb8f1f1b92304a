"""Prompts that need not be computed again: in memory within one visit, from the device after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import copy_site
from llamacpp import SCRIPT_URL, SYSTEM, catalogue_model, complete, load, open_engine, put_before_worker, user
from playwright.sync_api import BrowserContext, Page
from recall import FILES, RESTS_SOON, about_to_keep, forget, kept, turn, turn_and_keep
from waiting import wait_for

from build_steps.serve import SiteServer

BRIEF = "Please be brief. " * 20
FRUIT = [SYSTEM, user("Name a fruit. " + BRIEF)]
RIVER = [SYSTEM, user("Name a river. " + BRIEF)]
GUIDE = {"role": "system", "content": "You are the guide of a museum. " * 12}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    """The site with an engine that does not let us wait until it rests."""
    copy = copy_site(tmp_path_factory.mktemp("recall"))
    put_before_worker(copy, RESTS_SOON)
    with SiteServer(copy) as server:
        yield server


@pytest.fixture
def visit(profile: BrowserContext, site: SiteServer) -> Iterator[Page]:
    """A first visit: nothing is kept."""
    page = open_engine(profile, site)
    forget(page)
    assert load(page, catalogue_model())["error"] is None
    yield page
    if not page.is_closed():
        leave(page)


def leave(page: Page) -> None:
    """Closes the page when the engine writes nothing any more, which the next test would find."""
    about_to_keep(page, hold=True)
    wait_for(page, lambda: not page.evaluate("engine.call('describe', {}).done")["busy"], "the engine rests")
    page.close()


def again(page: Page, profile: BrowserContext, site: SiteServer, **changes: Any) -> Page:
    """Another visit: the page is closed, another one loads the model."""
    leave(page)
    page = open_engine(profile, site)
    assert load(page, catalogue_model() | changes)["error"] is None
    return page


def test_an_earlier_conversation_goes_on_where_it_was(visit: Page) -> None:
    fruit, fruit_tokens, _ = turn(visit, FRUIT)
    river, river_tokens, _ = turn(visit, RIVER)
    _, _, cached = turn(visit, [*fruit, user("And another one?")])
    assert cached >= fruit_tokens - 4
    _, _, cached = turn(visit, [*river, user("And another one?")])
    assert cached >= river_tokens - 4


def test_a_conversation_goes_on_after_a_reload(
    visit: Page, profile: BrowserContext, site: SiteServer
) -> None:
    fruit, tokens = turn_and_keep(visit, FRUIT)
    more = [*fruit, user("And another one?")]
    page = again(visit, profile, site)
    about_to_keep(page, hold=True)  # or it would be writing when it is told to forget
    answer = complete(page, more, max_tokens=8)
    assert answer["usage"]["prompt_tokens_details"]["cached_tokens"] >= tokens - 4
    # What it says does not depend on whether it was computed or read.
    forget(page)
    page = again(page, profile, site)
    fresh = complete(page, more, max_tokens=8)
    assert fresh["usage"]["prompt_tokens_details"]["cached_tokens"] < 40
    assert answer["text"] == fresh["text"]
    leave(page)


def test_a_long_system_prompt_is_not_computed_again(
    visit: Page, profile: BrowserContext, site: SiteServer
) -> None:
    turn_and_keep(visit, [GUIDE, user("Where are the mummies?")])
    page = again(visit, profile, site)
    _, tokens, cached = turn(page, [GUIDE, user("When do you close?")])
    assert cached > 0.7 * tokens
    leave(page)


def test_two_conversations_are_kept(visit: Page, profile: BrowserContext, site: SiteServer) -> None:
    fruit, fruit_tokens = turn_and_keep(visit, FRUIT)
    river, river_tokens = turn_and_keep(visit, RIVER, 2)
    page = again(visit, profile, site)
    for talk, tokens in ((fruit, fruit_tokens), (river, river_tokens), (fruit, fruit_tokens)):
        _, _, cached = turn(page, [*talk, user("And another one?")])
        assert cached >= tokens - 4
    leave(page)


def test_what_is_forgotten_is_gone(visit: Page, profile: BrowserContext, site: SiteServer) -> None:
    fruit, _ = turn_and_keep(visit, FRUIT)
    forget(visit)
    assert kept(visit) == []
    # Nor is it written afterwards, when the engine rests.
    about_to_keep(visit, hold=True)
    turn(visit, RIVER)
    assert about_to_keep(visit)
    forget(visit)
    wait_for(visit, lambda: not about_to_keep(visit), "the engine is not about to keep anything")
    assert visit.evaluate(FILES) == []
    page = again(visit, profile, site)
    assert turn(page, [*fruit, user("And another one?")])[2] < 40
    leave(page)


def test_another_window_is_another_prompt(visit: Page, profile: BrowserContext, site: SiteServer) -> None:
    fruit, _ = turn_and_keep(visit, FRUIT)
    page = again(visit, profile, site, context=1024)
    assert turn(page, [*fruit, user("And another one?")])[2] < 40
    leave(page)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("access.truncate(access.getSize() >> 1)", id="cut"),
        pytest.param("access.write(new Uint8Array(4096).fill(255), { at: 0 })", id="overwritten"),
        pytest.param("access.write(new Uint8Array(64).fill(255), { at: 600 })", id="spoilt"),
    ],
)
def test_a_spoilt_file_only_costs_time(
    visit: Page, profile: BrowserContext, site: SiteServer, harm: str
) -> None:
    fruit, _ = turn_and_keep(visit, FRUIT)
    more = [*fruit, user("And another one?")]
    right = complete(visit, more, max_tokens=8)["text"]
    name = kept(visit)[0].removesuffix(".json")
    code = f"""
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("states");
      const access = await (await folder.getFileHandle("{name}")).createSyncAccessHandle();
      {harm}; access.close(); postMessage("done");
    """
    # Only a worker may write so.
    visit.evaluate(
        f"""(code) => new Promise((resolve) => {{
          const url = URL.createObjectURL(new Blob([`(async () => {{${{code}}}})()`]));
          new Worker({SCRIPT_URL}(url)).onmessage = resolve;
        }})""",
        code,
    )
    page = again(visit, profile, site)
    answer = complete(page, more, max_tokens=8)
    assert answer["error"] is None
    assert answer["usage"]["prompt_tokens_details"]["cached_tokens"] < 40
    assert answer["text"] == right
    leave(page)
