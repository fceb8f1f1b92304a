/** Streams that can be stopped, and waiting that ends with a stop. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stoppable, untilStopped } from "../../../../workers/wire/stream.ts";

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

test("waiting ends with the work, or fails with it", async () => {
  const never = new AbortController().signal;
  await untilStopped(Promise.resolve(), never);
  await assert.rejects(untilStopped(Promise.reject(new Error("no")), never), /no/);
});

test("waiting ends with a stop at once, and a later failure is nobody's", async () => {
  const stop = new AbortController();
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<void>((_, reject) => {
    fail = reject;
  });
  const waited = untilStopped(work, stop.signal);
  stop.abort();
  await waited;
  fail(new Error("too late"));
  await new Promise((resolve) => setTimeout(resolve, 1));
});

test("work that fails because of the stop is no error", async () => {
  const stop = new AbortController();
  stop.abort();
  await untilStopped(Promise.reject(new Error("cancelled")), stop.signal);
});
