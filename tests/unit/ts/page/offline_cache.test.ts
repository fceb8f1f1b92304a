/** The service worker's store: a build is whole and unaltered, or it is not used. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";
import { BuildCache, NotKept } from "../../../../web/page/offline/cache.ts";
import type { BuildFile, NotSaved } from "../../../../web/page/offline/protocol.ts";
import { FakeCaches, FakeLocks } from "./fake_caches.ts";

const SCOPE = "https://host.example/alcove/";
const BIG = "pyodide-0123456789/big.wasm";
const SHARED = "assets/shared-AAAA.js";
const ON_USE = "assets/llamacpp-simd-BBBB.wasm";
const big = "w".repeat((256 << 10) + 1);

/** What the host has: path → text. `index.html` lies at the scope. */
let host = new Map<string, string>();
let asked: string[] = [];
let caches = new FakeCaches();

const file = (path: string, text: string): BuildFile => [
  path,
  text.length,
  createHash("sha256").update(text).digest("hex"),
];

const texts = (page: string) => ({
  "index.html": page,
  "alcove.js": "export {}",
  [SHARED]: "shared",
  [BIG]: big,
});

function build(id: string, page = `page ${id}`): BuildCache {
  const files = Object.entries(texts(page)).map(([path, text]) => file(path, text));
  return new BuildCache(SCOPE, { build: id, files, onUse: [file(ON_USE, "simd")] });
}

function publish(page: string): void {
  host = new Map([...Object.entries(texts(page)), [ON_USE, "simd"]]);
}

const cacheOf = (id: string) => `alcove ${SCOPE} ${id}`;
const fill = (cache: BuildCache) => cache.fill(() => undefined);
const textOf = async (answer: Response | undefined) => answer?.text();

async function refuses(work: Promise<unknown>, reason: NotSaved): Promise<void> {
  await assert.rejects(work, (thrown) => thrown instanceof NotKept && thrown.reason === reason);
}

beforeEach(() => {
  caches = new FakeCaches();
  asked = [];
  publish("page A");
  Object.defineProperty(globalThis, "caches", { value: caches, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { locks: new FakeLocks() }, configurable: true });
  globalThis.fetch = async (url) => {
    const path = String(url).slice(SCOPE.length) || "index.html";
    asked.push(path);
    const text = host.get(path);
    if (text === undefined) return new Response("nothing here", { status: 404 });
    return new Response(text, { headers: { "content-type": "text/plain", "content-encoding": "br" } });
  };
});

test("a whole build is kept, and nothing is asked for again", async () => {
  const cache = build("A");
  await fill(cache);
  assert.equal(await cache.isComplete(), true);
  const before = asked.length;
  for (const [path, text] of Object.entries(texts("page A"))) {
    assert.equal(await textOf(await cache.find(path)), text);
  }
  await fill(build("A"));
  assert.equal(asked.length, before);
  const kept = await cache.find("index.html");
  assert.equal(kept?.headers.get("content-encoding"), null);
});

test("a file of equal length that is another one keeps a build from being used", async () => {
  for (const path of ["index.html", "alcove.js", SHARED, BIG]) {
    publish("page A");
    caches.stores.clear();
    host.set(path, (host.get(path) as string).replace(/^./, "X"));
    const cache = build("A");
    await refuses(fill(cache), "altered");
    assert.equal(await cache.isComplete(), false);
  }
});

test("what the next try finds of a cut one is checked and used", async () => {
  host.delete(BIG);
  await refuses(fill(build("A")), "unreachable");
  caches.damage(cacheOf("A"), `${SCOPE}alcove.js`);
  publish("page A");
  asked = [];
  const again = build("A");
  await fill(again);
  assert.equal(await again.isComplete(), true);
  assert.deepEqual(asked.sort(), ["alcove.js", BIG].sort());
});

test("a damaged file of an older build is not taken over", async () => {
  await fill(build("A"));
  caches.damage(cacheOf("A"), SCOPE + BIG);
  publish("page B");
  asked = [];
  const next = build("B");
  await fill(next);
  assert.deepEqual(asked.sort(), ["alcove.js", "index.html", BIG].sort());
  assert.equal(await textOf(await next.find(BIG)), big);
});

test("a damaged copy in the browser's own cache is asked for once more", async () => {
  const fetched = globalThis.fetch;
  const kinds: unknown[] = [];
  globalThis.fetch = async (url, init) => {
    if (!String(url).endsWith(SHARED)) return fetched(url, init);
    kinds.push(init?.cache);
    return init?.cache === "reload" ? fetched(url, init) : new Response("shareX");
  };
  await fill(build("A"));
  assert.deepEqual(kinds, ["default", "reload"]);
});

