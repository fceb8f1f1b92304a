"""What a prompt costs that was computed before: the engine's worker of the built site, called directly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lab import Figure, SiteServer, at_most, median, told
from playwright.sync_api import Browser, BrowserContext, Page

from llamacpp import SYSTEM, catalogue_model, complete, load, open_engine, user  # isort: skip
from recall import forget, turn_and_keep  # isort: skip

ROUNDS = 3
_LONG = (
    "Here are my notes about the garden: the roses need water, the beans need sun, the shed needs paint. "
    * 20
)
_NEXT = "What should I do first?"


def recall(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Time to first token with some 500 tokens: new, on the next turn, on a return, after a reload."""
    times: dict[str, list[float]] = {}
    tokens = 0
    for number in range(ROUNDS):
        context = browser.new_context(service_workers="block")
        garden = [SYSTEM, user(f"{number} {_LONG}")]
        other = [SYSTEM, user(f"{number} Tell me a story. " * 20)]
        with _visit(context, site) as page:
            forget(page)
            talk, tokens = turn_and_keep(page, garden)
            times.setdefault("first turn", []).append(
                _first_token(page, [SYSTEM, user(f"new {number} {_LONG}")])
            )
            more = [*talk, user(_NEXT)]
            times.setdefault("return to an earlier chat", []).append(_first_token(page, more))
            times.setdefault("next turn", []).append(_first_token(page, [*more[:-1], user("And then?")]))
            turn_and_keep(page, other, 2)
        with _visit(context, site) as page:
            times.setdefault("after a reload", []).append(_first_token(page, more))
        context.close()
    first = median(times["first turn"])
    for name, each in times.items():
        yield told(f"llama.cpp: time to first token, {tokens} tokens, {name}", median(each), "ms")
    for name in ("return to an earlier chat", "after a reload"):
        yield at_most(f"llama.cpp: {name} ÷ first turn", median(times[name]) / first, "ratio", 0.5)


@contextmanager
def _visit(context: BrowserContext, site: SiteServer) -> Iterator[Page]:
    page = open_engine(context, site)
    loaded = load(page, catalogue_model())
    assert loaded["error"] is None, loaded
    yield page
    page.close()


def _first_token(page: Page, messages: list[dict[str, Any]]) -> float:
    return complete(page, messages, max_tokens=4)["usage"]["ttft_ms"]
