import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../../workers/engine/turns.ts";

const never = new AbortController().signal;

test("a turn gives what its task gives, and throws what it throws", async () => {
  const turns = new Turns();
  assert.equal(await turns.turn(never).run(async () => 7), 7);
  await assert.rejects(
    turns.turn(never).run(() => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(turns.busy, false);
});

test("a stop is answered at once, and the next turn waits for what was stopped", async () => {
  const turns = new Turns();
  const stop = new AbortController();
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const first = turns.turn(stop.signal);
  const stopped = first.run(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    order.push("first");
    return "too late";
  });
  const second = turns.turn(never).run(async () => order.push("second"));
  await Promise.resolve();
  stop.abort();
  assert.equal(await stopped, undefined);
  assert.equal(first.stop.aborted, true);
  assert.deepEqual(order, []);
  finish();
  await second;
  assert.deepEqual(order, ["first", "second"]);
});

test("taking the model away stops the turn that runs, not those that wait", async () => {
  const turns = new Turns();
  const running = turns.turn(never);
  const waiting = turns.turn(never);
  const ended = running.run(
    () => new Promise((_, reject) => running.stop.addEventListener("abort", () => reject(new Error("gone")))),
  );
  const next = waiting.run(async () => "next");
  await new Promise((resolve) => setTimeout(resolve, 0));
  turns.takeAway();
  assert.equal(await ended, undefined);
  assert.equal(waiting.stop.aborted, false);
  assert.equal(await next, "next");
});
