/** The network is Silero's: what onnxruntime says of the same sound stands in times.json. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Silero } from "../../../../workers/activity/silero.ts";
import { clip, framesOf, here, weights } from "./clip.ts";

const expected = JSON.parse(here("times.json").toString()) as number[];

/** The same numbers on every run, from -1 to 1. */
function noise(length: number): Float32Array<ArrayBuffer> {
  let seed = 1;
  return Float32Array.from({ length }, () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647) * 2 - 1;
  });
}

const heard = (silero: Silero, samples: Float32Array<ArrayBuffer>): number[] =>
  [...framesOf(samples)].map((frame) => silero.probability(frame));

test("it says of every frame what onnxruntime says", () => {
  const silero = new Silero(weights());
  const said = heard(silero, clip());
  assert.equal(said.length, expected.length);
  const apart = Math.max(...said.map((value, at) => Math.abs(value - (expected[at] as number))));
  assert.ok(apart < 1e-5, `differs by ${apart}`);
  assert.ok(Math.max(...said) > 0.9 && Math.min(...said) < 0.1);
});

test("what was heard before is forgotten when asked", () => {
  const silero = new Silero(weights());
  const first = heard(silero, clip().slice(0, 16_000));
  silero.reset();
  assert.deepEqual(heard(silero, clip().slice(0, 16_000)), first);
});

test("silence, noise, hum, clicks and a chord are no speech", () => {
  const length = 80_000;
  const tone = (...frequencies: number[]) =>
    Float32Array.from({ length }, (_, at) =>
      frequencies.reduce((sum, hertz) => sum + 0.05 * Math.sin((2 * Math.PI * hertz * at) / 16_000), 0),
    );
  const sounds = {
    silence: new Float32Array(length),
    noise: noise(length).map((value) => value * 0.02),
    hum: tone(120),
    clicks: noise(length).map((value) => (Math.abs(value) > 0.9995 ? value / 2 : 0)),
    chord: tone(262, 330, 392),
  };
  for (const [name, samples] of Object.entries(sounds)) {
    const most = Math.max(...heard(new Silero(weights()), samples));
    assert.ok(most < 0.35, `${name}: ${most}`);
  }
});

test("weights of another size are refused", () => {
  for (const wrong of [new ArrayBuffer(0), weights().slice(4), new ArrayBuffer(weights().byteLength + 4)]) {
    assert.throws(() => new Silero(wrong), { code: "model-invalid" });
  }
});
