/** Sound of any rate becomes sound of 16,000 samples a second. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resampler } from "../../../../workers/activity/resampler.ts";

const sine = (hertz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate));

function resampled(samples: Float32Array, rate: number, piece = 128): Float32Array {
  const resampler = new Resampler(rate);
  const made: number[] = [];
  for (let at = 0; at < samples.length; at += piece)
    made.push(...resampler.push(samples.subarray(at, at + piece)));
  return Float32Array.from(made);
}

for (const rate of [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]) {
  test(`a tone at ${rate} Hz is the same tone`, () => {
    const made = resampled(sine(1000, rate, 1), rate);
    assert.ok(made.length > 15_900 && made.length <= 16_000, `${made.length} samples`);
    const wanted = sine(1000, 16_000, 1);
    const apart = Math.max(
      ...made.slice(100).map((value, at) => Math.abs(value - (wanted[at + 100] as number))),
    );
    assert.ok(apart < 0.01, `differs by ${apart}`);
  });
}

test("what speech models cannot hear does not come back as something else", () => {
  const made = resampled(sine(15_000, 48_000, 1), 48_000);
  assert.ok(Math.max(...made.slice(100)) < 0.01);
});

test("how it comes in pieces makes no difference", () => {
  const samples = sine(440, 44_100, 1);
  const whole = resampled(samples, 44_100, samples.length);
  for (const piece of [1, 128, 1000]) {
    const made = resampled(samples, 44_100, piece);
    assert.deepEqual(made, whole.slice(0, made.length));
    assert.ok(whole.length - made.length < 2);
  }
});
