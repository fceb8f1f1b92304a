/** A VilaStream and the worker that sends for it: how it ends, and how it begins again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VilaStatus } from "../../../../web/sdk/embed.ts";
import type { VilaProtocol } from "../../../../workers/vila/protocol.ts";
import { type Handlers, serve } from "../../../../workers/wire/rpc.ts";

Object.assign(globalThis, {
  __BUILD__: {},
  __WORKERS__: { vila: "vila.js" },
  document: Object.assign(new EventTarget(), { hidden: false }),
  addEventListener: () => undefined,
  origin: "null",
  location: { href: "file:///" },
});
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
const { VilaStream } = await import("../../../../web/sdk/vila/stream.ts");

/** Ends a stream as a server does that refuses it. */
class RefusingWorker {
  static started = 0;
  readonly #channel = new MessageChannel();

  constructor() {
    RefusingWorker.started += 1;
    const life = { hello: () => undefined, ping: () => true };
    serve(
      this.#channel.port2 as never,
      {
        ...life,
        stream: (_: unknown, { emit }: { emit: (item: object) => void }) => {
          emit({ type: "status", status: { state: "ended", sent: 1, skipped: 0, replies: 0 } });
          return new Promise((resolve) => setTimeout(resolve, 20));
        },
      } as unknown as Handlers<VilaProtocol>,
    );
    this.#channel.port1.start();
  }
  postMessage(message: unknown): void {
    this.#channel.port1.postMessage(message);
  }
  addEventListener(type: string, listener: EventListener): void {
    this.#channel.port1.addEventListener(type as "message", listener as never);
  }
  removeEventListener(): void {}
  terminate(): void {
    this.#channel.port1.close();
  }
}

function lab(onStatus: (status: VilaStatus) => void): InstanceType<typeof VilaStream> {
  const url = "ws://localhost:6789";
  return new VilaStream({ url, capture: {} as never, onCaption: () => undefined, onStatus });
}

test("who hears that a stream has ended can start it again at once", async () => {
  Object.assign(globalThis, { Worker: RefusingWorker });
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const stream = lab(({ state }) => {
      heard.push(state);
      if (heard.length === 2) resolve();
      else stream.start();
    });
    stream.start();
    setTimeout(resolve, 500);
  });
  assert.deepEqual([heard, RefusingWorker.started], [["ended", "ended"], 2]);
});

test("where no worker can be started, the stream ends and says why", async () => {
  Object.assign(globalThis, {
    Worker: class {
      constructor() {
        throw new TypeError("No script of another origin is run.");
      }
    },
  });
  const heard: VilaStatus[] = [];
  const stream = lab((status) => heard.push(status));
  stream.start();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([heard[0]?.state, heard[0]?.error?.code], ["ended", "unsupported"]);
});
