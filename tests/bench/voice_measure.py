"""The voice: how fast it speaks, and how early a sentence is heard."""

from __future__ import annotations

from collections.abc import Iterator

from lab import Figure, SiteServer, at_most, median, told, visit
from playwright.sync_api import Browser

_ROUNDS = 4
# Milliseconds to the first sound and to the last, and seconds of sound.
_SPEAK = """async (text) => {
  const started = performance.now();
  let first = null;
  let seconds = 0;
  for await (const { samples, sampleRate, last } of alcove.speak(text)) {
    first ??= performance.now() - started;
    if (!last) seconds += samples.length / sampleRate;
  }
  return [first, performance.now() - started, seconds];
}"""
_SENTENCES = (
    "The lighthouse keeper climbed the stairs each evening, and lit the lamp before the sun had gone.",
    "On March 3, 1999, it cost $12.50 to cross the bay, which took about forty minutes in good weather.",
    "Nobody could say how long the old stone bridge had stood there, or who had built it.",
)


def voice(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Sentences spoken one after the other by the voice of the site, on as many threads as it takes."""
    shares: list[float] = []
    factors: list[float] = []
    firsts: list[float] = []
    with visit(browser, site) as page:
        page.evaluate(_SPEAK, "Hello.")  # fetches and opens it
        for sentence in _SENTENCES * _ROUNDS:
            first, whole, seconds = page.evaluate(_SPEAK, sentence)
            shares.append(first / whole)
            factors.append(whole / 1000 / seconds)
            firsts.append(first)
    yield at_most("voice: first sound ÷ whole sentence", median(shares), "ratio", 0.5)
    yield at_most("voice: seconds to speak a second", median(factors), "ratio", 0.6)
    yield told("voice: first sound of a sentence", median(firsts), "ms")
