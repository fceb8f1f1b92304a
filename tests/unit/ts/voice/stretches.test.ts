import assert from "node:assert/strict";
import { test } from "node:test";
import { stretchesOf } from "../../../../workers/voice/stretches.ts";

test("stretches give every frame once, with what decides how it sounds on both sides", () => {
  for (let frames = 1; frames < 700; frames++) {
    const stretches = stretchesOf(frames);
    let at = 0;
    for (const { from, to, start, end } of stretches) {
      assert.equal(start, at);
      assert.ok(end > start && from <= start && to >= end);
      assert.ok(from === 0 || start - from >= 12);
      assert.ok(to === frames || to - end >= 12);
      assert.ok(to - from >= Math.min(frames, 65), `${to - from} of ${frames}`);
      at = end;
    }
    assert.equal(at, frames);
  }
});

test("the first stretch is short", () => {
  const [first] = stretchesOf(400);
  assert.deepEqual(first, { from: 0, to: 65, start: 0, end: 53 });
});

test("no frames make no stretches", () => assert.deepEqual(stretchesOf(0), []));
