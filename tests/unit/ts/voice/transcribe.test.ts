import assert from "node:assert/strict";
import { test } from "node:test";
import type { Audio } from "../../../../web/sdk/voice/audio.ts";
import { type TranscribeOptions, transcribe } from "../../../../web/sdk/voice/transcribe.ts";
import type { SpeechClient } from "../../../../workers/speech/client.ts";
import { FRAME, type HearArgs, SAMPLE_RATE, type SpeechModel } from "../../../../workers/speech/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const SPEC = {
  id: "ear",
  name: "An ear",
  languages: ["en"],
  pieceSeconds: 15,
} as SpeechModel;

/** Hears a word for each second of loud samples: "w3" for the fourth. Samples are loud where somebody speaks. */
class FakeEars {
  readonly heard: number[] = [];
  fails: AlcoveError[] = [];

  async activity(samples: Float32Array): Promise<Float32Array> {
    return Float32Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, frame) =>
      Math.abs(samples[Math.min(samples.length - 1, frame * FRAME + 1)] as number) > 0.05 ? 0.9 : 0.01,
    );
  }

  async hear({ samples }: HearArgs) {
    const failure = this.fails.shift();
    if (failure) throw failure;
    this.heard.push(samples.length);
    const words = new Set([...samples].filter((each) => each > 0.05).map((each) => Math.round(each * 1000)));
    const text = [...words].map((word) => `w${word}`).join(" ");
    return { text: ` ${text}`, language: "", segments: [], words: [], encodeMs: 1, decodeMs: 1 };
  }
}

/** In each second that is spoken every sample says which it is. */
const speech = (seconds: number, spoken: (second: number) => boolean): Float32Array =>
  Float32Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => {
    const second = Math.floor(i / SAMPLE_RATE);
    return spoken(second) ? (100 + second) / 1000 : 0;
  });

const run = (audio: Audio, options: TranscribeOptions = {}, ears = new FakeEars(), spec = SPEC) =>
  transcribe(audio, options, spec, async () => ears as unknown as SpeechClient);

const words = (seconds: number[]): string => seconds.map((second) => `w${100 + second}`).join(" ");

test("a recording is heard whole, piece by piece, with times", async () => {
  const samples = speech(60, (second) => second % 6 < 4);
  const told: number[] = [];
  const texts: string[] = [];
  const transcript = await run(
    { samples, sampleRate: SAMPLE_RATE },
    { onProgress: ({ seconds }) => told.push(seconds), onText: (text) => texts.push(text) },
  );
  const spoken = Array.from({ length: 60 }, (_, second) => second).filter((second) => second % 6 < 4);
  assert.equal(transcript.text, words(spoken));
  assert.equal(transcript.segments.length, 10);
  assert.ok(Math.abs((transcript.segments[1]?.start ?? 0) - 6) < 0.05);
  assert.equal(transcript.seconds, 60);
  assert.equal(transcript.language, "en");
  assert.equal(told.at(-1), 60);
  assert.equal(texts.at(-1), transcript.text);
  assert.ok(texts.length > 5);
});

test("silence is no words and no failure", async () => {
  const ears = new FakeEars();
  const transcript = await run(
    { samples: new Float32Array(SAMPLE_RATE * 60), sampleRate: SAMPLE_RATE },
    {},
    ears,
  );
  assert.deepEqual([transcript.text, transcript.segments, transcript.language], ["", [], ""]);
  assert.deepEqual(ears.heard, []);
});

test("a stream tells what there is before a sentence ends", async () => {
  const samples = speech(5, (second) => second < 4);
  async function* stream() {
    for (let at = 0; at < samples.length; at += 4000) yield samples.slice(at, at + 4000);
  }
  const texts: string[] = [];
  const transcript = await run(stream(), { onText: (text) => texts.push(text) });
  assert.ok(texts.includes("w100"), texts.join(" | "));
  assert.equal(transcript.text, words([0, 1, 2, 3]));
});

test("an engine that dies is asked once more", async () => {
  const ears = new FakeEars();
  ears.fails = [new AlcoveError("engine-crashed", "It died.")];
  const samples = speech(3, () => true);
  assert.equal((await run({ samples, sampleRate: SAMPLE_RATE }, {}, ears)).text, words([0, 1, 2]));
  ears.fails = [1, 2].map(() => new AlcoveError("engine-crashed", "It died."));
  await assert.rejects(run({ samples, sampleRate: SAMPLE_RATE }, {}, ears), { code: "engine-crashed" });
});

test("a stop ends it between two pieces", async () => {
  const stop = new AbortController();
  const samples = speech(60, (second) => second % 6 < 4);
  const options = { signal: stop.signal, onText: () => stop.abort() };
  await assert.rejects(run({ samples, sampleRate: SAMPLE_RATE }, options), { code: "cancelled" });
});

test("what is no audio is refused by name", async () => {
  const bad: unknown[] = [
    null,
    undefined,
    {},
    { samples: [1, 2], sampleRate: 16_000 },
    { samples: new Float32Array(100), sampleRate: 0 },
    { samples: new Float32Array(100), sampleRate: Number.NaN },
    { samples: new Float32Array(0), sampleRate: 16_000 },
    new Blob([]),
  ];
  for (const audio of bad) await assert.rejects(run(audio as Audio), { code: "bad-request" });
  async function* nothing() {}
  await assert.rejects(run(nothing()), { code: "bad-request" });
});

test("a moment of sound, and numbers that are none, are heard without a failure", async () => {
  for (const samples of [new Float32Array(1).fill(0.5), new Float32Array(40_000).fill(Number.NaN)]) {
    assert.equal((await run({ samples, sampleRate: 16_000 })).text, "");
  }
});

test("a language that the model does not hear, and a translation that it cannot make, are refused", async () => {
  const audio = { samples: speech(1, () => true), sampleRate: SAMPLE_RATE };
  await assert.rejects(run(audio, { language: "de" }), { code: "unsupported" });
  await assert.rejects(run(audio, { translate: true }), { code: "unsupported" });
});

test("a stop ends it while no audio comes, and before a file has been read", {
  timeout: 10_000,
}, async () => {
  const stop = new AbortController();
  async function* silent(): AsyncGenerator<Float32Array> {
    yield speech(1, () => true);
    await new Promise(() => undefined);
  }
  const file = new Blob(["RIFF"]);
  file.slice = () => ({ arrayBuffer: () => new Promise(() => undefined) }) as unknown as Blob;
  const running = [silent(), file].map((audio) => run(audio, { signal: stop.signal }));
  setTimeout(() => stop.abort(), 50);
  for (const each of running) await assert.rejects(each, { code: "cancelled" });
});
