/** When Python rests, and when it must not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

/** A worker that answers every call at once. */
class FakeWorker extends EventTarget {
  static started = 0;
  static ended = 0;
  static last: FakeWorker;
  constructor() {
    super();
    FakeWorker.started += 1;
    FakeWorker.last = this;
  }
  /** Tells the page what of the disk is not kept. */
  tell(trouble: object | null): void {
    const data = { rpc: "call", id: 1, op: "diskTrouble", args: { trouble } };
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  postMessage({ rpc, id }: { rpc: string; id: number }): void {
    if (rpc !== "call") return;
    const data = { rpc: "reply", id, value: null };
    queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data })));
  }
  terminate(): void {
    FakeWorker.ended += 1;
  }
}
Object.assign(globalThis, { Worker: FakeWorker, origin: "null", location: { href: "https://a.example/" } });
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
const { PythonClient } = await import("../../../../workers/python/client.ts");

const nothing = (): void => undefined;

const start = (host: object = {}) =>
  new PythonClient({
    url: new URL("data:,"),
    base: "https://a.example/",
    connect: [],
    host: host as never,
    onProgress: nothing,
    onDeath: nothing,
    onStart: nothing,
  });

beforeEach(() => {
  // The pings of a worker would keep this process alive.
  mock.timers.enable({ apis: ["setTimeout"] });
  FakeWorker.started = FakeWorker.ended = 0;
});
afterEach(() => mock.timers.reset());

test("Python rests when it is idle, not between two calls of somebody who uses it", async () => {
  const python = start();
  await python.ready;
  const { epoch } = python;
  await python.awake(async () => {
    await python.keep("x");
    // It asks the store, say: nothing waits for Python.
    python.rest();
    assert.equal(python.epoch, epoch);
    await python.keep("x");
  });
  python.rest();
  assert.equal(FakeWorker.ended, 1);
  await python.awake(async () => {
    const now = python.epoch;
    await python.keep("x");
    assert.equal(python.epoch, now, "it was awake from the start");
  });
  assert.equal(FakeWorker.started, 2);
  python.dispose();
});

test("Python does not rest while something that it wrote is not kept", async () => {
  const heard: unknown[] = [];
  const python = start({ diskTrouble: ({ trouble }: { trouble: unknown }) => void heard.push(trouble) });
  await python.ready;
  FakeWorker.last.tell({ code: "quota" });
  python.rest();
  assert.equal(FakeWorker.ended, 0);
  FakeWorker.last.tell(null);
  python.rest();
  assert.equal(FakeWorker.ended, 1);
  assert.deepEqual(heard, [{ code: "quota" }, null]);
  python.dispose();
});
