import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import { delta, newBrowser, newTab, question, reply, Session, said, settle, until } from "./tabs.ts";

beforeEach(newBrowser);

test("a conversation is kept, listed without its messages, and read whole", async () => {
  const tab = newTab();
  const session = await new Session(tab, "a").open();
  await session.turn("one");
  await session.turn("two");
  const [listed] = await newTab().list();
  assert.deepEqual(
    { ...listed, updated: "" },
    {
      id: "a",
      title: "About a",
      created: "2026-01-01T00:00:00.000Z",
      updated: "",
      count: 4,
    },
  );
  assert.deepEqual(await said("a"), ["one", "one!", "two", "two!"]);
  assert.equal((await tab.list())[0]?.count, 4);
});

test("a session reads what was just shown once more only where another tab has changed it", async (t) => {
  await (await new Session(newTab(), "a").open()).turn("one");
  const { getAll } = IDBObjectStore.prototype;
  let reads = 0;
  t.after(() => {
    IDBObjectStore.prototype.getAll = getAll;
  });
  IDBObjectStore.prototype.getAll = function (this: IDBObjectStore, ...how: [IDBKeyRange?]) {
    if (this.name === "messages") reads += 1;
    return getAll.apply(this, how);
  } as never;
  const tab = newTab();
  assert.equal((await tab.head("a"))?.title, "About a");
  assert.equal(reads, 0);
  await tab.get("a");
  const session = await new Session(tab, "a").open();
  assert.deepEqual([reads, session.known.length], [1, 2]);
  const [other, third] = [newTab(), newTab()];
  await other.get("a");
  await (await new Session(third, "a").open()).turn("two");
  reads = 0;
  assert.equal((await new Session(other, "a").open()).known.length, 4);
  assert.equal(reads, 1);
});

test("a retry takes away what was answered", async () => {
  const session = await new Session(newTab(), "a").open();
  await session.turn("one");
  await session.writer.save(delta("a", 1));
  assert.deepEqual(await said("a"), ["one"]);
  await session.writer.save(delta("a", 1, reply("better")));
  assert.deepEqual(await said("a"), ["one", "better"]);
});

test("what another tab said is there before this one goes on", async () => {
  const [a, b] = [await new Session(newTab(), "x").open(), await new Session(newTab(), "x").open()];
  await a.turn("one");
  await b.turn("two");
  await a.turn("three");
  assert.deepEqual(await said("x"), ["one", "one!", "two", "two!", "three", "three!"]);
});

test("two that write at the same time, which only tabs without locks can, lose nothing", async () => {
  const [a, b] = [await new Session(newTab(), "x").open(), await new Session(newTab(), "x").open()];
  await a.turn("zero");
  await b.writer.begin();
  b.known = [question("zero"), reply("zero!")];
  await b.writer.load();
  await a.add(question("one"));
  await b.add(question("two"));
  await a.add(reply("one!"));
  await b.add(reply("two!"));
  assert.deepEqual([...(await said("x"))].sort(), ["one", "one!", "two", "two!", "zero", "zero!"]);
  // Each is told of the other's words with its next turn, also the one that wrote last.
  for (const { writer } of [a, b]) assert.equal((await writer.begin()).same, false);
  assert.equal((await b.writer.begin()).same, true);
});

test("whose conversation it is stays known, also where its last message is taken back", async () => {
  const agent = { name: "Clerk", id: "a1" };
  const tab = newTab();
  const { writer } = await new Session(tab, "x").open();
  await writer.save({ ...delta("x", 0, question("one")), agent });
  assert.deepEqual((await tab.head("x"))?.agent, agent);
  const { messages, branches: _, ...about } = (await tab.get("x")) ?? assert.fail();
  await writer.save({ ...about, from: 0, messages });
  assert.deepEqual((await newTab().head("x"))?.agent, agent);
});

test("what was deleted stays deleted, whoever saves", async () => {
  const [here, there] = [newTab(), newTab()];
  const session = await new Session(here, "x").open();
  await session.turn("one");
  const told: string[] = [];
  here.addEventListener("change", (event) => {
    const { what, here: mine } = (event as CustomEvent).detail;
    told.push(`${what} ${mine ? "here" : "there"}`);
  });
  await there.remove("x");
  await settle();
  assert.deepEqual(told, ["removed there"]);
  assert.deepEqual(await here.list(), []);
  await assert.rejects(session.turn("two"), {
    code: "bad-request",
    message: "This conversation was deleted.",
  });
  await assert.rejects(session.add(question("two")), { code: "bad-request" });
  session.writer.say({ type: "text", text: "more" });
  session.writer.leave();
  await settle();
  assert.equal(await newTab().get("x"), undefined);
  assert.deepEqual(await newTab().list(), []);
});

test("a tab that has not heard of the deletion cannot bring it back either", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.turn("one");
  const channel = globalThis.BroadcastChannel;
  Object.assign(globalThis, { BroadcastChannel: undefined });
  await newTab().remove("x");
  Object.assign(globalThis, { BroadcastChannel: channel });
  await assert.rejects(session.add(question("two")), { code: "bad-request" });
  const fresh = await new Session(newTab(), "x").open();
  await assert.rejects(fresh.add(question("two")), { code: "bad-request" });
  assert.equal(await newTab().get("x"), undefined);
});

