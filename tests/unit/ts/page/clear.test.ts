/** "Clear everything" leaves nothing of this Alcove, and does not touch another one of the same origin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove } from "../../../../web/sdk/index.ts";
import { FakeCaches } from "./fake_caches.ts";

class MapStorage {
  constructor(entries: Record<string, string>) {
    Object.assign(this, entries);
  }
  removeItem(key: string): void {
    delete (this as unknown as Record<string, string>)[key];
  }
}

test("caches and the service worker of another Alcove on the same origin stay", async () => {
  const caches = new FakeCaches();
  for (const name of [
    "alcove https://a.example/x/ 1",
    "alcove https://a.example/ 1",
    "alcove-shared https://a.example/x/",
    "alcove-shared https://a.example/",
    "webllm/model",
    "theirs",
  ])
    await caches.open(name);
  const folders: string[] = [];
  const unregistered: string[] = [];
  // The only one that serves this page lies above it, and is the other one's.
  let scope = "https://a.example/";
  const serviceWorker = {
    getRegistration: async () => ({ scope, unregister: async () => void unregistered.push(scope) }),
  };
  const root = { removeEntry: async (name: string) => void folders.push(name) };
  const navigator = { serviceWorker, storage: { getDirectory: async () => root } };
  const deleteDatabase = () => {
    const request = { onsuccess: () => undefined };
    queueMicrotask(() => request.onsuccess());
    return request;
  };
  const went: string[] = [];
  const location = {
    href: "https://a.example/x/?a#chat",
    pathname: "/x/",
    search: "?a",
    assign: (to: string) => went.push(to),
  };
  const local = new MapStorage({ "alcove.colours": "dark", theirs: "1" });
  for (const [name, value] of Object.entries({
    caches,
    navigator,
    location,
    indexedDB: { deleteDatabase },
    localStorage: local,
    sessionStorage: new MapStorage({}),
    __BUILD__: {},
  }))
    Object.defineProperty(globalThis, name, { configurable: true, value });
  const { clearEverything } = await import("../../../../web/page/storage/clear.ts");
  const alcove = { close: async () => undefined } as Alcove;
  await clearEverything(Promise.resolve(alcove));
  assert.deepEqual(await caches.keys(), [
    "alcove https://a.example/ 1",
    "alcove-shared https://a.example/",
    "theirs",
  ]);
  assert.deepEqual(Object.keys(local), ["theirs"]);
  assert.deepEqual(unregistered, []);
  // Wheels that a person installed lie there too.
  assert.deepEqual([...new Set(folders)].sort(), [
    "checksums",
    "documents",
    "engine",
    "home",
    "models",
    "states",
    "storage",
    "wheels",
  ]);
  assert.deepEqual(went, ["/x/?a"]);
  scope = "https://a.example/x/";
  await clearEverything(Promise.resolve(alcove));
  assert.deepEqual(unregistered, [scope]);
});
