"""Hearing in a page: recordings of people, sounds in which nobody speaks, and what goes wrong."""

from __future__ import annotations

import base64
from typing import Any

from clips import BECKETT, RATE, TWO_CITIES, clip, errors, no_speech, wav, words
from playwright.sync_api import Page

# `audio` is a file in base64; what goes wrong is returned as {code, action}.
_TRANSCRIBE = """
async ({ audio, options, stopMs, as }) => {
  const bytes = Uint8Array.from(atob(audio), (each) => each.charCodeAt(0));
  const given = {
    file: () => new Blob([bytes]),
    buffer: () => new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes.buffer),
    stream: async () => {
      const buffer = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes.buffer);
      const samples = buffer.getChannelData(0);
      return (async function* () {
        for (let at = 0; at < samples.length; at += 4800) {
          yield { samples: samples.slice(at, at + 4800), sampleRate: 48000 };
        }
      })();
    },
  };
  const texts = [], progress = [], longest = [0];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest[0] = Math.max(longest[0], duration);
  }).observe({ entryTypes: ["longtask"] });
  const stop = new AbortController();
  if (stopMs !== null) setTimeout(() => stop.abort(), stopMs);
  try {
    const transcript = await alcove.transcribe(await given[as](), {
      ...options,
      signal: stop.signal,
      onText: (text) => texts.push(text),
      onProgress: (each) => progress.push(each),
    });
    return { ...transcript, texts, progress, longest: longest[0] };
  } catch (error) {
    return { code: error.code, action: error.action, detail: error.detail };
  }
}
"""


def transcribe(
    page: Page, audio: bytes, *, stop_ms: float | None = None, given: str = "file", **options: Any
) -> dict[str, Any]:
    arguments = {
        "audio": base64.b64encode(audio).decode(),
        "options": options,
        "stopMs": stop_ms,
        "as": given,
    }
    return page.evaluate(_TRANSCRIBE, arguments)


def test_a_recording_is_written_down_with_its_times(shared: Page) -> None:
    heard = transcribe(shared, clip("beckett"))
    assert "code" not in heard, heard
    assert errors(heard["text"], BECKETT) == 0, heard["text"]
    assert heard["language"] == "en"
    assert heard["model"] == "moonshine-tiny-en"
    times = [time for segment in heard["segments"] for time in (segment["start"], segment["end"])]
    assert times == sorted(times)
    assert times[-1] <= heard["seconds"]
    assert heard["texts"][-1] == heard["text"]
    assert heard["progress"][-1]["seconds"] == heard["progress"][-1]["total"]


def test_a_long_recording_is_cut_at_pauses_and_no_word_is_lost_or_doubled(shared: Page) -> None:
    heard = transcribe(shared, clip("two_cities"))
    assert errors(heard["text"], TWO_CITIES) <= 0.03, heard["text"]
    assert len(heard["segments"]) >= 3
    assert all(segment["end"] - segment["start"] <= 15 for segment in heard["segments"])


def test_samples_as_they_come_are_written_down_while_they_do(shared: Page) -> None:
    heard = transcribe(shared, clip("beckett"), given="stream")
    assert errors(heard["text"], BECKETT) <= 0.2, heard["text"]
    # Something was said before the end.
    assert words(heard["texts"][0]) != words(heard["text"])
    buffered = transcribe(shared, clip("beckett"), given="buffer")
    assert errors(buffered["text"], BECKETT) == 0, buffered["text"]


def test_where_nobody_speaks_nothing_is_heard(shared: Page) -> None:
    for name, samples in no_speech(12).items():
        heard = transcribe(shared, wav(samples))
        assert (heard.get("text"), heard.get("segments")) == ("", []), (name, heard)


def test_what_is_no_audio_is_refused_and_32_channels_are_not(shared: Page) -> None:
    for content in (b"", b"This is no audio." * 100, clip("beckett")[:30], wav([])):
        refused = transcribe(shared, content)
        assert refused["code"] == "bad-request", refused
        assert refused["action"]
    assert transcribe(shared, clip("beckett"), model="nobody")["code"] == "model-not-found"
    assert transcribe(shared, clip("beckett"), language="de")["code"] == "unsupported"
    assert transcribe(shared, clip("beckett"), translate=True)["code"] == "unsupported"
    many = transcribe(shared, wav([0.1, -0.1] * RATE, channels=32))
    assert many["text"] == ""
    assert many["seconds"] == 2


def test_a_stop_is_heard_at_once_and_the_next_recording_is_written_down(shared: Page) -> None:
    assert transcribe(shared, clip("two_cities"), stop_ms=300)["code"] == "cancelled"
    assert errors(transcribe(shared, clip("beckett"))["text"], BECKETT) == 0