test("a title has one owner: the first words, then the person", async () => {
  const [here, there] = [newTab(), newTab()];
  const session = await new Session(here, "x").open();
  await session.turn("one");
  await here.list();
  await there.rename("x", "Polly");
  await settle();
  assert.equal((await here.list())[0]?.title, "Polly");
  await session.turn("two");
  assert.equal((await here.list())[0]?.title, "Polly");
  assert.equal((await newTab().get("x"))?.title, "Polly");
  await here.rename("nobody", "x");
  assert.equal((await newTab().list()).length, 1);
});

test("other tabs hear what was saved, renamed and said", async () => {
  const [here, there] = [newTab(), newTab()];
  const heard: string[] = [];
  for (const type of ["change", "answer"]) {
    there.addEventListener(type, (event) => {
      const { id, what, here: mine } = (event as CustomEvent).detail;
      heard.push(`${type} ${id} ${what} ${mine}`);
    });
  }
  const session = await new Session(here, "x").open();
  await session.add(question("one"));
  session.writer.say({ type: "text", text: "Once" });
  await until(() => heard.length === 2);
  await session.add(reply("Once upon"));
  await here.rename("x", "Tale");
  await settle();
  assert.deepEqual(heard, [
    "change x saved false",
    "answer x said false",
    "change x saved false",
    "change x renamed false",
  ]);
});

test("the answer under way is read with the conversation, and is one with it when it is saved", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.add(question("one"));
  session.writer.say({ type: "text", text: "Once " });
  await settle();
  session.writer.say({ type: "text", text: "upon " });
  session.writer.say({ type: "text", text: "a time" });
  session.writer.leave();
  await settle();
  const messages = (await newTab().get("x"))?.messages ?? [];
  assert.deepEqual(messages.at(-1), {
    role: "assistant",
    content: "Once upon a time",
    metadata: { finish_reason: "interrupted" },
  });
  await session.add(reply("Once upon a time there was."));
  assert.deepEqual(await said("x"), ["one", "Once upon a time there was."]);
});

test("what is on its way to be kept as its answer is saved is not kept beside it", async (t) => {
  await (await new Session(newTab(), "x").open()).add(question("one"));
  const session = await new Session(newTab(), "x").open();
  // A writer's first piece is written at once, and its turn comes after the save was asked for.
  t.mock.method(performance, "now", () => 10_000);
  session.writer.say({ type: "text", text: "Once" });
  await session.add(reply("Once upon a time."));
  assert.equal((await session.tab.get("x"))?.messages.at(-1)?.content, "Once upon a time.");
  session.writer.leave();
  await settle();
  assert.deepEqual(await said("x"), ["one", "Once upon a time."]);
});

test("what a closed tab left of an answer becomes a message with the next turn", async () => {
  const first = await new Session(newTab(), "x").open();
  await first.add(question("one"));
  first.writer.say({ type: "text", text: "Once" });
  first.writer.leave();
  const second = await new Session(newTab(), "x").open();
  await second.turn("two");
  assert.deepEqual(await said("x"), ["one", "Once", "two", "two!"]);
  assert.deepEqual(second.known[1]?.metadata, { finish_reason: "interrupted" });
});

test("an answer that breaks off again while it goes on stays one message", async () => {
  const first = await new Session(newTab(), "x").open();
  await first.add(question("one"));
  await first.add({ ...reply("Once"), metadata: { finish_reason: "cancelled" } });
  first.writer.say({ type: "text", text: " upon" });
  first.writer.leave();
  assert.deepEqual(await said("x"), ["one", "Once upon"]);
  await (await new Session(newTab(), "x").open()).turn("two");
  assert.deepEqual(await said("x"), ["one", "Once upon", "two", "two!"]);
});

test("a tool that was done before the tab was closed keeps its result", async () => {
  const session = await new Session(newTab(), "x").open();
  await session.add(question("one"));
  const tool_calls = [{ id: "c1", name: "now", arguments: {} }];
  await session.add({ role: "assistant", content: "", tool_calls });
  const call = { type: "tool", id: "c1", name: "now", input: {} } as const;
  session.writer.say({ ...call, phase: "end", result: "noon", success: true });
  session.writer.say({ ...call, id: "c2", phase: "start" });
  session.writer.say({ type: "text", text: "It is" });
  session.writer.leave();
  await settle();
  const messages = (await newTab().get("x"))?.messages ?? [];
  assert.deepEqual(messages.slice(2), [
    { role: "tool", tool_call_id: "c1", name: "now", content: "noon" },
    { role: "assistant", content: "It is", metadata: { finish_reason: "interrupted" } },
  ]);
});

test("without a database it lasts as long as the tab", async () => {
  globalThis.indexedDB = undefined as never;
  const tab = newTab();
  assert.equal(tab.persistent, false);
  const session = await new Session(tab, "x").open();
  await session.turn("one");
  await session.turn("two");
  tab.release("x");
  assert.equal((await tab.list())[0]?.count, 4);
  await tab.rename("x", "Mine");
  await (await new Session(tab, "x").open()).turn("three");
  assert.deepEqual(
    (await tab.list()).map(({ title, count }) => [title, count]),
    [["Mine", 6]],
  );
  assert.equal((await tab.get("x"))?.messages.length, 6);
  assert.equal(tab.trouble, null);
  await tab.remove("x");
  assert.deepEqual(await tab.list(), []);
  assert.equal(await tab.get("x"), undefined);
});
