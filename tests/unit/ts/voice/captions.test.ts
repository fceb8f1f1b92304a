import assert from "node:assert/strict";
import { test } from "node:test";
import { writeTranscript } from "../../../../web/sdk/voice/captions.ts";

const transcript = {
  text: "Hello. A <b> & C",
  segments: [
    { text: "Hello.", start: 0.25, end: 1.5 },
    { text: "A <b> & C\n\nwith a gap", start: 3725.5, end: 3725.6 },
  ],
  words: [],
  language: "en",
  seconds: 3730,
  model: "moonshine-tiny-en",
  ms: 12,
};

test("subtitles number their cues and have a comma before the milliseconds", () => {
  assert.equal(
    writeTranscript(transcript, "srt"),
    "1\n00:00:00,250 --> 00:00:01,500\nHello.\n\n2\n01:02:05,500 --> 01:02:06,200\nA <b> & C\nwith a gap\n",
  );
});

test("WebVTT escapes what it would take for markup", () => {
  assert.equal(
    writeTranscript(transcript, "vtt"),
    "WEBVTT\n\n00:00:00.250 --> 00:00:01.500\nHello.\n\n01:02:05.500 --> 01:02:06.200\nA &lt;b&gt; &amp; C\nwith a gap\n",
  );
});

test("text has a line for each segment, and JSON is the transcript", () => {
  assert.match(writeTranscript(transcript, "txt"), /^Hello\.\nA <b> & C/);
  assert.deepEqual(JSON.parse(writeTranscript(transcript, "json")), transcript);
});
