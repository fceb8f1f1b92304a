/** The file store against a real HTTP server that misbehaves on demand. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { LlamaCppModel, LoadProgress, ModelFile } from "../../../../workers/engine/contract.ts";
import { DiskFileShelf } from "../../../../workers/files/disk-shelf.ts";
import { FirstHashes } from "../../../../workers/files/first-hashes.ts";
import { MemoryFileShelf } from "../../../../workers/files/memory-shelf.ts";
import { FileStore } from "../../../../workers/llamacpp/files.ts";
import { diskFolder } from "../files/disk_folder.ts";
import { CHAT_METADATA, ggufBytes } from "./gguf_file.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) =>
  i < 4 ? "GGUF".charCodeAt(i) : (i * 31) & 255,
);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const signal = new AbortController().signal;
const ABOUT = { name: "a file" };

const TENSORS = [{ name: "token_embd.weight", shape: [8], type: 0, data: new Uint8Array(32) }];

let server: Server;
let base = "";
let requests: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const range = request.headers.range;
  requests.push(`${request.url} ${range ?? ""}`.trim());
  const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
  const head = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers);
  switch (request.url?.split("?")[0]) {
    case "/html":
      head(200, { "content-type": "text/html" });
      response.end("<!doctype html>sign in");
      return;
    case "/sly":
      head(200, { "content-type": "application/octet-stream" });
      response.end("  <html>sign in");
      return;
    case "/long":
      response.end(Buffer.concat([content, content]));
      return;
    case "/flipped":
      response.end(Buffer.from(content).fill(0, 1000, 1100));
      return;
    case "/cut":
      // The first answer breaks off; the next one goes on.
      head(range ? 206 : 200, {
        "content-length": String(content.length - from),
        ...(range ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
      });
      if (range) response.end(content.subarray(from));
      else response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
      return;
    case "/norange":
      if (requests.filter((line) => line.startsWith("/norange")).length > 1) response.end(content);
      else
        response
          .writeHead(200, { "content-length": String(content.length) })
          .write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 50));
      return;
    case "/good":
      response.end(content);
      return;
    case "/hub.gguf":
    case "/half.gguf": {
      // A hub's file: its size is known when it comes. The first answer to "half" breaks off.
      const bytes = ggufBytes(CHAT_METADATA, TENSORS);
      if (from >= bytes.length) return void head(416).end();
      const broken = request.url === "/half.gguf" && !range;
      head(range ? 206 : 200, { "content-length": String(bytes.length - from), etag: '"1"' });
      if (broken) response.write(bytes.subarray(0, 200), () => setTimeout(() => response.destroy(), 50));
      else response.end(bytes.subarray(from));
      return;
    }
    case "/short.gguf":
      response.end(ggufBytes(CHAT_METADATA, TENSORS).subarray(0, -8));
      return;
    case "/slow":
      head(200);
      response.write(content.subarray(0, 1000));
      return;
    default:
      head(404);
      response.end();
  }
}

before(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const file = (url: string): ModelFile => ({ url, bytes: content.length, sha256: sha256(content) });
function fresh(): {
  store: FileStore;
  shelf: MemoryFileShelf;
  told: LoadProgress[];
  get: (url: string, s?: AbortSignal) => Promise<Blob>;
} {
  requests = [];
  const shelf = new MemoryFileShelf();
  const store = new FileStore(async () => shelf);
  const told: LoadProgress[] = [];
  return { store, shelf, told, get: (url, s = signal) => store.get(file(url), base, (p) => told.push(p), s) };
}

test("a file is fetched once, checked and listed", async () => {
  const { store, told, get } = fresh();
  const blob = await get("good");
  assert.equal(sha256(new Uint8Array(await blob.arrayBuffer())), sha256(content));
  assert.deepEqual(told.at(-1), { stage: "downloading", bytes: content.length, total: content.length });
  await get("good");
  assert.deepEqual(requests, ["/good"]);
  const key = sha256(content);
  assert.deepEqual(await store.stored(), [{ key, name: "good", bytes: content.length, sha256: key }]);
  await store.remove({ files: [file("good")] } as never, base);
  assert.deepEqual(await store.stored(), []);
});

test("a broken connection goes on where it broke", async () => {
  const { get } = fresh();
  const blob = await get("cut");
  assert.equal(sha256(new Uint8Array(await blob.arrayBuffer())), sha256(content));
  assert.equal(requests.length, 2);
  assert.match(requests[1] ?? "", /^\/cut bytes=[1-9]\d*-$/);
});

test("a server without ranges is asked from the start", async () => {
  const { get } = fresh();
  const blob = await get("norange");
  assert.equal(sha256(new Uint8Array(await blob.arrayBuffer())), sha256(content));
});

test("what is not the file is named", async () => {
  for (const url of ["html", "sly"]) {
    await assert.rejects(fresh().get(url), { code: "download-failed", message: /web page/ });
  }
  await assert.rejects(fresh().get("missing"), { code: "download-failed", message: /not on the server/ });
  await assert.rejects(fresh().get("long"), { code: "integrity" });
});

test("a wrong hash keeps nothing", async () => {
  const { store, shelf, get } = fresh();
  await assert.rejects(get("flipped"), { code: "integrity" });
  assert.deepEqual(await store.stored(), []);
  assert.equal((await shelf.part(sha256(content), ABOUT)).bytes, 0);
});

test("a stop ends the download and keeps what came", async () => {
  const { shelf, told, get } = fresh();
  const stop = new AbortController();
  const fetching = get("slow", stop.signal);
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await assert.rejects(fetching, { code: "cancelled" });
  assert.equal((await shelf.part(sha256(content), ABOUT)).bytes, 1000);
});

test("an imported file is checked and described", async () => {
  const { store } = fresh();
  const tensors = [{ name: "token_embd.weight", shape: [2], type: 0, data: new Uint8Array(8) }];
  const bytes = ggufBytes(CHAT_METADATA, tensors);
  const file = new File([bytes], "tiny.gguf");
  const spec = (await store.import([file], undefined, () => undefined, signal)) as LlamaCppModel;
  assert.equal(spec.name, "Tiny");
  assert.equal(spec.context, 512);
  assert.equal(spec.files[0].sha256, sha256(bytes));
  assert.equal((await store.get(spec.files[0], base, () => undefined, signal)).size, bytes.length);
  await store.remove(spec, base);
  await assert.rejects(
    store.get(spec.files[0], base, () => undefined, signal),
    { code: "model-not-found" },
  );
  await assert.rejects(
    store.import([new File(["nonsense, and a long one"], "x.gguf")], undefined, () => undefined, signal),
    { code: "model-invalid" },
  );
});

test("a file without a hash is checked by what it says of itself, and kept under its address", async () => {
  const { store } = fresh();
  const get = (url: string) => store.get({ url, bytes: 1 }, base, () => undefined, signal);
  const whole = ggufBytes(CHAT_METADATA, TENSORS);
  assert.equal((await get("hub.gguf")).size, whole.length);
  await get("hub.gguf");
  assert.deepEqual(requests, ["/hub.gguf"]);
  const model = (url: string) => ({ id: url, files: [{ url, bytes: 1 }] }) as never;
  assert.deepEqual(await store.cached([model("hub.gguf"), model("half.gguf")], base), ["hub.gguf"]);
  await assert.rejects(get("short.gguf"), { code: "model-invalid" });
  await assert.rejects(get("missing.gguf"), { code: "download-failed" });
  assert.equal((await store.stored()).length, 1);
  await store.remove(model("hub.gguf"), base);
  assert.deepEqual(await store.stored(), []);
});

test("a file without a hash goes on where it broke, and a part that is whole is enough", async () => {
  const { store, shelf } = fresh();
  const whole = ggufBytes(CHAT_METADATA, TENSORS);
  const get = (url: string) => store.get({ url, bytes: 1 }, base, () => undefined, signal);
  const bytes = new Uint8Array(await (await get("half.gguf")).arrayBuffer());
  assert.deepEqual(bytes, whole);
  assert.deepEqual(requests, ["/half.gguf", "/half.gguf bytes=200-"]);
  const [{ key } = { key: "" }] = await store.stored();
  await store.remove({ files: [{ url: "half.gguf", bytes: 1 }] } as never, base);
  (await shelf.part(key, ABOUT)).append(whole);
  assert.equal((await get("half.gguf")).size, whole.length);
});

test("a file that another model on the device needs as well stays, and becomes that one's", async () => {
  const { store } = fresh();
  const projector = { url: "hub.gguf", bytes: 1 };
  const model = (id: string, url: string, ...more: ModelFile[]) =>
    ({ id, files: [{ url, bytes: 1 }, ...more] }) as LlamaCppModel;
  const small = model("small", "hub.gguf?small", projector);
  const large = model("large", "hub.gguf?large", projector);
  const known = [
    small,
    large,
    model("absent", "absent.gguf", projector),
    model("twin", "hub.gguf?small", projector),
  ];
  const owners = async () => (await store.stored()).map((stored) => stored.model).sort();
  await store.download(small, base, () => undefined, signal);
  await store.download(large, base, () => undefined, signal);
  // Counted once, however many need it.
  assert.deepEqual(await owners(), ["large", "small", "small"]);
  await store.remove(small, base, known);
  assert.deepEqual(await store.cached(known, base), ["large"]);
  assert.deepEqual(await owners(), ["large", "large"]);
  await store.remove(large, base, known);
  assert.deepEqual(await store.stored(), []);
});

test("a file without a hash counts as whole only once it was checked", async () => {
  for (const [url, outcome] of [
    ["hub.gguf", true],
    ["short.gguf", false],
  ] as const) {
    requests = [];
    const path = mkdtempSync(join(tmpdir(), "alcove-"));
    const seen: string[][] = [];
    const hashes = new (class extends FirstHashes {
      override async check(...args: Parameters<FirstHashes["check"]>) {
        seen.push(readdirSync(path));
        return super.check(...args);
      }
    })(async () => undefined);
    const shelf = new DiskFileShelf(diskFolder(path));
    const store = new FileStore(async () => shelf, { firstHashes: hashes });
    const got = store.get({ url, bytes: 1 }, base, () => undefined, signal);
    if (outcome) await got;
    else await assert.rejects(got, { code: "model-invalid" });
    // Its mark is written after the check; without one a crash leaves a half.
    assert.deepEqual(
      seen.flat().filter((name) => name.endsWith(".json")),
      [],
    );
    assert.equal(seen.length, outcome ? 1 : 0);
    assert.equal(readdirSync(path).length, outcome ? 2 : 0);
  }
});

test("a check that the disk has no room for leaves the file a part", async () => {
  const { shelf } = fresh();
  const disk = new DiskFileShelf(diskFolder(mkdtempSync(join(tmpdir(), "alcove-"))));
  for (const each of [shelf, disk]) {
    const part = await each.part("key", ABOUT);
    part.append(new Uint8Array(9));
    const entry = { key: "key", name: "a file", bytes: 9 };
    const full = async () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    await assert.rejects(part.finish(entry, full), { name: "QuotaExceededError" });
    assert.equal(await each.find("key"), undefined);
    const again = await each.part("key", ABOUT);
    assert.equal(again.bytes, 9);
    again.close();
  }
});
