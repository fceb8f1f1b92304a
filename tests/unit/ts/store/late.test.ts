/** A database that does not answer, and one that lost what came before. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { delta, newBrowser, newTab, question, reply, Session, said } from "./tabs.ts";

const { Database } = await import("../../../../web/sdk/store/database.ts");

let now = 0;

/** Time goes by until `done`; the database works in between. */
async function passUntil(done: () => boolean): Promise<void> {
  for (let step = 0; step < 5_000 && !done(); step++) {
    now += 100;
    mock.timers.tick(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(done(), "not in 500 s");
}

/** How `work` ends, with the time that it needs. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let ended = false;
  const ends = () => {
    ended = true;
  };
  work.then(ends, ends);
  await passUntil(() => ended);
  return work;
}

beforeEach(() => {
  newBrowser();
  now = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** Another tab that stands still in the middle of a transaction: all others wait. Returns what ends it. */
async function standstill(): Promise<() => void> {
  let over = false;
  const stores = ["conversations", "messages", "answers", "deleted"];
  const opened = await inTime(
    new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("alcove");
      request.onsuccess = () => resolve(request.result);
    }),
  );
  const transaction = opened.transaction(stores, "readwrite");
  const hold = () => {
    if (!over) transaction.objectStore("deleted").get("nobody").onsuccess = hold;
  };
  hold();
  return () => {
    over = true;
    opened.close();
  };
}

test("what does not end in time fails, and nothing of it is done later", async () => {
  const db = new Database();
  await inTime(db.run((c) => c.put("settings", 1, "one")));
  let begun: IDBTransaction | undefined;
  const hangs = db.run(async (c) => {
    const tx = c.transaction("settings", "readwrite");
    begun = tx as unknown as IDBTransaction;
    await tx.store.put(2, "one");
    // Kept open, as a browser that hangs would.
    for (;;) await tx.store.get("one");
  });
  await assert.rejects(inTime(hangs), { code: "timeout", action: /Close other tabs/ });
  assert.ok(begun);
  assert.equal(await inTime(db.run((c) => c.get("settings", "one"))), 1);
});

test("a save that hangs is told, tried again, and kept once when the database goes on", async () => {
  const tab = newTab();
  const session = await inTime(new Session(tab, "x").open());
  await inTime(session.turn("one"));
  const goOn = await standstill();
  await assert.rejects(inTime(session.add(question("two"))), { code: "timeout" });
  assert.equal(tab.trouble?.code, "timeout");
  await assert.rejects(inTime(session.add(reply("two!"))), { code: "timeout" });
  goOn();
  await passUntil(() => tab.trouble === null);
  assert.deepEqual(await inTime(said("x")), ["one", "one!", "two", "two!"]);
});

test("an answer that breaks off while the database hangs lets the turn go, and is kept later", async () => {
  const tab = newTab();
  const session = await inTime(new Session(tab, "x").open());
  await inTime(session.add(question("one")));
  const goOn = await standstill();
  for (const text of ["Once ", "upon ", "a time"]) {
    session.writer.say({ type: "text", text });
    now += 1_000;
    mock.timers.tick(1_000);
  }
  const from = now;
  await assert.rejects(inTime(session.writer.breakOff("error")), { code: "timeout" });
  assert.ok(now - from < 60_000, `${now - from} ms`);
  assert.equal(tab.trouble?.code, "timeout");
  tab.release("x");
  session.writer.leave();
  goOn();
  await passUntil(() => tab.trouble === null);
  assert.deepEqual(await inTime(said("x")), ["one", "Once upon a time"]);
});

test("what comes after an answer that broke off and waits is kept after it", async () => {
  const tab = newTab();
  const session = await inTime(new Session(tab, "x").open());
  await inTime(session.add(question("one")));
  const goOn = await standstill();
  session.writer.say({ type: "text", text: "Once" });
  await assert.rejects(inTime(session.writer.breakOff("error")), { code: "timeout" });
  assert.equal((await inTime(session.writer.begin())).same, true);
  await assert.rejects(inTime(session.add(question("two"))), { code: "timeout" });
  goOn();
  await passUntil(() => tab.trouble === null);
  assert.deepEqual(await inTime(said("x")), ["one", "Once", "two"]);
  assert.equal((await inTime(session.writer.begin())).same, false);
});

/** A save that waits for its time to be tried again, and a database that was deleted meanwhile. */
async function losing(wanted: () => Promise<boolean>) {
  const tab = newTab();
  const writer = tab.writer("x", wanted);
  await inTime(writer.save(delta("x", 0, question("one"), reply("one!"))));
  const goOn = await standstill();
  await assert.rejects(inTime(writer.save(delta("x", 2, question("two")))), { code: "timeout" });
  goOn();
  // No time goes by.
  let gone = false;
  indexedDB.deleteDatabase("alcove").onsuccess = () => {
    gone = true;
  };
  while (!gone) await new Promise((resolve) => setImmediate(resolve));
  return { tab, writer };
}

test("where nobody has what came before, what is new is kept, and the loss is told", async () => {
  const { tab, writer } = await losing(async () => false);
  await passUntil(() => !writer.waits);
  assert.equal(tab.trouble?.code, "integrity");
  assert.match(tab.trouble?.message ?? "", /beginning/);
  assert.deepEqual(await inTime(said("x")), ["two"]);
  // It is told for as long as the conversation is open.
  await inTime(writer.save(delta("x", 1, reply("two!"))));
  assert.equal(tab.trouble?.code, "integrity");
  tab.release("x");
  assert.equal(tab.trouble, null);
});

test("where who has what came before does not answer, it is told and asked again", async () => {
  let asked = 0;
  const { tab, writer } = await losing(async () => {
    if (++asked < 3) throw new Error("No answer came in time.");
    void writer.save(delta("x", 0, question("one"), reply("one!"), question("two")));
    return true;
  });
  await passUntil(() => asked === 2);
  assert.equal(tab.trouble?.code, "quota");
  assert.equal(writer.waits, true);
  await passUntil(() => tab.trouble === null);
  assert.deepEqual(await inTime(said("x")), ["one", "one!", "two"]);
});

test("a session that begins anew goes on with what is left", async () => {
  const { tab, writer } = await losing(() => new Promise(() => undefined));
  const session = await inTime(new Session(tab, "x").open());
  assert.equal(session.writer, writer);
  assert.deepEqual(
    session.known.map(({ content }) => content),
    ["two"],
  );
  assert.equal(tab.trouble?.code, "integrity");
  await inTime(session.add(reply("two!")));
  assert.deepEqual(await inTime(said("x")), ["two", "two!"]);
});
