/** The files of a WebLLM model, fetched from a real HTTP server into a cache that is a map. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import type { LoadProgress, WebLlmModel } from "../../../../workers/engine/contract.ts";
import { ModelFiles } from "../../../../workers/webllm/files.ts";
import { checkTokenizer, readConfig, readShards } from "../../../../workers/webllm/manifest.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const shards = [0, 1, 2].map((n) => Uint8Array.from({ length: 5000 + n }, (_, i) => (i * (n + 7)) & 255));
const CONFIG = {
  conv_template: { system_template: "", roles: { user: "u", assistant: "a" }, seps: ["\n"] },
  tokenizer_files: ["tokenizer.json"],
  vocab_size: 4,
  context_window_size: 16,
};
const GOOD: Record<string, Uint8Array> = {
  "mlc-chat-config.json": bytesOf(CONFIG),
  "tokenizer.json": bytesOf({ model: { vocab: { a: 0, b: 3 } }, added_tokens: [] }),
  "tensor-cache.json": bytesOf({
    records: shards.map((shard, i) => ({
      dataPath: `params_shard_${i}.bin`,
      nbytes: shard.length,
      md5sum: hash("md5", shard),
    })),
  }),
  "lib.wasm": Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
};
for (const [i, shard] of shards.entries()) GOOD[`params_shard_${i}.bin`] = shard;

let server: Server;
let base = "";
let served: Record<string, Uint8Array>;
let requests: string[];
/** Called before a file is sent. */
let onRequest: (name: string) => void;

/** The part of CacheStorage that is used. */
class MapCaches {
  readonly all = new Map<string, Map<string, Uint8Array>>();

  async open(name: string) {
    const files = this.all.get(name) ?? new Map<string, Uint8Array>();
    this.all.set(name, files);
    const response = (bytes: Uint8Array | undefined) =>
      bytes && new Response(bytes as Uint8Array<ArrayBuffer>);
    return {
      match: async (url: string) => response(files.get(url)),
      put: async (url: string, file: Response) =>
        void files.set(url, new Uint8Array(await file.arrayBuffer())),
      keys: async () => [...files.keys()].map((url) => ({ url })),
      delete: async (asked: string | { url: string }) =>
        files.delete(typeof asked === "string" ? asked : asked.url),
    };
  }
}

let store: MapCaches;
let files: ModelFiles;
const signal = new AbortController().signal;

before(async () => {
  server = createServer((request, response) => {
    const name = request.url?.split("/").at(-1) ?? "";
    requests.push(name);
    onRequest(name);
    const content = served[name];
    response.writeHead(content ? 200 : 404);
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  served = { ...GOOD };
  requests = [];
  onRequest = () => undefined;
  store = new MapCaches();
  files = new ModelFiles(() => store as unknown as CacheStorage);
});

const model = (more: Partial<WebLlmModel> = {}): WebLlmModel => ({
  engine: "webllm",
  id: "m",
  name: "M",
  family: "f",
  license: "l",
  context: 16,
  system: "",
  weights: "m/",
  library: "m/lib.wasm",
  files: [],
  bytes: 0,
  vram: 0,
  features: [],
  goodFor: [],
  ...more,
});
const get = (wanted = model(), told: LoadProgress[] = [], stop = signal) =>
  files.download(wanted, base, (progress) => told.push(progress), stop);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error) => (error as AlcoveError).code,
  );

test("a whole model lies where WebLLM looks, and is not fetched again", async () => {
  const told: LoadProgress[] = [];
  const place = await get(model(), told);
  assert.match(place.model, /\/resolve\/main\/$/);
  const weights = store.all.get("webllm/model") as Map<string, Uint8Array>;
  const names = [...weights.keys()].map((url) => url.replace(place.model, "")).sort();
  assert.deepEqual(
    names,
    Object.keys(GOOD)
      .filter((name) => !/config|wasm/.test(name))
      .sort(),
  );
  assert.deepEqual(
    [...(store.all.get("webllm/config")?.keys() ?? [])],
    [`${place.model}mlc-chat-config.json`],
  );
  assert.deepEqual([...(store.all.get("webllm/wasm")?.keys() ?? [])], [place.library]);
  assert.deepEqual(told.at(-1)?.parts, { done: 5, total: 5 });
  assert.equal(told.at(-1)?.bytes, told.at(-1)?.total);
  assert.deepEqual(await files.cached([model(), model({ id: "n", weights: "n/" })], base), ["m"]);
  const before = requests.length;
  await get();
  assert.equal(requests.length, before);
});

