/** Waiting that ends with an abort. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeAbort, untilStopped } from "../../../../workers/wire/abort.ts";

const never = new AbortController().signal;

test("what is waited for is had, or its failure", async () => {
  assert.equal(await beforeAbort(Promise.resolve(7), never), 7);
  await assert.rejects(beforeAbort(Promise.reject(new Error("no")), never), /no/);
});

test("an abort is cancelled at once, and a later failure is nobody's", async () => {
  const stop = new AbortController();
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<void>((_, reject) => {
    fail = reject;
  });
  const waited = beforeAbort(work, stop.signal);
  stop.abort();
  await assert.rejects(waited, { code: "cancelled" });
  await assert.rejects(beforeAbort(work, stop.signal), { code: "cancelled" });
  fail(new Error("too late"));
  await new Promise((resolve) => setTimeout(resolve, 1));
});

test("waiting ends with the work, or fails with it", async () => {
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
