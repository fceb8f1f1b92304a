import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import { openDB } from "idb";
import { delta, newBrowser, newTab, question, reply, Session, said, settle, until } from "./tabs.ts";

const put = IDBObjectStore.prototype.put;
const refuse = (): void => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
};

beforeEach(newBrowser);
afterEach(() => {
  IDBObjectStore.prototype.put = put;
});

test("a save that fails is told, waits, and is kept when there is room again", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  await session.turn("one");
  const troubles: (string | undefined)[] = [];
  tab.addEventListener("trouble", () => troubles.push(tab.trouble?.code));
  refuse();
  await assert.rejects(session.add(question("two")), { name: "QuotaExceededError" });
  assert.match(tab.trouble?.message ?? "", /not being kept/);
  assert.match(tab.trouble?.action ?? "", /Export/);
  // In this tab nothing of it is lost.
  assert.deepEqual(
    (await tab.get("x"))?.messages.map(({ content }) => content),
    ["one", "one!", "two"],
  );
  assert.equal((await tab.list())[0]?.count, 3);
  assert.deepEqual(await said("x"), ["one", "one!"]);
  await assert.rejects(session.add(reply("two!")));
  tab.release("x");
  const again = await new Session(tab, "x").open();
  assert.deepEqual(
    again.known.map(({ content }) => content),
    ["one", "one!", "two", "two!"],
  );
  IDBObjectStore.prototype.put = put;
  await until(() => tab.trouble === null);
  assert.deepEqual(await said("x"), ["one", "one!", "two", "two!"]);
  assert.deepEqual(troubles, ["quota", undefined]);
});

test("an answer that breaks off while its question cannot be kept is kept with it", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  refuse();
  await assert.rejects(session.add(question("one")));
  session.writer.say({ type: "text", text: "Once" });
  await assert.rejects(session.writer.breakOff("error"));
  IDBObjectStore.prototype.put = put;
  await until(() => tab.trouble === null);
  assert.deepEqual(await said("x"), ["one", "Once"]);
});

test("a save that breaks off in the middle takes nothing away", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.turn("one");
  await session.turn("two");
  let puts = 0;
  IDBObjectStore.prototype.put = function (
    this: typeof IDBObjectStore.prototype,
    ...args: Parameters<typeof put>
  ) {
    if (++puts === 2) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, args);
  };
  await assert.rejects(session.writer.save(delta("x", 1, reply("a"), question("b"), reply("c"))));
  assert.deepEqual(await said("x"), ["one", "one!", "two", "two!"]);
  await until(async () => (await said("x")).length === 4 && (await said("x"))[1] === "a");
});

test("a database that somebody upgrades is opened again", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.turn("one");
  const other = await openDB("alcove", 9, { upgrade: (db) => db.createObjectStore("theirs") });
  await session.turn("two");
  assert.deepEqual(await said("x"), ["one", "one!", "two", "two!"]);
  other.close();
});

test("a database that is deleted under an open conversation gets all of it again", async () => {
  const tab = newTab();
  const session = await new Session(tab, "x").open();
  await session.turn("one");
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("alcove").onsuccess = resolve;
  });
  await session.turn("two");
  await until(async () => (await said("x")).length === 4);
  assert.deepEqual(await said("x"), ["one", "one!", "two", "two!"]);
});

test("a database that somebody else has changed beyond use is told", async () => {
  const other = await openDB("alcove", 9);
  const tab = newTab();
  await assert.rejects(tab.list(), { code: "unsupported", action: "Reload the page." });
  other.close();
});

const OLD = (index: number) => ({
  id: `old-${index}`,
  title: `Old ${index}`,
  created: "2025-01-01T00:00:00.000Z",
  updated: `2025-01-01T00:00:0${index}.000Z`,
  provider: "llamacpp",
  model: "tiny",
  system: "Be brief.",
  messages: [question(`q${index}`), reply(`a${index}`), question("again?")].slice(0, index + 1),
});

async function keptByVersion2(broken = false): Promise<void> {
  const db = await openDB("alcove", 2, {
    upgrade: (created) => {
      created.createObjectStore("conversations", { keyPath: "id" });
      created.createObjectStore("settings");
    },
  });
  for (const index of [0, 1, 2]) await db.put("conversations", OLD(index));
  if (broken) await db.put("conversations", { id: "zz", messages: 3 });
  await db.put("settings", "tiny", "model");
  db.close();
}

test("a database that is slow to open is waited for: no list before it is there", async () => {
  await keptByVersion2();
  // An old tab that does not let go.
  const old = await openDB("alcove", 2, { blocking: () => undefined });
  let listed: unknown;
  const listing = newTab().list();
  void listing.then((list) => {
    listed = list;
  });
  await settle();
  assert.equal(listed, undefined);
  old.close();
  assert.equal((await listing).length, 3);
});

test("what version 2 kept is all there", async () => {
  await keptByVersion2();
  const tab = newTab();
  assert.deepEqual(
    (await tab.list()).map(({ id, count }) => [id, count]),
    [
      ["old-2", 3],
      ["old-1", 2],
      ["old-0", 1],
    ],
  );
  for (const index of [0, 1, 2]) assert.deepEqual(await tab.get(`old-${index}`), OLD(index));
  const session = await new Session(tab, "old-1").open();
  await session.turn("new");
  assert.equal((await tab.get("old-1"))?.title, "Old 1");
  assert.deepEqual(await said("old-1"), ["q1", "a1", "new", "new!"]);
});

test("a migration that is cut off leaves everything as it was, and the next one does it", async () => {
  await keptByVersion2();
  let puts = 0;
  IDBObjectStore.prototype.put = function (
    this: typeof IDBObjectStore.prototype,
    ...args: Parameters<typeof put>
  ) {
    if (++puts >= 3) throw new DOMException("gone", "UnknownError");
    return put.apply(this, args);
  };
  await assert.rejects(newTab().list());
  IDBObjectStore.prototype.put = put;
  const tab = newTab();
  for (const index of [0, 1, 2]) assert.deepEqual(await tab.get(`old-${index}`), OLD(index));
});
