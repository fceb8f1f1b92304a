/** A time-out that does not count the time in which the computer slept. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { AwakeTimer } from "../../../../workers/wire/awake.ts";
import { RpcClient } from "../../../../workers/wire/rpc.ts";
import { Watch } from "../../../../workers/wire/watch.ts";

let now = 0;

beforeEach(() => {
  now = 0;
  mock.restoreAll();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
});

/** Time goes by while everything runs. */
function pass(ms: number): void {
  for (let gone = 0; gone < ms; gone += 10) {
    now += 10;
    mock.timers.tick(10);
  }
}

/** Everything stands still; what was due comes late. */
function sleep(ms: number): void {
  now += ms;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("it ends after its time, counted from the last start", () => {
  let ended = 0;
  const timer = new AwakeTimer(() => ended++);
  timer.start(800);
  pass(700);
  timer.start(800);
  pass(790);
  assert.equal(ended, 0);
  pass(110);
  assert.equal(ended, 1);
  pass(5000);
  assert.equal(ended, 1);
});

test("a shorter time counts at once, and nothing comes once it is stopped", () => {
  let ended = 0;
  const timer = new AwakeTimer(() => ended++);
  timer.start(100_000);
  timer.start(200);
  pass(230);
  assert.equal(ended, 1);
  timer.start(200);
  timer.stop();
  pass(1000);
  assert.equal(ended, 1);
});

for (const before of [0, 790, 15_000, 17_400]) {
  test(`an hour of sleep after ${before} ms leaves time to be heard`, async () => {
    const watch = new Watch();
    const work = watch.race(new Promise<string>(() => undefined), 20_000);
    const outcome = work.catch((error) => error.code);
    pass(before);
    sleep(3_600_000);
    // The timer comes before the word that waits in the queue behind it.
    pass(10);
    await settle();
    assert.equal(watch.dead, undefined);
    watch.beat();
    pass(19_000);
    assert.equal(watch.dead, undefined);
    pass(4_000);
    assert.equal(await outcome, "engine-crashed");
  });
}

test("a call whose answer slept too is answered", async () => {
  let answer: (event: { data: unknown }) => void = () => undefined;
  const endpoint = {
    postMessage: () => undefined,
    addEventListener: (_: string, listener: (event: MessageEvent) => void) => {
      answer = listener as typeof answer;
    },
    removeEventListener: () => undefined,
  };
  const reply = new RpcClient(endpoint).call("ask", {}, { timeoutMs: 60_000 });
  pass(1000);
  sleep(600_000);
  pass(10);
  answer({ data: { rpc: "reply", id: 1, value: "here" } });
  assert.equal(await reply, "here");
});
