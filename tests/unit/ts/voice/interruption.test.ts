/** Who speaks over what is being played: somebody, or the loudspeaker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interruption } from "../../../../web/sdk/voice/interruption.ts";

const PLAYED = 0.1;

/** Frames (32 ms) until it says that somebody speaks; 0 where nobody does in 300. */
function framesUntil(interruption: Interruption, level: number, played = PLAYED, probability = 0.9): number {
  for (let count = 1; count <= 300; count++) if (interruption.frame(probability, level, played)) return count;
  return 0;
}

/** The first sound that it plays. */
function used(comesBack: number): Interruption {
  const interruption = new Interruption();
  for (let frame = 0; frame < 20; frame++) interruption.frame(0.9, comesBack * PLAYED, PLAYED);
  interruption.reset();
  return interruption;
}

test("its own voice does not interrupt, however loud it comes back", () => {
  for (const decibels of [-40, -20, -12, -6]) {
    const comesBack = 10 ** (decibels / 20);
    assert.equal(framesUntil(new Interruption(), comesBack * PLAYED), 0, `${decibels} dB`);
  }
});

test("somebody who is as loud as the page interrupts in less than 0.2 s, where it comes back 20 dB softer", () => {
  const frames = framesUntil(used(0.1), PLAYED);
  assert.ok(frames > 3 && frames * 32 < 200, `${frames} frames`);
});

test("where nothing comes back a soft voice interrupts too", () => {
  const interruption = used(0.001);
  for (let frame = 0; frame < 400; frame++) interruption.frame(0.1, 0.0001, PLAYED);
  assert.ok(framesUntil(interruption, 0.02) > 0);
});

test("noise, clicks and what nobody says do not interrupt", () => {
  assert.equal(framesUntil(used(0.1), 0.5, PLAYED, 0.1), 0);
  assert.equal(framesUntil(new Interruption(), 0.001, 0), 0);
  const interruption = used(0.1);
  for (let at = 0; at < 300; at++) assert.ok(!interruption.frame(at % 8 < 2 ? 0.9 : 0.1, 0.3, PLAYED));
});
