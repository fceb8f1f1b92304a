/** When Python rests, and when it must not. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** A worker that answers every call at once. */
class FakeWorker extends EventTarget {
  static started = 0;
  static ended = 0;
  constructor() {
    super();
    FakeWorker.started += 1;
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

test("Python rests when it is idle, not between two calls of somebody who uses it", async (t) => {
  // The pings of a worker would keep this process alive.
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const python = new PythonClient({
    url: new URL("data:,"),
    base: "https://a.example/",
    connect: [],
    host: {} as never,
    onProgress: nothing,
    onDeath: nothing,
    onStart: nothing,
  });
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
