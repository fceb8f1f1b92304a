/** A file that lies in parts, against a real HTTP server that misbehaves on demand. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import type { ModelFile } from "../../../../workers/engine/contract.ts";
import { MemoryFileShelf } from "../../../../workers/files/memory-shelf.ts";
import { fetchParts } from "../../../../workers/files/parts.ts";
import { FileStore } from "../../../../workers/llamacpp/files.ts";

const whole = Uint8Array.from({ length: 250_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const PART = 100_000;
const signal = new AbortController().signal;

type Misbehaviour = "" | "no ranges" | "breaks once" | "too long" | "too short" | "gone" | "html" | "flipped";
let server: Server;
let base = "";
let requests: string[] = [];
/** What the second part's host does. */
let second: Misbehaviour = "";

function answer(request: IncomingMessage, response: ServerResponse): void {
  const range = request.headers.range;
  requests.push(`${request.url} ${range ?? ""}`.trim());
  const number = Number(request.url?.slice(1));
  let bytes = Buffer.from(whole.subarray(number * PART, (number + 1) * PART));
  const wrong = number === 1 ? second : "";
  if (wrong === "gone") return void response.writeHead(404).end();
  if (wrong === "html")
    return void response.writeHead(200, { "content-type": "text/html" }).end("<p>sign in");
  if (wrong === "too long") bytes = Buffer.concat([bytes, Buffer.from("more")]);
  if (wrong === "too short") bytes = bytes.subarray(0, -10);
  if (wrong === "flipped") bytes[0] = (bytes[0] as number) ^ 1;
  const from = wrong === "no ranges" ? 0 : Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
  if (from >= bytes.length) return void response.writeHead(416).end();
  const ranged = range && wrong !== "no ranges";
  response.writeHead(ranged ? 206 : 200, {
    "content-length": String(bytes.length - from),
    ...(ranged ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  if (wrong !== "breaks once") return void response.end(bytes.subarray(from));
  second = "";
  response.write(bytes.subarray(from, from + 40_000), () => setTimeout(() => response.destroy(), 50));
}

const parts = () =>
  [0, 1, 2].map((number) => ({
    url: `${base}${number}`,
    bytes: Math.min(PART, whole.length - number * PART),
  }));

const file = (): ModelFile => ({
  url: "whole.bin",
  bytes: whole.length,
  sha256: createHash("sha256").update(whole).digest("hex"),
  parts: parts().map(({ bytes }, number) => ({ url: String(number), bytes })),
});

async function got(): Promise<Uint8Array> {
  const store = new FileStore(async () => new MemoryFileShelf());
  const blob = await store.get(file(), base, () => undefined, signal);
  return new Uint8Array(await blob.arrayBuffer());
}

before(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  requests = [];
  second = "";
});
after(() => server.close());

test("from any byte on, the parts are the file", async () => {
  for (const wrong of ["", "no ranges"] as const) {
    second = wrong;
    for (const from of [0, 1, PART - 1, PART, PART + 1, 2 * PART, whole.length - 1]) {
      const answer = await fetchParts(parts(), from, signal);
      assert.equal(answer.status, from > 0 ? 206 : 200);
      assert.equal(answer.headers.get("content-length"), String(whole.length - from));
      if (from > 0) {
        const range = `bytes ${from}-${whole.length - 1}/${whole.length}`;
        assert.equal(answer.headers.get("content-range"), range);
      }
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), whole.subarray(from), `${wrong} ${from}`);
    }
  }
});

test("a part is asked for when its turn has come, and no more once nobody reads", async () => {
  const answer = await fetchParts(parts(), 0, signal);
  const reader = answer.body?.getReader();
  await reader?.read();
  assert.deepEqual(requests, ["/0"]);
  await reader?.cancel();
  assert.deepEqual(requests, ["/0"]);
  let cancelled = false;
  const real = globalThis.fetch;
  const body = new ReadableStream({
    cancel() {
      cancelled = true;
    },
  });
  globalThis.fetch = async () => new Response(body);
  try {
    await (await fetchParts(parts(), 0, signal)).body?.cancel();
  } finally {
    globalThis.fetch = real;
  }
  assert.equal(cancelled, true);
});

test("a model in parts is joined, and goes on where it broke", async () => {
  assert.deepEqual(await got(), whole);
  assert.deepEqual(requests, ["/0", "/1", "/2"]);
  requests = [];
  second = "breaks once";
  assert.deepEqual(await got(), whole);
  assert.equal(requests.filter((line) => line.startsWith("/0")).length, 1);
  assert.match(requests[2] as string, /^\/1 bytes=\d+-$/);
});

test("a part that is wrong ends typed, never as a model", async () => {
  for (const [wrong, code] of [
    ["too long", "download-failed"],
    ["too short", "download-failed"],
    ["gone", "download-failed"],
    ["html", "download-failed"],
    ["flipped", "integrity"],
  ] as const) {
    second = wrong;
    await assert.rejects(got(), { code }, wrong);
  }
});

test("what is stopped stops", async () => {
  const stop = new AbortController();
  const answer = await fetchParts(parts(), 0, stop.signal);
  stop.abort();
  await assert.rejects(answer.arrayBuffer());
});
