import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import type { AlcoveError } from "../../../../workers/wire/errors.ts";
import { installFakeLocks } from "./fake_locks.ts";

const { opened, closeAll } = installFakeLocks();
after(closeAll);
const { openDoor } = await import("../../../../workers/wire/line.ts");
const { serve } = await import("../../../../workers/wire/rpc.ts");
const { SharedLink } = await import("../../../../workers/wire/shared-link.ts");
type Endpoint = import("../../../../workers/wire/rpc.ts").Endpoint;
type Ending = import("../../../../workers/wire/shared-link.ts").Ending;
type TestProtocol = {
  who: import("../../../../workers/wire/rpc.ts").Operation<Record<string, never>, number>;
};

/** A worker without a thread: what the page posts comes back from the same context. */
class FakeWorker {
  static started: FakeWorker[] = [];
  readonly name: string;
  readonly #page: MessagePort;
  readonly #free: Promise<() => void>;
  #left = false;
  /** Closed with the worker, as everything of a real one is. */
  #door: BroadcastChannel | undefined;
  #lines = 0;
  ended = false;

  constructor(_url: URL, { name }: { name: string }) {
    this.name = name;
    const number = FakeWorker.started.push(this);
    const { port1, port2 } = new MessageChannel();
    this.#page = port2;
    this.#free = new Promise((resolve) => {
      void navigator.locks.request(name, () => new Promise<void>((free) => resolve(free)));
    });
    const handlers = {
      who: () => number,
      ping: () => true,
      hello: async ({ door }: { door?: string }) => {
        await this.#free;
        const answer = (line: Endpoint) => serve(line, handlers as never);
        const before = opened.length;
        openDoor(door as string, answer, (lines) => {
          this.#lines = lines;
          this.#endIfUnused();
        });
        this.#door = opened[before];
      },
      leave: () => {
        this.#left = true;
        this.#endIfUnused();
      },
    };
    serve(port1, handlers as never);
  }

  #endIfUnused(): void {
    if (this.#left && this.#lines === 0) this.terminate();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#page.postMessage(message, transfer as never);
  }

  addEventListener(type: string, listener: never): void {
    if (type === "message") this.#page.addEventListener(type, listener);
    this.#page.start();
  }

  removeEventListener(type: string, listener: never): void {
    this.#page.removeEventListener(type, listener);
  }

  terminate(): void {
    this.ended = true;
    this.#page.close();
    this.#door?.close();
    void this.#free.then((free) => free());
  }
}

Object.assign(globalThis, {
  Worker: FakeWorker,
  document: new EventTarget(),
  location: { href: "http://site.test/" },
  origin: "http://site.test",
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
});

let door = "";
const links: InstanceType<typeof SharedLink<TestProtocol>>[] = [];
beforeEach(() => {
  door = `door ${crypto.randomUUID()}`;
  FakeWorker.started = [];
});
afterEach(() => {
  for (const link of links.splice(0)) link.leave({ code: "cancelled" } as AlcoveError);
});

/** A tab's link, and how it ended. */
function tab() {
  const seen: { ending?: Ending } = {};
  const link = new SharedLink<TestProtocol>(new URL("http://site.test/worker.js"), {
    title: "The engine",
    hangMs: 1000,
    door,
    onEnd: (_, ending) => {
      seen.ending = ending;
    },
  });
  links.push(link);
  return { link, seen, who: () => link.rpc.call("who", {}, { timeoutMs: 5000 }) };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 1000, `never: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

test("three tabs have one worker, which the first of them runs", async () => {
  const tabs = [tab(), tab(), tab()];
  assert.deepEqual(await Promise.all(tabs.map(({ who }) => who())), [1, 1, 1]);
  const here = await Promise.all(tabs.map(({ link }) => link.runsHere));
  assert.deepEqual(here, [true, false, false]);
  assert.equal(FakeWorker.started.length, 1);
});

test("when the worker ends, each tab hears it, and one of their next links runs a new one", async () => {
  const tabs = [tab(), tab(), tab()];
  await Promise.all(tabs.map(({ who }) => who()));
  FakeWorker.started[0]?.terminate();
  await until(() => tabs.every(({ seen }) => seen.ending));
  assert.deepEqual(
    tabs.map(({ seen }) => seen.ending),
    ["crashed", "moved", "moved"],
  );
  const next = [tab(), tab()];
  assert.deepEqual(await Promise.all(next.map(({ who }) => who())), [2, 2]);
});

test("a worker that its tab gave up goes on for the others, and ends with the last of them", async () => {
  const [first, second] = [tab(), tab()];
  await Promise.all([first.who(), second.who()]);
  first.link.leave({ code: "cancelled" } as AlcoveError);
  await assert.rejects(first.who());
  assert.equal(await second.who(), 1);
  const back = tab();
  assert.equal(await back.who(), 1);
  second.link.leave({ code: "cancelled" } as AlcoveError);
  assert.equal(await back.who(), 1);
  back.link.leave({ code: "cancelled" } as AlcoveError);
  await until(() => FakeWorker.started[0]?.ended === true);
  assert.equal(await tab().who(), 2);
});

test("a tab that is frozen lets go of its worker, and of its place in the queue", async () => {
  const [first, second] = [tab(), tab()];
  await Promise.all([first.who(), second.who()]);
  document.dispatchEvent(new Event("freeze"));
  assert.deepEqual([first.seen.ending, second.seen.ending], ["sleep", "sleep"]);
  assert.equal(FakeWorker.started[0]?.ended, true);
});

test("a lock whose holder does not answer is taken from it", async () => {
  void navigator.locks.request(door, () => new Promise<never>(() => undefined)).catch(() => undefined);
  const late = tab();
  assert.equal(await late.who(), 1);
  assert.equal(await late.link.runsHere, true);
});
