/** Whose turn it is to look at a picture. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EyeQueue, MOST_WAITING } from "../../../../web/sdk/engines/eye-queue.ts";
import type { AlcoveError } from "../../../../workers/wire/errors.ts";

const never = new AbortController().signal;
const ignore = () => undefined;

/** A look that ends when the test says so. */
function held(): { look: () => Promise<string>; end: () => void; began: () => boolean } {
  let end = () => {};
  let begun = false;
  const done = new Promise<string>((resolve) => {
    end = () => resolve("seen");
  });
  const look = () => {
    begun = true;
    return done;
  };
  return { look, end: () => end(), began: () => begun };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: AlcoveError) => error.code,
  );

test("each picture is taken at once and looked at in its turn", async () => {
  const queue = new EyeQueue();
  const order: string[] = [];
  const [first, second] = [held(), held()];
  const offer = (name: string, { look }: { look: () => Promise<string> }) =>
    queue.run(
      async () => order.push(`take ${name}`),
      () => {
        order.push(`look ${name}`);
        return look();
      },
      ignore,
      never,
    );
  const both = [offer("one", first), offer("two", second)];
  await tick();
  assert.deepEqual(order, ["take one", "take two", "look one"]);
  first.end();
  await tick();
  assert.deepEqual(order.slice(3), ["look two"]);
  second.end();
  assert.deepEqual(await Promise.all(both), ["seen", "seen"]);
});

test("beyond the bound the next one is refused, until one is done", async () => {
  const queue = new EyeQueue();
  const stage = held();
  const offer = () => queue.run(async () => 0, stage.look, ignore, never);
  const waiting = Array.from({ length: MOST_WAITING + 1 }, offer);
  assert.equal(await codeOf(offer()), "busy");
  stage.end();
  await Promise.all(waiting);
  assert.equal(await codeOf(offer()), "done");
});

test("who gives up while waiting leaves at once, and the picture is let go", async () => {
  const queue = new EyeQueue();
  const stage = held();
  const stop = new AbortController();
  const dropped: string[] = [];
  const running = queue.run(async () => 0, stage.look, ignore, never);
  const waiting = queue.run(
    async () => "picture",
    async () => "looked",
    (picture) => dropped.push(picture),
    stop.signal,
  );
  stop.abort();
  assert.equal(await codeOf(waiting), "cancelled");
  await tick();
  assert.deepEqual(dropped, ["picture"]);
  stage.end();
  assert.equal(await running, "seen");
});

test("a picture that cannot be taken holds nobody up", async () => {
  const queue = new EyeQueue();
  const broken = queue.run(
    () => Promise.reject(new Error("no picture")),
    async () => 0,
    ignore,
    never,
  );
  const next = queue.run(
    async () => 0,
    async () => "seen",
    ignore,
    never,
  );
  await assert.rejects(broken, /no picture/);
  assert.equal(await next, "seen");
});

test("after close what waits fails, and what comes later too", async () => {
  const queue = new EyeQueue();
  const stage = held();
  const running = queue.run(async () => 0, stage.look, ignore, never);
  const waiting = queue.run(
    async () => 0,
    async () => "looked",
    ignore,
    never,
  );
  await tick();
  queue.close();
  stage.end();
  assert.equal(await running, "seen");
  assert.equal(await codeOf(waiting), "cancelled");
  assert.equal(
    await codeOf(
      queue.run(
        async () => 0,
        async () => 0,
        ignore,
        never,
      ),
    ),
    "cancelled",
  );
});

test("a model is given up when nobody holds it any more", () => {
  const queue = new EyeQueue();
  const [a, b, c] = [{}, {}, {}];
  queue.hold(a, "one");
  queue.hold(b, "one");
  queue.hold(c, "two");
  assert.equal(queue.letGo(a), false);
  assert.equal(queue.letGo(b), true);
  assert.equal(queue.letGo(c), true);
});
