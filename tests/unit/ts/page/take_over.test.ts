/** Taking a new build: whoever waits is asked until none does. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { takeOver } from "../../../../web/page/offline/take-over.ts";

class Worker extends EventTarget {
  readonly heard: string[] = [];
  state = "installed";
  readonly onMessage: () => void;

  constructor(onMessage: () => void = () => undefined) {
    super();
    this.onMessage = onMessage;
  }

  postMessage({ type }: { type: string }, ports: MessagePort[] = []): void {
    this.heard.push(type);
    for (const port of ports) {
      port.postMessage({});
      port.close();
    }
    this.onMessage();
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** One that hears and never answers. */
class Silent extends Worker {
  override postMessage({ type }: { type: string }, [port]: MessagePort[] = []): void {
    this.heard.push(type);
    port?.close();
  }
}

const registrationOf = (waiting: Worker | null, active: Worker | null = new Worker()) => ({
  waiting,
  active,
});
const start = (registration: ReturnType<typeof registrationOf>) =>
  takeOver(registration as unknown as ServiceWorkerRegistration);

test("nothing waits: it is over at once", async () => {
  assert.equal(await start(registrationOf(null)), true);
});

test("the active build is made to run before the waiting one is to take over", async () => {
  const active = new Worker();
  const waiting: Worker = new Worker(() => {
    assert.deepEqual(active.heard, ["status"]);
    registration.waiting = null;
    queueMicrotask(() => waiting.become("activated"));
  });
  const registration = registrationOf(waiting, active);
  assert.equal(await start(registration), true);
  assert.deepEqual(waiting.heard, ["activate"]);
});

test("a build that comes meanwhile is asked in the place of the one that waited", async () => {
  const second: Worker = new Worker(() => {
    registration.waiting = null;
    queueMicrotask(() => second.become("activated"));
  });
  const first: Worker = new Worker(() => {
    registration.waiting = second;
    queueMicrotask(() => first.become("redundant"));
  });
  const registration = registrationOf(first);
  assert.equal(await start(registration), true);
  assert.deepEqual([first.heard, second.heard], [["activate"], ["activate"]]);
});

test("a page is not loaded anew while the new build is still activating", async () => {
  const waiting: Worker = new Worker(() => {
    Object.assign(registration, { waiting: null, active: waiting });
    queueMicrotask(() => waiting.become("activating"));
  });
  const registration = registrationOf(waiting);
  let taken = false;
  const done = start(registration).then(() => {
    taken = true;
  });
  await new Promise((resolve) => waiting.addEventListener("statechange", resolve, { once: true }));
  await new Promise(setImmediate);
  assert.equal(taken, false);
  waiting.become("activated");
  await done;
});

/** Lets time go by for what begins now. */
async function during<T>(ms: number, begin: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const work = begin();
  for (let gone = 0; gone < ms; gone += 500) {
    mock.timers.tick(500);
    await new Promise(setImmediate);
  }
  mock.timers.reset();
  return work;
}

test("nor is it where that has no end: the person is told to wait, and may try again", async () => {
  const waiting: Worker = new Worker(() => {
    Object.assign(registration, { waiting: null, active: waiting });
    queueMicrotask(() => waiting.become("activating"));
  });
  const registration = registrationOf(waiting);
  assert.equal(await during(20_000, () => start(registration)), false);
  const again = start(registration);
  waiting.become("activated");
  assert.equal(await again, true);
});

test("one that never rests is told of, not waited for, and not asked again", async () => {
  const active = new Silent();
  const waiting = new Worker();
  assert.equal(await during(80_000, () => start(registrationOf(waiting, active))), false);
  assert.deepEqual(active.heard, ["status"]);
  assert.deepEqual(new Set(waiting.heard), new Set(["activate"]));
});

test("what was said to a waiting build that ended just then is said again", async () => {
  const waiting: Worker = new Worker(() => {
    if (waiting.heard.length < 2) return; // the process that heard it first is gone
    registration.waiting = null;
    queueMicrotask(() => waiting.become("activated"));
  });
  const registration = registrationOf(waiting);
  assert.equal(await during(15_000, () => start(registration)), true);
  assert.deepEqual(waiting.heard, ["activate", "activate"]);
});