test("a shard that lies in parts is joined", async () => {
  const name = "params_shard_1.bin";
  const whole = GOOD[name] as Uint8Array;
  const cut = [whole.subarray(0, 3000), whole.subarray(3000)];
  served = { ...GOOD, "1.bin": cut[0] as Uint8Array, "2.bin": cut[1] as Uint8Array };
  delete served[name];
  const parts = cut.map(({ length }, i) => ({ url: `m/${i + 1}.bin`, bytes: length }));
  const known = { url: `m/${name}`, bytes: whole.length, sha256: hash("sha256", whole), parts };
  const place = await get(model({ files: [known] }));
  assert.deepEqual(store.all.get("webllm/model")?.get(place.model + name), whole);
  assert.equal(requests.includes(name), false);
});

test("a model whose hashes are known is found under another address", async () => {
  const known = Object.entries(GOOD).map(([name, bytes]) => ({
    url: `m/${name}`,
    bytes: bytes.length,
    sha256: hash("sha256", bytes),
  }));
  await get(model({ files: known }));
  const moved = known.map((file) => ({ ...file, url: file.url.replace("m/", "mirror/") }));
  const mirror = model({ id: "mirror", weights: "mirror/", library: "mirror/lib.wasm", files: moved });
  assert.deepEqual(await files.cached([mirror], base), ["mirror"]);
});

test("what is wrong does not get in", async () => {
  const flipped = Uint8Array.from(shards[1] as Uint8Array);
  flipped[9] = 1 ^ (flipped[9] as number);
  const wrong: [string, Uint8Array | undefined, string][] = [
    ["params_shard_1.bin", flipped, "integrity"],
    ["params_shard_1.bin", undefined, "download-failed"],
    ["params_shard_2.bin", new Uint8Array(6000), "integrity"],
    ["mlc-chat-config.json", new TextEncoder().encode("<html>"), "download-failed"],
    ["mlc-chat-config.json", bytesOf({}), "model-invalid"],
    ["tensor-cache.json", bytesOf({ records: [] }), "model-invalid"],
    ["tokenizer.json", bytesOf({ model: { vocab: { z: 4 } } }), "model-invalid"],
    ["lib.wasm", new Uint8Array(8), "model-invalid"],
  ];
  for (const [name, content, code] of wrong) {
    served = { ...GOOD };
    if (content) served[name] = content;
    else delete served[name];
    store.all.clear();
    assert.equal(await codeOf(get()), code, name);
    const kept = [...store.all.values()].flatMap((cache) => [...cache.keys()]);
    assert.ok(!kept.some((url) => url.endsWith(name)), `${name} was kept`);
    assert.deepEqual(await files.cached([model()], base), []);
  }
});

test("a library that is not the one of our record is refused, and not kept", async () => {
  const pinned = model({ librarySha256: hash("sha256", GOOD["lib.wasm"] as Uint8Array) });
  served["lib.wasm"] = Uint8Array.from([...(GOOD["lib.wasm"] as Uint8Array), 0]);
  assert.equal(await codeOf(get(pinned)), "integrity");
  assert.deepEqual([...(store.all.get("webllm/wasm")?.keys() ?? [])], []);
  assert.deepEqual(await files.cached([pinned], base), []);
  served = { ...GOOD };
  await get(pinned);
  assert.deepEqual(await files.cached([pinned], base), ["m"]);
});

test("a library that lies here from before its hash was on record counts only if it has that hash", async () => {
  await get();
  const same = model({ librarySha256: hash("sha256", GOOD["lib.wasm"] as Uint8Array) });
  assert.deepEqual(await files.cached([same], base), ["m"]);
  const newer = Uint8Array.from([...(GOOD["lib.wasm"] as Uint8Array), 0]);
  const other = model({ librarySha256: hash("sha256", newer) });
  assert.deepEqual(await files.cached([other], base), []);
  served["lib.wasm"] = newer;
  requests = [];
  const place = await get(other);
  assert.deepEqual(requests, ["lib.wasm"]);
  assert.deepEqual(store.all.get("webllm/wasm")?.get(place.library), newer);
  assert.deepEqual(await files.cached([other], base), ["m"]);
});

test("a stopped download keeps the files that came", async () => {
  const stop = new AbortController();
  onRequest = (name) => {
    if (name === "params_shard_1.bin") stop.abort();
  };
  assert.equal(await codeOf(get(model(), [], stop.signal)), "cancelled");
  onRequest = () => undefined;
  requests = [];
  await get();
  assert.deepEqual(requests, ["params_shard_1.bin", "params_shard_2.bin"]);
});

test("what a hub swapped since is refused, unless the person takes it", async () => {
  await get();
  await files.remove(model(), base);
  const other = Uint8Array.from([...(GOOD["lib.wasm"] as Uint8Array), 7]);
  served["lib.wasm"] = other;
  assert.equal(await codeOf(get()), "integrity");
  assert.deepEqual(await files.cached([model()], base), []);
  const silent = () => undefined;
  await files.download(model(), base, silent, signal, { acceptChanged: true });
  assert.deepEqual(await files.cached([model()], base), ["m"]);
  await files.verify(model(), base, silent, signal);
});

