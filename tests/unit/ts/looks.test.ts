/** Whose turn it is to look at a picture. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Looks, MOST_WAITING } from "../../../web/alcove/looks.ts";
import type { AlcoveError } from "../../../workers/shared/errors.ts";

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
  const looks = new Looks();
  const order: string[] = [];
  const [first, second] = [held(), held()];
  const offer = (name: string, { look }: { look: () => Promise<string> }) =>
    looks.run(
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
  const looks = new Looks();
  const stage = held();
  const offer = () => looks.run(async () => 0, stage.look, ignore, never);
  const waiting = Array.from({ length: MOST_WAITING + 1 }, offer);
  assert.equal(await codeOf(offer()), "busy");
  stage.end();
  await Promise.all(waiting);
  assert.equal(await codeOf(offer()), "done");
});

test("who gives up while waiting leaves at once, and the picture is let go", async () => {
  const looks = new Looks();
  const stage = held();
  const stop = new AbortController();
  const dropped: string[] = [];
  const running = looks.run(async () => 0, stage.look, ignore, never);
  const waiting = looks.run(
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
  const looks = new Looks();
  const broken = looks.run(
    () => Promise.reject(new Error("no picture")),
    async () => 0,
    ignore,
    never,
  );
  const next = looks.run(
    async () => 0,
    async () => "seen",
    ignore,
    never,
  );
  await assert.rejects(broken, /no picture/);
  assert.equal(await next, "seen");
});

test("after close what waits fails, and what comes later too", async () => {
  const looks = new Looks();
  const stage = held();
  const running = looks.run(async () => 0, stage.look, ignore, never);
  const waiting = looks.run(
    async () => 0,
    async () => "looked",
    ignore,
    never,
  );
  await tick();
  looks.close();
  stage.end();
  assert.equal(await running, "seen");
  assert.equal(await codeOf(waiting), "cancelled");
  assert.equal(
    await codeOf(
      looks.run(
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
  const looks = new Looks();
  const [a, b, c] = [{}, {}, {}];
  looks.hold(a, "one");
  looks.hold(b, "one");
  looks.hold(c, "two");
  assert.equal(looks.letGo(a), false);
  assert.equal(looks.letGo(b), true);
  assert.equal(looks.letGo(c), true);
});
