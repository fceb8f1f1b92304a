/** A turn is deleted, put back, and not brought back by anybody else. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { without } from "../../../../web/sdk/store/branches.ts";
import type { TranscriptMessage } from "../../../../workers/python/protocol.ts";
import { all, held, openTab } from "./session_tab.ts";
import { newBrowser, newTab, said, until } from "./tabs.ts";

beforeEach(newBrowser);

const conversation = async (...questions: string[]) => {
  const tab = openTab("x");
  for (const question of questions) await all(tab.chat.send(question));
  tab.calls.length = 0;
  return tab;
};
const YES = "Yes indeed.";

test("a turn goes with its answer, in Python and in the store, and the next one goes on without it", async () => {
  const { chat, calls } = await conversation("first", "second", "third");
  await chat.removeTurn(3);
  assert.deepEqual(await said("x"), ["first", YES, "third", YES]);
  assert.deepEqual(calls, [`replace first ${YES} third ${YES}`]);
  await all(chat.send("fourth"));
  assert.deepEqual(await said("x"), ["first", YES, "third", YES, "fourth", YES]);
});

test("without its first turn a conversation has another title, and without its only one it is empty", async () => {
  const { chat } = await conversation("first", "second");
  await chat.removeTurn(0);
  assert.equal((await newTab().list())[0]?.title, "second");
  await chat.removeTurn(0);
  assert.deepEqual(await said("x"), []);
});

test("it is put back as it was, with its branches, unless the conversation has gone on", async () => {
  const { chat } = await conversation("first", "second");
  await all(chat.edit(0, "otherwise"));
  await all(chat.send("third"));
  const before = await newTab().get("x");
  const putBack = await chat.removeTurn(2);
  assert.deepEqual(await said("x"), ["otherwise", YES]);
  await putBack();
  const { messages, branches } = (await newTab().get("x")) ?? {};
  assert.deepEqual({ messages, branches }, { messages: before?.messages, branches: before?.branches });
  const tooLate = await chat.removeTurn(2);
  await all(chat.send("fourth"));
  await assert.rejects(tooLate(), { code: "bad-request", message: /gone on/ });
  assert.deepEqual(await said("x"), ["otherwise", YES, "fourth", YES]);
});

test("it is refused while an answer is written, here or in another tab, and where nothing stands", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(one.chat.send("first"));
  one.state.waits = true;
  const turn = all(one.chat.send("second"));
  await until(() => held.size > 0);
  await assert.rejects(one.chat.removeTurn(0), { code: "busy" });
  await assert.rejects(two.chat.removeTurn(0), { code: "busy" });
  await until(async () => (await said("x")).length === 4);
  one.release();
  await turn;
  await assert.rejects(one.chat.removeTurn(9), { code: "bad-request" });
  assert.deepEqual(await said("x"), ["first", YES, "second", YES]);
});

test("another tab, which has it yet, goes on without it", async () => {
  const [one, two] = [openTab("x"), openTab("x")];
  await all(one.chat.send("first"));
  await all(two.chat.send("second"));
  await one.chat.removeTurn(0);
  await all(two.chat.send("third"));
  assert.deepEqual(await said("x"), ["second", YES, "third", YES]);
});

test("what was said while a turn ran goes with it, and forks keep their messages", () => {
  const user = (content: string, steered = false): TranscriptMessage => ({
    role: "user",
    content,
    ...(steered && { metadata: { steered } }),
  });
  const answer: TranscriptMessage = { role: "assistant", content: "a" };
  const messages = [user("1"), answer, user("2"), answer, user("3"), answer];
  const other = { messages: [user("x")], branches: [] };
  const fork = (at: number, current = 0) => ({ at, current, others: [other] });
  const { messages: left, branches } = without(
    { messages, branches: [0, 2, 3, 4, 5].map((at) => fork(at)) },
    2,
    4,
  );
  assert.deepEqual(
    left.map(({ content }) => content),
    ["1", "a", "3", "a"],
  );
  assert.deepEqual(
    branches.map(({ at, current, others }) => [at, current, others.length]),
    [
      [0, 0, 1],
      [2, 1, 2],
      [3, 0, 1],
    ],
  );
});

test("without its only turn it reads what else it says; put back it reads that turn", async () => {
  const { chat } = await conversation("first");
  await all(chat.edit(0, "otherwise"));
  const putBack = await chat.removeTurn(1);
  assert.deepEqual(await said("x"), ["first", YES]);
  assert.equal((await newTab().list()).length, 1);
  assert.equal((await newTab().get("x"))?.branches, undefined);
  await putBack();
  assert.deepEqual(await said("x"), ["otherwise", YES]);
  assert.equal((await newTab().get("x"))?.branches?.[0]?.others.length, 1);
});

test("one that cannot be kept yet is deleted all the same, branches and all, and kept later", async () => {
  const { chat, store } = await conversation("first", "second");
  await all(chat.edit(0, "otherwise"));
  await all(chat.send("third"));
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  try {
    const putBack = await chat.removeTurn(0);
    const { messages, branches } = (await store.get("x")) ?? {};
    assert.deepEqual([messages?.map(({ content }) => content), branches?.length], [["third", YES], 1]);
    assert.equal(store.trouble?.code, "quota");
    // Not now; nothing of it is lost by that.
    await assert.rejects(putBack(), { code: "quota" });
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  await until(() => store.trouble === null);
  assert.deepEqual(await said("x"), ["third", YES]);
});

test("put back once its session was opened anew, the new one and its page hear of it and go on with it", async () => {
  const before = await conversation("first", "second");
  const putBack = await before.chat.removeTurn(0);
  await before.chat.close();
  const now = openTab("x", before.store);
  await now.chat.open();
  const heard: unknown[] = [];
  before.store.addEventListener("change", (event) => {
    const { what, here } = (event as CustomEvent).detail;
    heard.push([what, here]);
  });
  await putBack();
  assert.deepEqual(heard, [["saved", false]]);
  assert.deepEqual(await said("x"), ["first", YES, "second", YES]);
  await all(now.chat.send("third"));
  assert.deepEqual(await said("x"), ["first", YES, "second", YES, "third", YES]);
});
