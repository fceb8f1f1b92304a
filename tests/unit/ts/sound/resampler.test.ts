/** Sound of any rate becomes sound of 16,000 samples a second. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resampler } from "../../../../workers/sound/resampler.ts";

const sine = (hertz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate));

function resampled(samples: Float32Array, rate: number, piece = 128): Float32Array {
  const resampler = new Resampler(rate, 16_000);
  const made: number[] = [];
  for (let at = 0; at < samples.length; at += piece)
    made.push(...resampler.push(samples.subarray(at, at + piece)));
  return Float32Array.from([...made, ...resampler.flush()]);
}

for (const rate of [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]) {
  test(`a tone at ${rate} Hz is the same tone`, () => {
    const made = resampled(sine(1000, rate, 1), rate);
    assert.ok(Math.abs(made.length - 16_000) <= 1, `${made.length} samples`);
    const wanted = sine(1000, 16_000, 1);
    // At both ends silence stands beside it.
    const apart = Math.max(
      ...made.slice(100, -100).map((value, at) => Math.abs(value - (wanted[at + 100] as number))),
    );
    assert.ok(apart < 0.01, `differs by ${apart}`);
  });
}

test("what speech models cannot hear does not come back as something else", () => {
  const made = resampled(sine(15_000, 48_000, 1), 48_000);
  assert.ok(Math.max(...made.slice(100, -100).map(Math.abs)) < 0.01);
});

test("how it comes in pieces makes no difference", () => {
  const samples = sine(440, 44_100, 1);
  const whole = resampled(samples, 44_100, samples.length);
  for (const piece of [1, 128, 1000, 1777]) assert.deepEqual(resampled(samples, 44_100, piece), whole);
});

test("the same rate is handed through", () => {
  const samples = sine(440, 16_000, 1);
  assert.deepEqual(resampled(samples, 16_000, 1000), samples);
});

test("the filter is worked out once, not for each sample: a page does ten seconds between two frames", (t) => {
  const samples = sine(440, 48_000, 1);
  const resampler = new Resampler(48_000, 16_000);
  const worked = [t.mock.method(Math, "sin"), t.mock.method(Math, "cos")];
  resampler.push(samples);
  assert.deepEqual(
    worked.map(({ mock }) => mock.callCount()),
    [0, 0],
  );
});
