/** ChatSession over the store, in two tabs: who may write when, and what Python is told before it does. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import type { ChatEvent } from "../../../../web/sdk/sessions/turn.ts";
import type { TranscriptMessage } from "../../../../workers/python/protocol.ts";
import { all, delayLocks, held, openTab } from "./session_tab.ts";
import { delta, newBrowser, newTab, question, said, settle, until } from "./tabs.ts";

beforeEach(newBrowser);

test("a turn begins with what another tab has added", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(one.chat.send("first"));
  await all(two.chat.send("second"));
  await all(one.chat.send("third"));
  assert.deepEqual(one.calls, ["replace first Yes indeed. second Yes indeed."]);
  assert.deepEqual(two.calls, []);
  assert.deepEqual(
    await said("x"),
    ["first", "second", "third"].flatMap((word) => [word, "Yes indeed."]),
  );
});

test("a second tab is refused while the first one answers, and is told where", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  one.state.waits = true;
  const turn = all(one.chat.send("first"));
  await until(() => held.size > 0);
  await assert.rejects(all(two.chat.send("second")), { code: "busy", message: /in another tab/ });
  await assert.rejects(two.chat.takeBack(), { code: "busy" });
  assert.equal(await two.store.busy("x"), true);
  assert.equal(two.chat.busy, false);
  await until(async () => (await said("x")).length === 2);
  one.release();
  await turn;
  assert.equal(await two.store.busy("x"), false);
  await all(two.chat.send("second"));
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
});

test("what Python has begun on in vain, as another tab answers, is nowhere", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(two.chat.send("zeroth"));
  one.state.waits = true;
  const turn = all(one.chat.send("first"));
  await until(() => held.size > 0);
  await assert.rejects(all(two.chat.send("in vain")), { code: "busy" });
  assert.equal(two.chat.busy, false);
  one.release();
  await turn;
  await all(two.chat.send("second"));
  assert.deepEqual(two.calls, ["replace zeroth Yes indeed. first Yes indeed."]);
  assert.deepEqual(
    await said("x"),
    ["zeroth", "first", "second"].flatMap((word) => [word, "Yes indeed."]),
  );
});

test("a message that is stopped while its lock is asked for is nowhere, and Python forgets it", async () => {
  const { chat, calls } = openTab("x");
  await all(chat.send("first"));
  const letGo = delayLocks();
  const events: ChatEvent[] = [];
  const turn = (async () => {
    for await (const event of chat.send("wrong")) events.push(event);
  })();
  turn.catch(() => undefined);
  await settle();
  const stopped = chat.cancel();
  letGo();
  await stopped;
  await assert.rejects(turn, { code: "cancelled" });
  assert.deepEqual([events, held.size], [[], 0]);
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
  await all(chat.send("second"));
  assert.deepEqual(calls, ["replace first Yes indeed."]);
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
});

test("an answer that is there before its lock is told in order, and nothing of it is kept before", async () => {
  const { chat, state, release } = openTab("x");
  await all(chat.send("first"));
  const letGo = delayLocks();
  state.waits = true;
  const turn = all(chat.send("second"));
  await settle();
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
  letGo();
  await until(async () => (await said("x")).length === 4);
  // Of what was said before, the save of the question took nothing away.
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
  release();
  assert.deepEqual(
    (await turn).map(({ type }) => type),
    ["text", "text", "end"],
  );
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
});

test("a conversation that another tab deletes in mid-answer is stopped and stays deleted", async () => {
  const [one, other] = [openTab("x"), newTab()];
  one.state.waits = true;
  const turn = all(one.chat.send("first"));
  turn.catch(() => undefined);
  await until(async () => (await said("x")).length > 0);
  await other.remove("x");
  await assert.rejects(turn, { code: "bad-request", message: "This conversation was deleted." });
  await assert.rejects(all(one.chat.send("again")), { code: "bad-request" });
  await settle();
  assert.deepEqual(await said("x"), []);
});

test("what Python said before it died is kept, and can be gone on with", async () => {
  const { chat, state, store } = openTab("x");
  state.dies = true;
  await assert.rejects(all(chat.send("first")), { code: "engine-crashed" });
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
  const last = (await store.get("x"))?.messages.at(-1);
  assert.deepEqual(last?.metadata, { finish_reason: "error" });
});

test("a message that is taken back is out of the transcript and of Python", async () => {
  const { chat, calls } = openTab("x");
  await all(chat.send("first"));
  await all(chat.send("wrong"));
  await chat.takeBack();
  assert.deepEqual(calls, ["replace first Yes indeed."]);
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
  await all(chat.send("right"));
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "right", "Yes indeed."]);
});

test("an answer that was spoken ends with what was heard of it, in the transcript and in Python", async () => {
  const { chat, calls } = openTab("x");
  await all(chat.send("first"));
  await chat.shorten("Yes");
  assert.deepEqual(calls, ["replace first Yes"]);
  assert.deepEqual(await said("x"), ["first", "Yes"]);
  await all(chat.send("second"));
  await chat.shorten("");
  assert.deepEqual(await said("x"), ["first", "Yes", "second"]);
  // Nothing of a question is lost where its answer never came.
  await chat.shorten("");
  assert.deepEqual(await said("x"), ["first", "Yes", "second"]);
});

test("of an answer with tools in it each message keeps the part of it that was heard", async () => {
  const { chat, store } = openTab("x");
  const call = { id: "1", name: "clock", arguments: {} };
  const answer: TranscriptMessage[] = [
    { role: "assistant", content: [{ type: "text", text: "Let me look. " }], tool_calls: [call] },
    { role: "tool", content: "noon", tool_call_id: "1" },
    { role: "assistant", content: [{ type: "text", text: "It is noon now." }] },
  ];
  const left = async (heard: string) => {
    await chat.keep({ ...delta("x", 0, question("what time?"), ...answer), title: "what time?" });
    await chat.shorten(heard);
    return (await store.get("x"))?.messages.slice(1).map(({ content }) => content);
  };
  const [looks, says] = answer.filter(({ role }) => role === "assistant").map(({ content }) => content);
  assert.deepEqual(await left("Let me look. It is"), [looks, "noon", [{ type: "text", text: "It is" }]]);
  assert.deepEqual(await left("Let me"), [[{ type: "text", text: "Let me" }], "noon"]);
  assert.deepEqual(await left(""), [[], "noon"]);
  assert.deepEqual(await left("Let me look.\n\nIt is noon now."), [looks, "noon", says]);
  // What begins otherwise is another answer: one that was typed for since.
  assert.deepEqual(await left("Good morning"), [looks, "noon", says]);
});

test("one whose only message is taken back is not listed, and gets its next words as its title", async () => {
  const { chat, store } = openTab("x");
  await all(chat.send("first"));
  await chat.takeBack();
  assert.deepEqual(await store.list(), []);
  assert.deepEqual(await newTab().list(), []);
  await all(chat.send("right"));
  assert.deepEqual(await said("x"), ["right", "Yes indeed."]);
});

test("where nothing can be kept a new Python is given the conversation, and nothing that is no session's", async () => {
  globalThis.indexedDB = undefined as never;
  const { chat, python, opened } = openTab("x");
  await all(chat.send("first"));
  python.epoch += 1;
  await all(chat.send("second"));
  assert.deepEqual(Object.keys(opened[1] ?? {}).sort(), ["created", "id", "messages", "model", "provider"]);
  const history = await chat.history();
  assert.deepEqual(
    history.map(({ content }) => content),
    ["first", "Yes indeed.", "second", "Yes indeed."],
  );
});

test("in a Python that rested it is opened once", async () => {
  const { chat, state, opened } = openTab("x");
  await all(chat.send("first"));
  state.rests = true;
  await all(chat.send("second"));
  await all(chat.send("third"));
  assert.equal(opened.length, 2);
});

test("a message that is stopped before its turn begins fails, and is nowhere", async () => {
  const { chat, state } = openTab("x");
  state.opens = new Promise(() => undefined);
  const turn = all(chat.send("first"));
  turn.catch(() => undefined);
  await settle();
  await chat.cancel();
  await assert.rejects(turn, { code: "cancelled" });
  assert.equal(held.size, 0);
  assert.deepEqual(await said("x"), []);
});

test("what waits when Python rests and the database is deleted is kept, and what is lost is told", async (t) => {
  const { chat, store, python, calls } = openTab("x");
  await all(chat.send("first"));
  const { put } = IDBObjectStore.prototype;
  t.after(() => {
    IDBObjectStore.prototype.put = put;
  });
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await all(chat.send("second"));
  assert.equal(store.trouble?.code, "quota");
  python.epoch += 1;
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("alcove").onsuccess = resolve;
  });
  IDBObjectStore.prototype.put = put;
  await until(() => store.trouble?.code === "integrity");
  await until(async () => (await said("x")).length > 0);
  assert.deepEqual(await said("x"), ["second", "Yes indeed."]);
  assert.deepEqual(calls, [], "a Python that has nothing is not started for it");
  await all(chat.send("third"));
  assert.deepEqual(await said("x"), ["second", "Yes indeed.", "third", "Yes indeed."]);
});
