/** Where an utterance begins, pauses and ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, FRAME_MS } from "../../../../workers/activity/frame.ts";
import type { ActivityEvent, ListenOptions } from "../../../../workers/activity/protocol.ts";
import { Silero } from "../../../../workers/activity/silero.ts";
import { Utterances } from "../../../../workers/activity/utterances.ts";
import { clip, framesOf, weights } from "./clip.ts";

type Told = Exclude<ActivityEvent, { kind: "frame" }>;

class Ear {
  readonly told: Told[] = [];
  readonly utterances: Utterances;
  #frame = 0;

  constructor(options: ListenOptions = {}) {
    this.utterances = new Utterances(options, (event) => {
      if (event.kind !== "frame") this.told.push(event);
    });
  }

  /** So many milliseconds of it; each frame's samples are its number. */
  hear(ms: number, probability: number): this {
    for (let at = 0; at < Math.round(ms / FRAME_MS); at++) {
      this.utterances.push(new Float32Array(FRAME).fill(this.#frame++), probability, 0.1);
    }
    return this;
  }

  speech(ms: number): this {
    return this.hear(ms, 0.9);
  }

  silence(ms: number): this {
    return this.hear(ms, 0.02);
  }

  get kinds(): string {
    return this.told.map(({ kind }) => kind).join(" ");
  }

  get ended(): Extract<Told, { kind: "ended" }>[] {
    return this.told.filter((event) => event.kind === "ended");
  }
}

test("an utterance has what came before its first word, and not the silence after its last", () => {
  const ear = new Ear().silence(3008).speech(992).silence(2016);
  assert.equal(ear.kinds, "started paused ended");
  const [{ samples, at }] = ear.ended as [Extract<Told, { kind: "ended" }>];
  const before = 3.008 - at;
  assert.ok(before > 0.3 && before < 0.5, `begins ${before} s before the first word`);
  assert.ok(samples.length / 16_000 < 0.5 + 0.992 + 0.25);
  assert.equal(samples[0], Math.round((at * 1000) / FRAME_MS));
});

test("speech at the very start is whole", () => {
  const ear = new Ear().speech(640).silence(2000);
  assert.deepEqual([ear.ended[0]?.at, ear.ended[0]?.samples[0]], [0, 0]);
});

test("a pause is told, and what goes on is the same utterance", () => {
  const ear = new Ear().speech(640).silence(700).speech(640).silence(2000);
  assert.equal(ear.kinds, "started paused resumed paused ended");
  assert.ok((ear.ended[0]?.samples.length ?? 0) / 16_000 > 1.9);
});

test("a hint decides how long a pause may be: 0.4, 0.8 and 1.5 seconds", () => {
  const turns = (pause: number, hint?: boolean) => {
    const ear = new Ear();
    ear.speech(640).silence(384);
    if (hint !== undefined) ear.utterances.hint(hint);
    ear
      .silence(pause - 384)
      .speech(640)
      .silence(2500);
    return ear.ended.length;
  };
  assert.deepEqual(
    [400, 800, 1500].map((pause) => turns(pause)),
    [1, 1, 2],
  );
  assert.deepEqual(
    [400, 800, 1500].map((pause) => turns(pause, true)),
    [1, 2, 2],
  );
  assert.deepEqual(
    [400, 800, 1500].map((pause) => turns(pause, false)),
    [1, 1, 1],
  );
});

test("clicks and what is too short are no utterance", () => {
  assert.equal(new Ear().silence(500).speech(64).silence(2000).kinds, "");
  assert.equal(new Ear().speech(128).silence(2000).kinds, "started dropped");
});

test("silence holds no sound, and a long speech ends", () => {
  const ear = new Ear({ maxSpeechMs: 3200 }).silence(60_000).speech(7000).silence(2000);
  assert.deepEqual(
    ear.ended.map(({ samples }) => samples.length <= 3200 * 16 + FRAME),
    [true, true, true],
  );
});

test("where a long speech is cut nothing is told twice, and nothing is left out", () => {
  const ear = new Ear({ maxSpeechMs: 3200 }).silence(640).speech(9000).silence(2000);
  assert.equal(ear.ended.length, 3);
  for (const [index, { at, samples }] of ear.ended.slice(0, -1).entries()) {
    assert.equal(ear.ended[index + 1]?.at.toFixed(3), (at + samples.length / 16_000).toFixed(3));
  }
});

test("what is held is one utterance, whatever pauses it has, and ends when it is released", () => {
  const ear = new Ear().silence(640);
  ear.utterances.hold();
  ear.speech(640).silence(3000).speech(640).silence(96);
  assert.equal(ear.kinds, "started");
  ear.utterances.release();
  assert.equal(ear.kinds, "started ended");
  ear.utterances.hold();
  ear.silence(1000);
  ear.utterances.release();
  assert.equal(ear.kinds, "started ended started dropped");
});

test("what is cut begins with what is kept of the time before", () => {
  const ear = new Ear().speech(6400);
  ear.utterances.cut();
  assert.equal(ear.speech(640).silence(2000).kinds, "started paused ended");
  assert.ok((ear.ended[0]?.samples.length ?? 0) / 16_000 < 0.45 + 0.64 + 0.25);
});

test("what is forgotten is told no more", () => {
  const ear = new Ear().speech(640);
  ear.utterances.forget();
  assert.equal(ear.silence(2000).kinds, "started");
});

test("a voice that is recorded is one utterance, from its first word to its last", () => {
  const told: ActivityEvent[] = [];
  const utterances = new Utterances({}, (event) => told.push(event));
  const silero = new Silero(weights());
  const samples = new Float32Array(16_000 * 7);
  samples.set(clip(), 16_000);
  for (const frame of framesOf(samples)) utterances.push(frame, silero.probability(frame), 0);
  const [ended, ...more] = told.filter((event) => event.kind === "ended");
  assert.equal(more.length, 0);
  // It begins 0.2 s into the clip.
  assert.ok(ended && ended.at > 0.5 && ended.at < 1.2, String(ended?.at));
});
