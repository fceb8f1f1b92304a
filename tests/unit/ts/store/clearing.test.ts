/** All that is kept is deleted while tabs are open, and what a tab lets go of when it is closed. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import { newBrowser, newTab, question, Session, said, settle, until } from "./tabs.ts";

const { clearStorage } = await import("../../../../web/sdk/store/clear.ts");
const { tellCleared } = await import("../../../../web/sdk/store/conversations.ts");

// What else is deleted: folders and caches, of which there are none.
Object.defineProperty(globalThis, "navigator", {
  value: { storage: { getDirectory: async () => Promise.reject(new Error("none")) } },
  configurable: true,
});
Object.assign(globalThis, { caches: { keys: async () => [] } });

const put = IDBObjectStore.prototype.put;

beforeEach(newBrowser);
afterEach(() => {
  IDBObjectStore.prototype.put = put;
});

function changesOf(tab: ReturnType<typeof newTab>): string[] {
  const told: string[] = [];
  tab.addEventListener("change", (event) => {
    const { id, what } = (event as CustomEvent).detail;
    told.push(`${id} ${what}`);
  });
  return told;
}

test("what a tab has open while everything is deleted does not come back", async () => {
  const tab = newTab();
  const [session, other] = [await new Session(tab, "x").open(), await new Session(tab, "y").open()];
  await session.turn("one");
  await other.turn("two");
  await tab.list();
  const told = changesOf(tab);
  await clearStorage();
  await settle();
  assert.deepEqual(told.sort(), ["x removed", "y removed"]);
  assert.deepEqual(await tab.list(), []);
  await assert.rejects(session.turn("again"), { code: "bad-request", message: /was deleted/ });
  await assert.rejects(session.add(question("again")), { code: "bad-request" });
  await settle();
  assert.deepEqual(await newTab().list(), []);
});

test("a conversation that is only begun goes on", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  await clearStorage();
  await settle();
  await session.turn("one");
  assert.deepEqual(await said("x"), ["one", "one!"]);
});

test("what was saved before the word of it came is deleted again", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.turn("one");
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("alcove").onsuccess = resolve;
  });
  await session.turn("two");
  await until(async () => (await said("x")).length === 4);
  tellCleared();
  await settle();
  assert.deepEqual(await newTab().list(), []);
});

test("a save that is under way as the word of it comes is deleted again, and nowhere listed", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  const saving = session.add(question("one"));
  tellCleared();
  await assert.rejects(saving, { code: "bad-request" });
  await settle();
  assert.deepEqual(await tab.list(), []);
  assert.deepEqual(await newTab().list(), []);
});

test("what waits to be kept is given up", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await assert.rejects(session.turn("one"));
  assert.equal(tab.trouble?.code, "quota");
  await clearStorage();
  await settle();
  IDBObjectStore.prototype.put = put;
  assert.equal(tab.trouble, null);
  assert.equal(session.writer.waits, false);
  assert.deepEqual(await tab.list(), []);
});

test("one that is closed hears no other tab any more", async () => {
  const [closed, other] = [newTab(), newTab()];
  await (await new Session(other, "x").open()).turn("one");
  await settle();
  const told = changesOf(closed);
  closed.close();
  await other.rename("x", "Mine");
  await other.remove("x");
  await settle();
  assert.deepEqual(told, []);
});

test("one that is closed while something waits goes on until that is kept, or deleted", async () => {
  const [closed, other] = [newTab(), newTab()];
  const [x, y] = [await new Session(closed, "x").open(), await new Session(closed, "y").open()];
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await assert.rejects(x.turn("one"));
  await assert.rejects(y.turn("two"));
  for (const id of ["x", "y"]) closed.release(id);
  closed.close();
  IDBObjectStore.prototype.put = put;
  await other.remove("y");
  await settle();
  assert.equal(y.writer.deleted, true);
  await until(() => !x.writer.waits);
  assert.deepEqual(await said("x"), ["one"]);
  await other.remove("x");
  await settle();
  assert.equal(x.writer.deleted, false, "it hears no more");
});
