import assert from "node:assert/strict";
import { test } from "node:test";
import { Resampler } from "../../../../web/sdk/voice/resample.ts";

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

function resample(samples: Float32Array, from: number, to: number, block: number): number[] {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += block)
    out.push(...resampler.push(samples.slice(at, at + block)));
  return [...out, ...resampler.flush()];
}

for (const rate of [8000, 11_025, 22_050, 44_100, 48_000, 96_000]) {
  test(`a tone at ${rate} Hz stays the tone at 16,000 Hz`, () => {
    const got = resample(tone(440, rate, 1), rate, 16_000, rate);
    const wanted = tone(440, 16_000, 1);
    assert.ok(Math.abs(got.length - wanted.length) <= 1, `${got.length} samples`);
    for (let i = 200; i < 15_800; i++) assert.ok(Math.abs((got[i] as number) - (wanted[i] as number)) < 0.01);
  });
}

test("pieces of any size make no seam", () => {
  const samples = tone(700, 44_100, 1);
  const whole = resample(samples, 44_100, 16_000, samples.length);
  const cut = resample(samples, 44_100, 16_000, 1777);
  assert.equal(cut.length, whole.length);
  for (const [i, value] of whole.entries()) assert.ok(Math.abs(value - (cut[i] as number)) < 1e-4);
});

test("what 16,000 Hz cannot hold does not come back as another tone", () => {
  const got = resample(tone(15_000, 48_000, 1), 48_000, 16_000, 4800);
  assert.ok(Math.max(...got.slice(200, -200).map(Math.abs)) < 0.02);
});

test("the same rate is handed through", () => {
  const samples = tone(440, 16_000, 1);
  assert.deepEqual(resample(samples, 16_000, 16_000, 1000), [...samples]);
});
