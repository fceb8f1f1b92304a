import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { __BUILD__: {} });
const { fastest } = await import("../../../../workers/compute/threads.ts");

const measured = (ms: Record<number, number>) => {
  const tried: number[] = [];
  const trial = async (threads: number) => {
    tried.push(threads);
    return ms[threads] ?? Number.POSITIVE_INFINITY;
  };
  return { tried, trial };
};

test("more threads are taken only while they clearly win", async () => {
  assert.equal(await fastest(8, measured({ 1: 100, 2: 55, 3: 40, 4: 38, 6: 20 }).trial), 3);
  assert.equal(await fastest(2, measured({ 1: 100, 2: 55, 4: 10 }).trial), 2);
});

test("busy cores leave one thread, and nothing more is tried", async () => {
  const { tried, trial } = measured({ 1: 100, 2: 1000 });
  assert.equal(await fastest(8, trial), 1);
  assert.deepEqual(tried, [1, 2]);
});

test("a trial that hangs is never chosen", async () => {
  assert.equal(await fastest(4, measured({ 1: 100 }).trial), 1);
  assert.equal(await fastest(4, measured({}).trial), 1);
});
