"""`alcove.speak` with the voice that comes with the site: the real model, under the site's own policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import visitor
from playwright.sync_api import Browser, Page
from waiting import wait_until

from build_steps.serve import SiteServer

_OPEN = """async (url) => {
  window.A = await import(url);
  window.alcove = await A.openAlcove();
  // What was spoken, when each stretch came, and how it ended.
  window.spoken = async (text, options = {}, most = Infinity) => {
    const pieces = [];
    const started = performance.now();
    let error = null;
    try {
      for await (const { samples, ...rest } of alcove.speak(text, options)) {
        const power = samples.reduce((sum, each) => sum + each * each, 0);
        const loudness = Math.sqrt(power / (samples.length || 1));
        const whole = samples.every((each) => Math.abs(each) <= 1);
        pieces.push({ ...rest, count: samples.length, loudness, whole, ms: performance.now() - started });
        if (pieces.length >= most) break;
      }
    } catch ({ code, message }) { error = { code, message }; }
    return { pieces, error, ms: performance.now() - started };
  };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    context = visitor(browser)
    page = context.new_page()
    page.on("console", lambda message: print(message.type, message.text))
    page.goto(site.url + "build.json")
    page.evaluate(_OPEN, site.url + "alcove.js")
    yield page
    context.close()


def test_a_sentence_becomes_sound_in_stretches(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const told = [];
            alcove.addEventListener("status", ({ detail }) => told.push(detail.roles?.voice?.text));
            const text = "Hello there, this is a sentence that is long enough to be cut. Bye!";
            const result = await spoken(text);
            return { ...result, told: [...new Set(told)] };
        }"""
    )
    assert told["error"] is None, told
    pieces = told["pieces"]
    first = [piece for piece in pieces if piece["from"] == 0]
    assert len(first) > 2
    assert {piece["text"] for piece in pieces} == {
        "Hello there, this is a sentence that is long enough to be cut.",
        "Bye!",
    }
    assert [piece["last"] for piece in first] == [False] * (len(first) - 1) + [True]
    assert all(piece["whole"] and piece["sampleRate"] == 22050 for piece in pieces)
    assert first[0]["loudness"] > 0.01
    seconds = sum(piece["count"] for piece in first) / 22050
    assert 2 < seconds < 8
    assert "Downloading Joe (Piper, medium)" in told["told"]


def test_a_stop_and_a_dead_worker_end_it_with_a_word_and_the_next_text_is_spoken(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const stop = new AbortController();
            const long = "This is a sentence that is rather long, and it goes on for a while. ".repeat(40);
            let pieces = 0;
            try {
              for await (const _ of alcove.speak(long, { signal: stop.signal })) {
                if (++pieces === 2) stop.abort();
              }
            } catch ({ code }) { return { code, pieces }; }
        }"""
    )
    assert told == {"code": "cancelled", "pieces": 2}
    page.evaluate(
        """() => {
            const long = "This is a sentence that is rather long, and it goes on for a while. ".repeat(40);
            window.result = spoken(long);
        }"""
    )
    wait_until(page, "alcove.status.roles?.voice === undefined")
    (worker,) = (worker for worker in page.workers if "voice.worker" in worker.url)
    # Not at once: the answer to this call would be lost with the worker.
    worker.evaluate("() => { setTimeout(() => self.close(), 5); }")
    result = page.evaluate("result")
    assert result["error"]["code"] == "engine-crashed", result["error"]

    async_pieces = """(async function* () { yield "Still "; yield "here. And"; yield " well."; })()"""
    after = page.evaluate(f"spoken({async_pieces}, {{ rate: 1.5 }})")
    assert after["error"] is None
    assert {piece["text"] for piece in after["pieces"]} == {"Still here.", "And well."}


def test_what_cannot_be_spoken_is_left_out_and_told(page: Page) -> None:
    result = page.evaluate("spoken('🙂🙂\\n\\n你好，世界。\\n\\n```\\nx = 1\\n```')")
    assert result["error"] is None
    assert [piece["skipped"] for piece in result["pieces"]] == [
        ["an emoji"],
        ["text in Chinese"],
        ["a block of code"],
    ]
    assert page.evaluate("spoken('')")["pieces"] == []
    bad = page.evaluate("spoken('Hello', { voice: 'smollm2-135m-instruct' })")
    assert bad["error"]["code"] == "unsupported"
    joe = page.evaluate("alcove.voices().then((voices) => voices[0])")
    assert joe["id"] == "piper-joe-medium"
    assert joe["here"] is True
