"""What llama.cpp as we compile it takes and how exact it is, against wllama's own wasm and native."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from engine_measure import SIDES, end_sides, engine_files, native_server, smollm2, start_sides
from lab import WLLAMA, Figure, SiteServer, at_most, peer_page, told
from playwright.sync_api import Browser, Page

from conftest import chromium_path  # isort: skip

TEXT = (
    "The history of the lighthouse goes back to the time when fires were lit on hills to guide ships into "
    "port. Later, towers were built so that the light could be seen from farther away, and lenses made it "
    "stronger. Today most of them work without a keeper, and ships find their way by satellite, but people "
    "still love to visit them and to hear the stories that are told about storms, wrecks and rescues."
)
_FIRST = 4
_LIKELIEST = 300
_REQUEST = {"max_tokens": 1, "temperature": 0, "n_probs": _LIKELIEST, "logprobs": _LIKELIEST}


def engine_cost(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Bytes to download, memory after an answer, and log-probabilities of a text against native's."""
    files = engine_files()
    ours = sum(len(gzip.compress(files[name].read_bytes())) for name in ("ours.js", "ours.wasm"))
    stock = len(gzip.compress((WLLAMA / "wasm" / "wllama.wasm").read_bytes()))
    yield at_most("llama.cpp: download (gzip), ÷ wllama's wasm", ours / stock, "ratio", 1.0)
    held = {side: _memory(browser, site, side) for side in SIDES}
    yield at_most("llama.cpp: memory, ÷ wllama's wasm", held["ours"] / held["stock"], "ratio", 1.0)
    yield told("llama.cpp: memory, SmolLM2-135M Q4_1", held["ours"] / 1e6, "MB")
    words = TEXT.split(" ")
    begun = [" ".join(words[:count]) for count in range(_FIRST, len(words))]
    server = native_server(smollm2(), 1)
    tables = {"native": [_table(server.handle_completions({"prompt": text, **_REQUEST})) for text in begun]}
    with peer_page(browser, site, files) as page:
        start_sides(page, [smollm2()], 1)
        for side in SIDES:
            tables[side] = [_table(_likely(page, side, text)) for text in begun]
        end_sides(page)
    sums = dict.fromkeys(tables, 0.0)
    for place, following in enumerate(words[_FIRST:]):
        known = set.intersection(*(set(table[place]) for table in tables.values()))
        token = max(
            (each for each in known if each and f" {following}".startswith(each)), key=len, default=""
        )
        for side in sums:
            sums[side] += tables[side][place].get(token, 0.0)
    for side, bound in (("ours", 0.5), ("stock", None)):
        name = f"llama.cpp: summed log-probability, {side} against native"
        off = abs(100 * (sums[side] / sums["native"] - 1))
        yield told(name, off, "%") if bound is None else at_most(name, off, "%", bound)


def _memory(browser: Browser, site: SiteServer, side: str) -> float:
    """Bytes that a page and its workers hold after an answer, in a browser of its own."""
    flags = ["--enable-blink-features=ForceEagerMeasureMemory"]
    own = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    try:
        with peer_page(own, site, engine_files()) as page:
            start_sides(page, [smollm2()], 2, [side])
            page.evaluate("(side) => sides[side].time('Tell me a story. '.repeat(40), 32)", side)
            return page.evaluate("async () => (await performance.measureUserAgentSpecificMemory()).bytes")
    finally:
        own.close()


def _likely(page: Page, side: str, text: str) -> Any:
    how = {"side": side, "text": text, "count": _LIKELIEST}
    return page.evaluate("({ side, text, count }) => sides[side].likely(text, count)", how)


def _table(reply: Any) -> dict[str, float]:
    """The likeliest next tokens with their logarithms."""
    if "choices" in reply:
        [choice] = reply["choices"]
        first = (choice["logprobs"].get("content") or choice["logprobs"].get("tokens"))[0]
    else:
        first = reply["completion_probabilities"][0]
    return {each["token"]: each["logprob"] for each in first["top_logprobs"]}
