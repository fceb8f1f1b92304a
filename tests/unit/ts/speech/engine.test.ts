/** The engine that hears, over a program that only says which model it has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Threads } from "../../../../workers/compute/threads.ts";
import type { ModelFileStore } from "../../../../workers/files/file-store.ts";
import type { ProgramProtocol, SpeechModel } from "../../../../workers/speech/protocol.ts";
import { type Endpoint, serve } from "../../../../workers/wire/rpc.ts";

const BASE = "https://alcove.test/";
const single = { worker: "speech.js", wasm: "speech.wasm" };
Object.assign(globalThis, {
  __BUILD__: { speech: { single } },
  crossOriginIsolated: false,
  location: { href: BASE },
  origin: new URL(BASE).origin,
});

const started: string[] = [];

/** A worker that computes: it hears the name of its model, whatever is said. */
class FakeWorker extends EventTarget {
  readonly #inside = new EventTarget();
  constructor() {
    super();
    let name = "";
    const inside = Object.assign(this.#inside, {
      postMessage: (data: unknown) => this.dispatchEvent(new MessageEvent("message", { data })),
    });
    serve<ProgramProtocol>(inside as unknown as Endpoint, {
      start: async ({ files }) => {
        name = (await files[0]?.text()) ?? "";
        started.push(name);
        return "alone" as const;
      },
      hear: () => ({ text: name, language: "", segments: [], words: [], encodeMs: 0, decodeMs: 0 }),
      activity: () => Float32Array.of(1),
    });
  }
  postMessage(data: unknown): void {
    this.#inside.dispatchEvent(new MessageEvent("message", { data }));
  }
  terminate(): void {}
}
Object.assign(globalThis, { Worker: FakeWorker });
const { SpeechEngine } = await import("../../../../workers/speech/engine.ts");

const model = (id: string) => ({ id, files: [{ url: id }, { url: "vad" }] }) as unknown as SpeechModel;
const files = { download: async () => undefined, get: async ({ url }: { url: string }) => new Blob([url]) };
const threads = { choose: async () => 1 } as unknown as Threads;
const { signal } = new AbortController();
const tell = () => undefined;

test("each tab is heard by the model that it loaded, whichever another one loaded since", async () => {
  const engine = new SpeechEngine(files as unknown as ModelFileStore<SpeechModel>, threads);
  const heard = async (id: string) => {
    const { text } = await engine.hear({ model: id, samples: new Float32Array(512) }, signal);
    return text;
  };
  await assert.rejects(heard("english"), { code: "model-not-found" });
  await engine.load(model("english"), BASE, tell, signal);
  await engine.load(model("many"), BASE, tell, signal);
  assert.equal(await heard("english"), "english");
  assert.equal(await heard("english"), "english");
  assert.equal(await heard("many"), "many");
  await engine.activity(new Float32Array(512), signal);
  assert.deepEqual(started, ["english", "many", "english", "many"]);
});
