/** When a page is reloaded to become isolated: once, where that helps, and never in a loop. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { gained, reload, reloadIsolates, untouched } from "../../../../web/page/offline/isolation.ts";
import type { WorkerStatus } from "../../../../web/page/offline/protocol.ts";

const ADDS: WorkerStatus = { build: "A", complete: true, added: ["Cross-Origin-Embedder-Policy"] };
let reloads = 0;
let now = 1_000;

function storage() {
  const store = new Map<string, string>();
  return {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  };
}

function page(traits: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(traits)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

beforeEach(() => {
  reloads = 0;
  now = 1_000;
  const window = {};
  page({
    crossOriginIsolated: false,
    isSecureContext: true,
    window: Object.assign(window, { top: window }),
    location: { reload: () => reloads++ },
    sessionStorage: storage(),
    localStorage: storage(),
    Date: { now: () => now++ },
    navigator: { hardwareConcurrency: 8, userActivation: { hasBeenActive: false } },
    performance: { getEntriesByType: () => [{ type: "navigate" }] },
  });
});

test("a reload is worth it where the service worker adds the headers and the page has them not", () => {
  assert.equal(reloadIsolates(ADDS), true);
  assert.equal(reloadIsolates({ ...ADDS, added: ["Cross-Origin-Opener-Policy"] }), true); // the host sends one of the two
  assert.equal(reloadIsolates({ ...ADDS, added: ["Referrer-Policy"] }), false);
  assert.equal(reloadIsolates({ ...ADDS, added: [] }), false);
  assert.equal(reloadIsolates({ build: "old", complete: true }), false);
  assert.equal(reloadIsolates({ ...ADDS, complete: false }), false);
});

test("not in a frame, and not where a browser isolates nothing", () => {
  page({ window: { top: {} } });
  assert.equal(reloadIsolates(ADDS), false);
  page({ window: globalThis.window, isSecureContext: false });
  assert.equal(reloadIsolates(ADDS), false);
});

test("a reload that did not help is not tried again; one that did may be, after a forced reload", () => {
  assert.equal(reload(), true);
  assert.equal(reloads, 1);
  assert.equal(reloadIsolates(ADDS), false);
  page({ crossOriginIsolated: true });
  assert.equal(reloadIsolates(ADDS), false);
  page({ crossOriginIsolated: false });
  assert.equal(reloadIsolates(ADDS), true);
});

test("a tab that cannot remember its reload is not reloaded", () => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  for (const [broken, offered] of [
    [{ getItem: refuse, setItem: refuse }, false],
    [{ getItem: () => null, setItem: refuse }, true],
    [{ getItem: () => null, setItem: () => undefined }, true],
  ] as const) {
    page({ sessionStorage: broken });
    assert.equal(reloadIsolates(ADDS), offered);
    assert.equal(reload(), false);
    assert.equal(reloads, 0);
  }
});

test("untouched is a page that was opened, not reloaded, and that nobody has pressed a key or a button in", () => {
  assert.equal(untouched(), true);
  page({ performance: { getEntriesByType: () => [{ type: "reload" }] } });
  assert.equal(untouched(), false);
  page({ performance: { getEntriesByType: () => [{ type: "navigate" }] } });
  page({ navigator: { userActivation: { hasBeenActive: true } } });
  assert.equal(untouched(), false);
  page({ navigator: {} }); // a browser that does not say
  assert.equal(untouched(), false);
});

test("what was gained is said only where the service worker did it", () => {
  assert.equal(gained(ADDS), "");
  page({ crossOriginIsolated: true });
  assert.match(gained(ADDS), /8 threads/);
  assert.match(gained({ ...ADDS, added: ["Cross-Origin-Opener-Policy"] }), /8 threads/);
  assert.equal(gained({ ...ADDS, added: [] }), "");
});
