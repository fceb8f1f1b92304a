"""What llama.cpp as we compile it takes and how exact it is, against wllama's own wasm and native."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from engine_measure import SIDES, end_sides, engine_files, native_server, start_sides
from lab import WLLAMA, Figure, SiteServer, at_most, peer_page, told
from playwright.sync_api import Browser, Page

from browsers import chromium_path  # isort: skip
from llamacpp import model_file  # isort: skip

# The beginning of Alice's Adventures in Wonderland, by Lewis Carroll (1865).
TEXT = (
    "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to "
    "do: once or twice she had peeped into the book her sister was reading, but it had no pictures or "
    "conversations in it, and what is the use of a book, thought Alice, without pictures or "
    "conversations? So she was considering in her own mind (as well as she could, for the hot day made "
    "her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the "
    "trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close "
    "by her. There was nothing so very remarkable in that; nor did Alice think it so very much out of the "
    "way to hear the Rabbit say to itself, Oh dear! Oh dear! I shall be late! But when the Rabbit "
    "actually took a watch out of its waistcoat-pocket, and looked at it, and then hurried on, Alice "
    "started to her feet, for it flashed across her mind that she had never before seen a rabbit with "
    "either a waistcoat-pocket, or a watch to take out of it, and burning with curiosity, she ran across "
    "the field after it."
)
PROGRAMS = ("ours", "simd", "stock")
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
    server = native_server(model_file(), 1)
    tables = {"native": [_table(server.handle_completions({"prompt": text, **_REQUEST})) for text in begun]}
    with peer_page(browser, site, engine_files("simd")) as page:
        start_sides(page, [model_file()], 1, PROGRAMS)
        for side in PROGRAMS:
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
    for side, bound in (("ours", 0.5), ("simd", 0.5), ("stock", None)):
        name = f"llama.cpp: summed log-probability, {side} against native"
        off = abs(100 * (sums[side] / sums["native"] - 1))
        yield told(name, off, "%") if bound is None else at_most(name, off, "%", bound)


def _memory(browser: Browser, site: SiteServer, side: str) -> float:
    """Bytes that a page and its workers hold after an answer, in a browser of its own."""
    flags = ["--enable-blink-features=ForceEagerMeasureMemory"]
    own = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    try:
        with peer_page(own, site, engine_files()) as page:
            start_sides(page, [model_file()], 2, [side])
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