test("builds that follow each other at once never mix: the one that was overtaken is not used", async () => {
  await fill(build("A"));
  publish("page C"); // B was replaced while its service worker was on its way
  const overtaken = build("B");
  await refuses(fill(overtaken), "altered");
  assert.equal(await overtaken.isComplete(), false);
  const next = build("C");
  await fill(next);
  assert.equal(await textOf(await next.find("index.html")), "page C");
  assert.equal(await textOf(await build("A").find("index.html")), "page A");
});

test("no room: the half of the next build goes, this one stays", async () => {
  await fill(build("A"));
  publish("page B");
  caches.room = 10;
  const next = build("B");
  await refuses(fill(next), "quota");
  assert.deepEqual([...caches.stores.keys()], [cacheOf("A")]);
  const now = build("A");
  assert.equal(await now.isComplete(), true);
  assert.equal(await textOf(await now.find("index.html")), "page A");
});

test("a damaged page or script is never answered with; it is told and can be replaced", async () => {
  const cache = build("A");
  await fill(cache);
  for (const path of ["index.html", SHARED]) {
    caches.damage(cacheOf("A"), SCOPE + path);
    let damaged = 0;
    assert.equal(
      await cache.find(path, () => {
        damaged++;
      }),
      undefined,
    );
    assert.equal(damaged, 1);
    assert.equal(await cache.repair(), 1);
    assert.notEqual(await cache.find(path), undefined);
  }
});

test("a repair replaces what is damaged, large files too, and asks for nothing else", async () => {
  const cache = build("A");
  await fill(cache);
  caches.damage(cacheOf("A"), SCOPE + BIG);
  asked = [];
  assert.deepEqual(await Promise.all([cache.repair(), cache.repair()]), [1, 1]);
  assert.deepEqual(asked, [BIG]);
  assert.equal(await textOf(await cache.find(BIG)), big);
  assert.equal(await cache.isComplete(), true);
});

test("a repair that finds nothing damaged never takes the mark away, however it ends", async () => {
  const cache = build("A");
  await fill(cache);
  publish("page B"); // this build's page could not be had any more
  const match = caches.match.bind(caches);
  const marked: boolean[] = [];
  caches.match = (url, options) => {
    marked.push(caches.stores.get(cacheOf("A"))?.has(`${SCOPE}complete`) === true);
    return match(url, options);
  };
  assert.equal(await cache.repair(), 0);
  assert.ok(marked.length > 3 && marked.every(Boolean));
});

test("a repair that cannot have its file leaves a cache that does not count as whole", async () => {
  const cache = build("A");
  await fill(cache);
  caches.damage(cacheOf("A"), SCOPE + BIG);
  host.clear();
  await refuses(cache.repair(), "unreachable");
  assert.equal(await cache.isComplete(), false);
  assert.equal(await textOf(await cache.find("index.html")), "page A"); // for want of a better
});

test("what comes on use is kept when it is the build's file, and only then", async () => {
  const cache = build("A");
  await fill(cache);
  for (const [path, text] of [
    [ON_USE, "simX"],
    ["assets/unknown-CCCC.js", "anything"],
  ] as const) {
    await cache.keepUsed(path, new Response(text));
    assert.equal(await cache.find(path), undefined);
  }
  await cache.keepUsed(ON_USE, new Response("simd"));
  assert.equal(await textOf(await cache.find(ON_USE)), "simd");
});

test("caches of other builds go, but not while one comes in, nor one that a page needs", async () => {
  await fill(build("A"));
  publish("page B");
  await fill(build("B"));
  publish("page C");
  const cache = build("C");
  await fill(cache);
  await cache.dropOthers(new Set(), () => false);
  assert.equal(caches.stores.size, 3);

  host.delete(BIG);
  const coming = build("D");
  const filling = navigator.locks.request("site", { mode: "shared" }, () =>
    cache.dropOthers(new Set(), () => true),
  );
  await Promise.allSettled([filling, fill(coming)]);
  assert.ok(caches.stores.has(cacheOf("A")));

  await cache.dropOthers(new Set(["B"]), () => true);
  assert.deepEqual([...caches.stores.keys()].sort(), [cacheOf("B"), cacheOf("C")]);
});

test("where the browser cannot read its store nothing is found, so that the host is asked, and nothing is dropped", async () => {
  const kept = build("A");
  await fill(kept);
  const broken = async () => {
    throw new DOMException("internal", "UnknownError");
  };
  Object.assign(caches, { match: broken, keys: broken });
  const cache = build("A");
  assert.equal(await cache.isComplete(), false);
  for (const path of ["index.html", SHARED]) assert.equal(await cache.find(path), undefined);
  await assert.rejects(cache.dropOthers(new Set(), () => true));
  assert.ok(caches.stores.has(cacheOf("A")));
});
