/** Streams that can be stopped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stoppable } from "../../../../workers/wire/stream.ts";

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

test("a consumer that leaves stops the work", async () => {
  let stopped: Promise<void> | undefined;
  const stream = stoppable<number>(async (push, signal) => {
    stopped = aborted(signal);
    push(1);
    push(2);
    await stopped;
  });
  for await (const item of stream) {
    assert.equal(item, 1);
    break;
  }
  await stopped;
});

test("the caller's signal stops the work, and what was pushed before is kept", async () => {
  const caller = new AbortController();
  const stream = stoppable<number>(async (push, signal) => {
    push(1);
    setTimeout(() => caller.abort(), 1);
    await aborted(signal);
    push(2);
  }, caller.signal);
  const items: number[] = [];
  for await (const item of stream) items.push(item);
  assert.deepEqual(items, [1, 2]);
});
