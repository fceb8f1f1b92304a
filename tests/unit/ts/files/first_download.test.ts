/** Files of which nobody publishes a hash: the first download's is kept, and what a server may send has an end. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { LoadProgress } from "../../../../workers/engine/contract.ts";
import { DiskFileShelf } from "../../../../workers/files/disk-shelf.ts";
import { download, throttled } from "../../../../workers/files/download.ts";
import { FirstHashes } from "../../../../workers/files/first-hashes.ts";
import { MemoryFileShelf } from "../../../../workers/files/memory-shelf.ts";
import { FileStore } from "../../../../workers/llamacpp/files.ts";
import type { AlcoveError } from "../../../../workers/wire/errors.ts";
import { CHAT_METADATA, ggufBytes } from "../llamacpp/gguf_file.ts";
import { BadHub, type Fault } from "./bad_hub.ts";
import { diskFolder } from "./disk_folder.ts";

// No test here waits for a stall, and a busy machine is no stall.
const PATIENCE = { stallMs: 10_000, pausesMs: [1, 2], mostWaitMs: 1_000, mostWaits: 3 };
const signal = new AbortController().signal;
const versions = [1, 2].map((fill) =>
  ggufBytes(CHAT_METADATA, [
    { name: "token_embd.weight", shape: [5_000], type: 0, data: new Uint8Array(20_000).fill(fill) },
  ]),
);
const [v1, v2] = versions as [Uint8Array, Uint8Array];

const hub = new BadHub();
let base = "";
before(async () => {
  base = await hub.open();
});
after(() => hub.close());

let count = 0;
function fresh(...faults: Fault[]) {
  const name = `file-${count++}.gguf`;
  const file = { versions, version: 0, faults, place: 0.5, conditions: true };
  hub.files.set(name, file);
  const path = mkdtempSync(join(tmpdir(), "alcove-"));
  const shelf = new DiskFileShelf(diskFolder(path));
  const store = new FileStore(async () => shelf, {
    firstHashes: new FirstHashes(async () => undefined),
    patience: PATIENCE,
  });
  const model = { id: "m", files: [{ url: name, bytes: v1.length }] } as never;
  const told: LoadProgress[] = [];
  const get = async (acceptChanged = false) => {
    await store.download(model, base, (progress) => told.push(progress), signal, { acceptChanged });
    const [whole] = await store.export(model, base);
    return new Uint8Array((await whole?.blob.arrayBuffer()) as ArrayBuffer);
  };
  return { file, store, model, get, told, left: () => readdirSync(path).map((one) => one.split(".").at(-1)) };
}

const refusal = (promise: Promise<unknown>): Promise<AlcoveError> =>
  promise.then(
    () => assert.fail("it came"),
    (error) => error as AlcoveError,
  );

test("a file that was swapped since is refused, and taken only when the person says so", async () => {
  const { file, store, model, get, left } = fresh();
  assert.deepEqual(await get(), v1);
  await store.remove(model, base);
  assert.deepEqual(await get(), v1);
  await store.remove(model, base);
  file.version = 1;
  for (let i = 0; i < 2; i++) {
    const { code, detail } = await refusal(get());
    assert.equal(code, "integrity");
    assert.match(detail ?? "", /first [0-9a-f]{64}, now [0-9a-f]{64}/);
    assert.deepEqual(await store.cached([model], base), []);
  }
  assert.deepEqual(await get(true), v2);
  assert.deepEqual(left().sort(), ["gguf", "json"]);
  await store.remove(model, base);
  assert.deepEqual(await get(), v2);
});

test("a version that changed half way begins anew", async () => {
  const { file, get } = fresh("cut", "changes version");
  assert.deepEqual(await get(), v2);
  assert.deepEqual(file.faults, []);
});

test("what a server sends has an end", async () => {
  for (const fault of ["endless", "too much", "too much, said"] as const) {
    const { store, model, get, left } = fresh(fault);
    const { code } = await refusal(get());
    assert.ok(["integrity", "model-invalid"].includes(code), `${fault}: ${code}`);
    assert.deepEqual(await store.cached([model], base), []);
    assert.deepEqual(left(), [], fault);
    assert.deepEqual(await get(), v1);
  }
});

test("a server that asks for a pause gets it, within reason, and it is told", async () => {
  const short = fresh("429", "503 until a date");
  assert.deepEqual(await short.get(), v1);
  const waits = short.told.filter(({ stage }) => stage === "waiting");
  assert.equal(waits.length, 2);
  assert.ok(waits.every(({ until }) => typeof until === "number"));
  const long = fresh("cut", "429 for long");
  const { code, action } = await refusal(long.get());
  assert.equal(code, "download-failed");
  assert.match(action, /in 60 minutes: the download goes on where it ended/);
  assert.deepEqual(long.left().sort(), ["half", "part"]);
  assert.deepEqual(await long.get(), v1);
});

test("the length of a compressed answer is not taken for that of its file", async () => {
  const text = new TextEncoder().encode(JSON.stringify({ a: "b".repeat(500) }));
  const { fetch } = globalThis;
  globalThis.fetch = async () => {
    // As a page of another origin sees it: unpacked, and without a word of its encoding.
    const headers = { "content-length": "40", "content-type": "application/json" };
    return Object.defineProperty(new Response(text, { headers }), "type", { value: "cors" });
  };
  try {
    for (const expected of [{}, { bytes: text.length }]) {
      const part = await new MemoryFileShelf().part("a", { name: "a" });
      await download(
        expected,
        new URL("https://hub.example/a.json"),
        part,
        () => undefined,
        signal,
        PATIENCE,
      );
      assert.equal(part.bytes, text.length);
    }
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a wait that comes right after some progress is told", () => {
  const told: string[] = [];
  const tell = throttled(({ stage, bytes }) => told.push(`${stage} ${bytes}`));
  tell({ stage: "verifying", bytes: 1, total: 9 });
  tell({ stage: "verifying", bytes: 2, total: 9 });
  tell({ stage: "waiting", bytes: 2, total: 9, until: 1 });
  tell({ stage: "downloading", bytes: 3, total: 9 });
  tell({ stage: "downloading", bytes: 9, total: 9 });
  assert.deepEqual(told, ["verifying 1", "waiting 2", "downloading 3", "downloading 9"]);
});

test("a server that fails is not called a bad connection", async () => {
  const message = async (fault: Fault) => (await refusal(fresh(fault, fault, fault).get())).message;
  assert.match(await message("500"), /a fault of its own/);
  assert.match(await message("cut"), /interrupted/);
});

test("who wants a sign-in is told apart from what is gone", async () => {
  assert.match((await refusal(fresh("403").get())).message, /does not give this model to everybody/);
  assert.match((await refusal(fresh("404").get())).message, /not on the server/);
});
