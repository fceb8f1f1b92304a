/** Messages that are edited and answers that are asked for again: what stood there stays, and can be gone back to. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openDB } from "idb";
import type { Fork, TranscriptMessage } from "../../../../workers/python/protocol.ts";
import { all, delayLocks, openTab } from "./session_tab.ts";
import { delta, newBrowser, newTab, question, reply, said, settle, until, workers } from "./tabs.ts";

const { Conversations } = await import("../../../../web/sdk/store/conversations.ts");

beforeEach(newBrowser);

const forks = async (id: string): Promise<Fork[]> => (await newTab().get(id))?.branches ?? [];
const words = (messages: readonly ({ content: unknown } | undefined)[]) =>
  messages.map((message) => message?.content);

test("what an edit takes the place of stays as a branch, in every tab, and can be gone back to", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(one.chat.send("first"));
  await all(one.chat.send("second"));
  await all(one.chat.edit(0, "other"));
  assert.deepEqual(await said("x"), ["other", "Yes indeed."]);
  const { current, messages } = await two.chat.branches(0);
  assert.deepEqual([current, words(messages)], [1, ["first", "other"]]);
  assert.equal((await newTab().head("x"))?.title, "other");
  await two.chat.switchBranch(0, 0);
  assert.equal((await newTab().head("x"))?.title, "first");
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
  assert.deepEqual((await one.chat.branches(0)).current, 0);
  // The tab in which it was another begins with what is read now.
  await all(one.chat.send("third"));
  assert.equal(one.calls.at(-1), "replace first Yes indeed. second Yes indeed.");
  await one.chat.switchBranch(0, 1);
  assert.deepEqual(await said("x"), ["other", "Yes indeed."]);
  await one.chat.switchBranch(0, 0);
  assert.equal((await said("x")).length, 6);
});

test("a retry keeps the old answer; an edit further up takes its branches along", async () => {
  const { chat, state } = openTab("x");
  await all(chat.send("first"));
  state.words = ["No."];
  await all(chat.retry());
  state.words = ["Maybe."];
  await all(chat.retry());
  assert.deepEqual(await said("x"), ["first", "Maybe."]);
  assert.deepEqual(words((await chat.branches(1)).messages), ["Yes indeed.", "No.", "Maybe."]);
  await chat.switchBranch(1, 1);
  assert.deepEqual((await chat.branches(1)).current, 1);
  await all(chat.edit(0, "other"));
  assert.deepEqual(words((await chat.branches(1)).messages), ["Maybe."]);
  await chat.switchBranch(0, 0);
  assert.deepEqual(await said("x"), ["first", "No."]);
  assert.deepEqual(words((await chat.branches(1)).messages), ["Yes indeed.", "No.", "Maybe."]);
});

test("what was said while an answer was written is a part of its turn: a retry begins before it", async () => {
  const { chat, state, release } = openTab("x");
  await assert.rejects(chat.steer("too early"), { code: "bad-request" });
  state.waits = true;
  const turn = chat.send("first");
  await turn.next();
  await chat.steer("in French");
  release();
  await all(turn);
  assert.deepEqual(await said("x"), ["first", "in French", "Yes indeed."]);
  await all(chat.retry());
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
  assert.deepEqual(words((await chat.branches(1)).messages), ["in French", "Yes indeed."]);
  await chat.switchBranch(1, 0);
  await chat.takeBack();
  assert.deepEqual(await said("x"), []);
});

test("what is no place, or no branch, is refused, and nothing has changed", async () => {
  const { chat, calls } = openTab("x");
  await all(chat.send("first"));
  for (const index of [-1, 1, 2, 0.5])
    await assert.rejects(all(chat.edit(index, "x")), { code: "bad-request" });
  for (const index of [-1, 3]) await assert.rejects(chat.branches(index), { code: "bad-request" });
  for (const [index, to] of [
    [0, 1],
    [0, -1],
    [7, 0],
    [-1, 0],
    [0.5, 0],
  ] as const)
    await assert.rejects(chat.switchBranch(index, to), { code: "bad-request" });
  assert.deepEqual(await chat.branches(0), { current: 0, messages: [question("first")] });
  await all(chat.send("second"));
  assert.deepEqual(await said("x"), ["first", "Yes indeed.", "second", "Yes indeed."]);
  assert.ok(calls.every((call) => call.startsWith("replace first Yes indeed.")));
});

test("an edit that does not begin changes nothing", async () => {
  const { chat, state } = openTab("x");
  await all(chat.send("first"));
  const letGo = delayLocks();
  const turn = all(chat.edit(0, "other"));
  turn.catch(() => undefined);
  await settle();
  const stopped = chat.cancel();
  letGo();
  await stopped;
  await assert.rejects(turn, { code: "cancelled" });
  state.refuses = true;
  await assert.rejects(all(chat.edit(0, "other")), { code: "bad-request" });
  await assert.rejects(all(chat.retry()), { code: "bad-request" });
  state.refuses = false;
  assert.deepEqual([await said("x"), await forks("x")], [["first", "Yes indeed."], []]);
  // What was not set aside is not by the next turn.
  await all(chat.send("second"));
  assert.deepEqual(await forks("x"), []);
});

test("an edit waits for nobody: it is refused while a turn runs, here or elsewhere", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(one.chat.send("first"));
  one.state.waits = true;
  const turn = all(one.chat.edit(0, "other"));
  await until(async () => (await said("x"))[0] === "other");
  for (const { chat } of [one, two]) {
    await assert.rejects(all(chat.edit(0, "third")), { code: "busy" });
    await assert.rejects(chat.switchBranch(0, 0), { code: "busy" });
    await assert.rejects(all(chat.retry()), { code: "busy" });
  }
  one.release();
  await turn;
  await all(two.chat.edit(0, "third"));
  assert.deepEqual(words((await one.chat.branches(0)).messages), ["first", "other", "third"]);
});

test("an answer that dies as it comes in the place of another is a branch too", async () => {
  const { chat, state } = openTab("x");
  await all(chat.send("first"));
  state.dies = true;
  state.words = ["Half"];
  await assert.rejects(all(chat.retry()), { code: "engine-crashed" });
  assert.deepEqual(words((await chat.branches(1)).messages), ["Yes indeed.", "Half"]);
});

test("a retry of which nothing came can be left for what was there before", async () => {
  const { chat, state } = openTab("x");
  await all(chat.send("first"));
  state.dies = true;
  state.words = [];
  await assert.rejects(all(chat.retry()), { code: "engine-crashed" });
  assert.deepEqual(words((await chat.branches(1)).messages), ["Yes indeed.", undefined]);
  await chat.switchBranch(1, 0);
  assert.deepEqual([await said("x"), await forks("x")], [["first", "Yes indeed."], []]);
});

test("what another engine takes over takes the same place", async () => {
  for (const fails of ["before", "after"] as const) {
    newBrowser();
    const { chat, state } = openTab("x");
    await all(chat.send("first"));
    await all(chat.send("second"));
    state.fails = fails;
    await all(chat.edit(0, "other"));
    assert.deepEqual(await said("x"), ["other", "Yes indeed."]);
    assert.deepEqual(words((await chat.branches(0)).messages), ["first", "other"]);
    state.fails = fails;
    await all(chat.retry());
    assert.deepEqual(await said("x"), ["other", "Yes indeed."]);
    assert.equal((await chat.branches(1)).messages.length, 2);
  }
});

test("a session that was closed changes nothing any more", async () => {
  const { chat } = openTab("x");
  await all(chat.send("first"));
  await all(chat.edit(0, "other"));
  await chat.close();
  await assert.rejects(all(chat.edit(0, "third")), { code: "bad-request" });
  await assert.rejects(chat.switchBranch(0, 0), { code: "bad-request" });
  await assert.rejects(chat.takeBack(), { code: "bad-request" });
  assert.deepEqual(await said("x"), ["other", "Yes indeed."]);
});

test("branches go with their conversation, and with the message that is taken back", async () => {
  const { chat, store } = openTab("x");
  await all(chat.send("first"));
  await all(chat.send("second"));
  await all(chat.retry());
  await chat.takeBack();
  assert.deepEqual(await forks("x"), []);
  await all(chat.edit(0, "other"));
  await store.remove("x");
  const db = await openDB("alcove");
  assert.deepEqual(await db.getAll("branches"), []);
  db.close();
  // An Alcove of before has deleted one.
  const old = await openDB("alcove");
  await old.put("branches", [{ at: 0, current: 0, others: [] }], "gone");
  old.close();
  await newTab().list();
  const after = await openDB("alcove");
  assert.deepEqual(await after.getAllKeys("branches"), []);
  after.close();
});

test("where nothing is kept on disk, branches are kept in memory", async () => {
  const { chat } = openTab("x", new Conversations(null, workers()));
  await all(chat.send("first"));
  await all(chat.send("second"));
  await all(chat.edit(0, "other"));
  await all(chat.retry());
  assert.equal((await chat.branches(1)).messages.length, 2);
  await chat.switchBranch(0, 0);
  assert.deepEqual(words(await chat.history()), ["first", "Yes indeed.", "second", "Yes indeed."]);
  await chat.switchBranch(0, 1);
  assert.equal((await chat.branches(1)).messages.length, 2);
});

test("a conversation is edited and exported, and comes back the same, byte for byte", async () => {
  const { chat, store } = openTab("x");
  await all(chat.send("first"));
  await all(chat.retry());
  await all(chat.edit(0, "other"));
  await all(chat.send("more"));
  await all(openTab("y").chat.send("hello"));
  const file = await store.export();
  newBrowser();
  const elsewhere = newTab();
  assert.equal((await elsewhere.import(file)).added.length, 2);
  assert.equal(await (await elsewhere.export()).text(), await file.text());
  assert.deepEqual((await elsewhere.import(file)).added, []);
  await openTab("x", elsewhere).chat.switchBranch(0, 0);
  assert.deepEqual(await said("x"), ["first", "Yes indeed."]);
});

test("an upgrade adds branches to what is kept, and one that is blocked goes on when it can", async () => {
  const old = await openDB("alcove", 3, {
    upgrade(db) {
      db.createObjectStore("conversations", { keyPath: "id" });
      for (const store of ["settings", "messages", "answers", "deleted"]) db.createObjectStore(store);
    },
  });
  const head = { id: "x", title: "Old", created: "2026-01-01", updated: "2026-01-01", count: 2, revision: 1 };
  await old.put("conversations", { ...head, provider: "llamacpp", model: "tiny", system: "" });
  await old.put("messages", question("first"), ["x", 0]);
  await old.put("messages", reply("Yes."), ["x", 1]);
  // It lets go only later, as a tab of before may.
  let read = false;
  const reading = said("x").then((found) => {
    read = true;
    return found;
  });
  await settle();
  assert.equal(read, false);
  old.close();
  assert.deepEqual(await reading, ["first", "Yes."]);
  const { chat } = openTab("x");
  await all(chat.edit(0, "other"));
  assert.equal((await forks("x")).length, 1);
});

test("a call that gets its result late moves no branch to another message", async () => {
  const calling = { role: "assistant", content: "", tool_calls: [{ id: "c", tool: "now", arguments: {} }] };
  const result = { role: "tool", tool_call_id: "c", content: "No result: the tool was interrupted." };
  const [two, b] = [question("two"), reply("B")];
  const branches = [{ at: 3, current: 1, others: [{ messages: [reply("A")], branches: [] }] }];
  const messages = [question("one"), calling, two, b, question("three"), reply("C")] as TranscriptMessage[];
  const record = { ...delta("x", 0), messages, branches };
  const file = { format: "alcove-conversations", version: 1, conversations: [record] };
  const tab = newTab();
  await tab.import(new Blob([JSON.stringify(file)]));
  const writer = tab.writer("x", async () => false);
  await writer.load();
  // What Python says first when the message at place 4 is edited: the result stands in front of it.
  const news = [result as TranscriptMessage, two, b, question("other")];
  await writer.save({ ...delta("x", 2, ...news), aside: 4 });
  assert.deepEqual(
    (await forks("x")).map(({ at, others }) => [at, others.map(({ messages }) => words(messages))]),
    [
      [4, [["A"]]],
      [5, [["three", "C"]]],
    ],
  );
  assert.deepEqual(words((await writer.switchTo(5, 0)) ?? []).slice(2), [
    result.content,
    "two",
    "B",
    "three",
    "C",
  ]);
  assert.deepEqual(words((await writer.switchTo(4, 0)) ?? []).slice(2), [result.content, "two", "A"]);
  assert.deepEqual(words((await writer.switchTo(4, 1)) ?? []).slice(4), ["B", "three", "C"]);
  assert.deepEqual(
    (await forks("x")).map(({ at }) => at),
    [4, 5],
  );
});