test("a version that was published half way is taken as a whole, when the person takes it", async () => {
  const stop = new AbortController();
  onRequest = (name) => {
    if (name === "params_shard_1.bin") stop.abort();
  };
  assert.equal(await codeOf(get(model(), [], stop.signal)), "cancelled");
  onRequest = () => undefined;
  const later = shards.map((shard) => shard.map((byte) => byte ^ 1));
  later.forEach((shard, i) => {
    served[`params_shard_${i}.bin`] = shard;
  });
  const records = later.map((shard, i) => ({
    dataPath: `params_shard_${i}.bin`,
    nbytes: shard.length,
    md5sum: hash("md5", shard),
  }));
  served["tensor-cache.json"] = bytesOf({ records });
  assert.equal(await codeOf(get()), "integrity");
  const place = await files.download(model(), base, () => undefined, signal, { acceptChanged: true });
  const weights = store.all.get("webllm/model") as Map<string, Uint8Array>;
  for (const [i, shard] of later.entries())
    assert.deepEqual(weights.get(`${place.model}params_shard_${i}.bin`), shard);
});

test("a file that changed in the cache is found, and not loaded any more", async () => {
  const place = await get();
  const silent = () => undefined;
  await files.verify(model(), base, silent, signal);
  const weights = store.all.get("webllm/model") as Map<string, Uint8Array>;
  const at = `${place.model}params_shard_0.bin`;
  const spoilt = Uint8Array.from(weights.get(at) as Uint8Array);
  spoilt[5] = 1 ^ (spoilt[5] as number);
  weights.set(at, spoilt);
  assert.equal(await codeOf(files.verify(model(), base, silent, signal)), "integrity");
  assert.deepEqual(await files.cached([model()], base), []);
  assert.equal(await codeOf(files.verify(model(), base, silent, signal)), "model-not-found");
  requests = [];
  await get();
  assert.deepEqual(requests, ["params_shard_0.bin"]);
});

test("a library that is pinned alone does not make two models one", async () => {
  const library = GOOD["lib.wasm"] as Uint8Array;
  const pin = { url: "m/lib.wasm", bytes: library.length, sha256: hash("sha256", library) };
  const [a, b] = [model({ files: [pin] }), model({ id: "n", weights: "n/", files: [pin] })];
  assert.notEqual((await get(a)).model, (await get(b)).model);
  served["lib.wasm"] = Uint8Array.from([...library, 7]);
  const c = model({ id: "o", weights: "o/", files: [pin] });
  assert.equal(await codeOf(get(c)), "integrity");
});

test("removing a model leaves others", async () => {
  await get();
  await get(model({ id: "n", weights: "n/", library: "n/lib.wasm" }));
  await files.remove(model(), base);
  const both = [model(), model({ id: "n", weights: "n/", library: "n/lib.wasm" })];
  assert.deepEqual(await files.cached(both, base), ["n"]);
});

test("a model for vectors comes as one, and is refused before it is fetched where it is called a chat model", async () => {
  const { conv_template, ...config } = CONFIG;
  served["mlc-chat-config.json"] = bytesOf({ ...config, model_type: "bert" });
  assert.equal(await codeOf(get()), "unsupported");
  assert.deepEqual(requests, ["mlc-chat-config.json"]);
  const embeds = model({ id: "e", record: { model_type: 1 } });
  const place = await get(embeds);
  assert.equal(place.embeds, true);
  assert.deepEqual(await files.cached([embeds], base), ["e"]);
  const found = await files.tokenizer(place, await files.config(place));
  assert.deepEqual(JSON.parse(found as string), { model: { vocab: { a: 0, b: 3 } }, added_tokens: [] });
});

test("what is no model of the usual make is refused before it is fetched", async () => {
  const record = { model_manifest: "mlc-model-manifest.json" };
  assert.equal(await codeOf(get(model({ record }))), "unsupported");
  assert.deepEqual(requests, []);
  assert.equal(await codeOf(get(model({ record: { overrides: {}, model_type: 2 } }))), "no error");
});

test("descriptions that cannot be used say so", () => {
  const invalid = (run: () => unknown) =>
    assert.throws(run, (error) => error instanceof AlcoveError && error.code === "model-invalid");
  invalid(() => readConfig("[1", false));
  invalid(() => readConfig(JSON.stringify({ ...CONFIG, vocab_size: 0 }), false));
  invalid(() => readShards(JSON.stringify({ records: [{ dataPath: "../up", nbytes: 4 }] })));
  invalid(() => readShards(JSON.stringify({ records: [{ dataPath: "a.bin", nbytes: -4 }] })));
  invalid(() => checkTokenizer("{}", readConfig(JSON.stringify(CONFIG), false)));
});
