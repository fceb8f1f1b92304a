/** Taking a new build: whoever waits is asked until none does. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { takeOver } from "../../../../web/page/offline/take-over.ts";

class Worker extends EventTarget {
  readonly heard: string[] = [];
  readonly onMessage: (count: number) => void;

  constructor(onMessage: (count: number) => void = () => undefined) {
    super();
    this.onMessage = onMessage;
  }

  postMessage({ type }: { type: string }): void {
    this.heard.push(type);
    this.onMessage(this.heard.length);
  }
}

const registrationOf = (waiting: Worker | null, active: Worker | null = new Worker()) => ({
  waiting,
  active,
});
const start = (registration: ReturnType<typeof registrationOf>) =>
  takeOver(registration as unknown as ServiceWorkerRegistration);

async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 500) {
    mock.timers.tick(500);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

test("nothing waits: it is over at once", async () => {
  await start(registrationOf(null));
});

test("the waiting build takes over when it is asked", async () => {
  const waiting: Worker = new Worker(() => {
    registration.waiting = null;
    queueMicrotask(() => waiting.dispatchEvent(new Event("statechange")));
  });
  const registration = registrationOf(waiting);
  await start(registration);
  assert.deepEqual(waiting.heard, ["activate"]);
});

test("one that does not move is asked again, and the active one gets a chance to rest", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const waiting = new Worker((count) => {
    if (count === 3) registration.waiting = null;
  });
  const registration = registrationOf(waiting);
  const taken = start(registration);
  await pass(7_000);
  await taken;
  assert.equal(waiting.heard.length, 3);
  assert.deepEqual(registration.active?.heard, ["status", "status"]);
  mock.timers.reset();
});

test("a build that comes meanwhile is asked in the place of the one that waited", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const second = new Worker(() => {
    registration.waiting = null;
  });
  const first = new Worker(() => {
    registration.waiting = second;
  });
  const registration = registrationOf(first);
  const taken = start(registration);
  await pass(5_000);
  await taken;
  assert.deepEqual([first.heard, second.heard], [["activate"], ["activate"]]);
  mock.timers.reset();
});

test("it does not wait for ever", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const taken = start(registrationOf(new Worker()));
  await pass(31_000);
  await taken;
  mock.timers.reset();
});
