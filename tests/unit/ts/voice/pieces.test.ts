import assert from "node:assert/strict";
import { test } from "node:test";
import { type Piece, Pieces } from "../../../../web/sdk/voice/pieces.ts";
import { FRAME, SAMPLE_RATE } from "../../../../workers/speech/protocol.ts";

const FRAMES_A_SECOND = SAMPLE_RATE / FRAME;

/** What is spoken when: [from, to] in seconds. */
function activityOf(seconds: number, spoken: [number, number][]): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * FRAMES_A_SECOND) }, (_, frame) => {
    const at = frame / FRAMES_A_SECOND;
    return spoken.some(([from, to]) => at >= from && at < to) ? 0.95 : 0.02;
  });
}

/** Cuts a recording whose samples are their own numbers, given in blocks of `block` frames. */
function cut(activity: Float32Array, most: number, block = 40): Piece[] {
  const pieces = new Pieces(most);
  const found: Piece[] = [];
  for (let frame = 0; frame < activity.length; frame += block) {
    const part = activity.slice(frame, frame + block);
    const samples = Float32Array.from({ length: part.length * FRAME }, (_, i) => frame * FRAME + i);
    found.push(...pieces.push(samples, part));
  }
  return [...found, ...pieces.flush()];
}

/** The numbers of the first and the last sample. */
const range = ({ samples }: Piece): [number, number] => [samples[0] as number, samples.at(-1) as number];

function checkWhole(pieces: Piece[], activity: Float32Array): void {
  const times = new Uint8Array(activity.length * FRAME);
  for (const { samples } of pieces)
    for (const sample of samples) times[sample] = (times[sample] as number) + 1;
  assert.ok(
    times.every((count) => count <= 1),
    "a sample was given twice",
  );
  for (const [frame, likely] of activity.entries()) {
    if (likely > 0.5)
      assert.equal(times[frame * FRAME], 1, `speech at ${frame / FRAMES_A_SECOND} s was left out`);
  }
}

test("silence makes no piece, and neither does a click", () => {
  assert.deepEqual(cut(activityOf(60, []), 15), []);
  assert.deepEqual(cut(activityOf(60, [[20, 20.06]]), 15), []);
});

test("speech that is too faint to be heard makes no piece", () => {
  const pieces = new Pieces(15);
  const activity = activityOf(4, [[1, 3]]);
  const samples = new Float32Array(activity.length * FRAME).fill(0.0001);
  assert.deepEqual([...pieces.push(samples, activity), ...pieces.flush()], []);
});

test("a sentence keeps what is just before and behind it, and its times", () => {
  const [piece, ...rest] = cut(activityOf(8, [[2, 5]]), 15);
  assert.ok(piece && rest.length === 0);
  const [first, last] = range(piece);
  assert.ok(first / SAMPLE_RATE < 1.8 && last / SAMPLE_RATE > 5.2);
  assert.ok(Math.abs(piece.start - 2) < 0.04 && Math.abs(piece.end - 5) < 0.04);
});

test("speech from the first sample to the last is whole", () => {
  const activity = activityOf(3, [[0, 3]]);
  const pieces = cut(activity, 15);
  assert.equal(pieces.length, 1);
  checkWhole(pieces, activity);
});

test("a short pause joins, a long one parts", () => {
  assert.equal(
    cut(
      activityOf(8, [
        [0.5, 2],
        [2.4, 4],
      ]),
      15,
    ).length,
    1,
  );
  assert.equal(
    cut(
      activityOf(12, [
        [0.5, 2],
        [5, 7],
      ]),
      15,
    ).length,
    2,
  );
});

for (const [most, block, seconds] of [
  [15, 640, 600],
  [15, 1, 100],
  [28, 7, 100],
] as const) {
  test(`${seconds} s in pieces of ${most} s, ${block} frames at a time: no speech is lost or doubled`, () => {
    // Sentences of 1 to 40 seconds, and pauses of a tenth to two seconds between them.
    const spoken: [number, number][] = [];
    let seed = 7;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let at = 0.2; at < seconds - 10; ) {
      const end = Math.min(seconds - 1, at + 1 + 39 * random() ** 3);
      spoken.push([at, end]);
      at = end + 0.1 + 1.9 * random();
    }
    const activity = activityOf(seconds, spoken);
    const pieces = cut(activity, most, block);
    checkWhole(pieces, activity);
    for (const { samples } of pieces) assert.ok(samples.length <= most * SAMPLE_RATE);
  });
}

test("what is too long is cut where it is quietest", () => {
  const activity = activityOf(20, [[0, 20]]);
  const dip = Math.round(11 * FRAMES_A_SECOND);
  activity.fill(0.4, dip - 1, dip + 2);
  const pieces = new Pieces(15);
  const [first] = pieces.push(new Float32Array(activity.length * FRAME).fill(0.1), activity);
  assert.ok(first && Math.abs(first.samples.length / FRAME - dip) < 2);
});
