import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove, ChatEvent, ChatSession } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { Thread } = await import("../../../../web/page/state/thread.ts");

interface Said {
  role: string;
  content: string;
  metadata?: unknown;
}

/** A conversation "x" that is kept, and that other tabs change. */
function lab(messages: Said[]) {
  const state = {
    messages,
    answered: false,
    taken: 0,
    failure: null as { code: string } | null,
    unreadable: false,
    opens: Promise.resolve(),
    takesBack: Promise.resolve(),
  };
  const conversations = Object.assign(new EventTarget(), {
    get: async () => {
      if (state.unreadable) throw new DOMException("gone", "UnknownError");
      return { messages: state.messages };
    },
    head: async () => undefined,
    busy: async () => state.answered,
  });
  const chat = {
    id: "x",
    close: async () => undefined,
    takeBack: async () => {
      state.taken += 1;
      await state.takesBack;
      state.messages = state.messages.slice(0, -1);
    },
    // biome-ignore lint/correctness/useYield: it may only fail.
    async *send(): AsyncGenerator<ChatEvent> {
      if (state.failure) throw Object.assign(new Error("refused"), state.failure);
    },
    async *goOn(): AsyncGenerator<ChatEvent> {
      yield { type: "text", text: " a time." };
      yield { type: "end", text: " a time.", finishReason: "stop" };
    },
  };
  const alcove = {
    ready: Promise.resolve(),
    conversations,
    openSession: () => state.opens.then(() => chat as unknown as ChatSession),
  } as unknown as Alcove;
  const thread = new Thread(Promise.resolve(alcove), "x");
  const tell = async (what: string, here = false) => {
    const type = what === "said" ? "answer" : "change";
    conversations.dispatchEvent(new CustomEvent(type, { detail: { id: "x", what, here } }));
    await rest();
  };
  return { state, thread, tell };
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 1));
const user = (content: string): Said => ({ role: "user", content });
const answer = (content: string, finish_reason?: string): Said => ({
  role: "assistant",
  content,
  ...(finish_reason ? { metadata: { finish_reason } } : {}),
});
const words = ({ entries }: InstanceType<typeof Thread>) =>
  entries.map((entry) => (entry.kind === "user" ? entry.text : JSON.stringify(entry.parts)));

test("an answer of another tab grows where it stands, and what was there is not drawn anew", async () => {
  const { state, thread, tell } = lab([user("one"), answer("1")]);
  await rest();
  const before = thread.entries;
  state.answered = true;
  state.messages = [...state.messages, user("two")];
  await tell("saved");
  assert.equal(thread.elsewhere, true);
  const waiting = thread.entries[3];
  assert.ok(waiting?.kind === "answer" && waiting.streaming);
  state.messages = [...state.messages, answer("Once", "interrupted")];
  await tell("said");
  const growing = thread.entries[3];
  assert.ok(growing?.kind === "answer" && growing.streaming);
  assert.equal(growing.key, waiting.key);
  assert.equal(thread.broken, null, "it is under way");
  state.answered = false;
  state.messages = [...state.messages.slice(0, 3), answer("Once upon")];
  await tell("saved");
  assert.deepEqual(words(thread), [
    "one",
    '[{"kind":"text","text":"1"}]',
    "two",
    '[{"kind":"text","text":"Once upon"}]',
  ]);
  assert.equal(thread.elsewhere, false);
  assert.equal(thread.entries[0], before[0]);
  assert.equal(thread.entries[1], before[1]);
  await thread.close();
});

test("the answer of a tab that died stands as broken off, and goes on from its text", async () => {
  const { state, thread, tell } = lab([user("one"), answer("Once upon", "interrupted")]);
  state.answered = true;
  await tell("said");
  assert.equal(thread.broken, null);
  state.answered = false;
  // Nobody tells: it looks itself.
  const deadline = Date.now() + 10_000;
  while (!thread.broken && Date.now() < deadline) await rest();
  assert.ok(thread.broken);
  const { key } = thread.broken;
  await thread.goOn();
  assert.equal(thread.entries.length, 2);
  assert.equal(thread.entries[1]?.key, key);
  assert.match(words(thread)[1] ?? "", /Once upon a time\./);
  await thread.close();
});

test("a message that comes while another tab answers waits in the composer", async () => {
  const { state, thread } = lab([user("one"), answer("1")]);
  await rest();
  state.failure = { code: "busy" };
  await thread.send({ text: "two", pictures: [] });
  assert.equal(thread.drafts.draft, "two");
  assert.equal(thread.failure?.code, "busy");
  assert.deepEqual(words(thread), ["one", '[{"kind":"text","text":"1"}]']);
  state.failure = null;
  await thread.retry();
  assert.equal(thread.drafts.draft, "");
  assert.equal(words(thread)[2], "two");
  await thread.close();
});

test("a refused message goes with its failure, out of the transcript too", async () => {
  const { state, thread } = lab([user("one"), answer("1")]);
  await rest();
  state.failure = { code: "bad-request" };
  const sending = thread.send({ text: "two", pictures: [] });
  state.messages = [...state.messages, user("two")];
  await sending;
  thread.dismissFailure();
  await rest();
  assert.equal(state.taken, 1);
  assert.equal(thread.failure, null);
  assert.equal(thread.drafts.draft, "two");
  assert.deepEqual(words(thread), ["one", '[{"kind":"text","text":"1"}]']);
  await thread.close();
});

test("a failure of the line keeps the question, to be answered later", async () => {
  const { state, thread } = lab([]);
  await rest();
  state.failure = { code: "download-failed" };
  await thread.send({ text: "two", pictures: [] });
  thread.dismissFailure();
  assert.deepEqual(words(thread), ["two"]);
  assert.equal(state.taken, 0);
  await thread.close();
});

test("what is stopped before it begins leaves everything as it was", async () => {
  const { state, thread } = lab([user("one"), answer("Once upon", "interrupted")]);
  let open = (): void => undefined;
  state.opens = new Promise((resolve) => {
    open = resolve;
  });
  await rest();
  thread.drafts.draft = "typed since";
  const before = words(thread);
  for (const begin of [() => thread.goOn(), () => thread.retry()]) {
    const begun = begin();
    await rest();
    assert.equal(thread.busy, true);
    thread.stop();
    await begun;
    await rest();
    assert.deepEqual(words(thread), before);
    assert.ok(thread.broken);
    assert.equal(thread.drafts.draft, "typed since");
  }
  open();
  await thread.close();
});

test("a message that was stopped before the session began with it waits in the composer", async () => {
  const { state, thread } = lab([user("one"), answer("1")]);
  await rest();
  thread.drafts.draft = "";
  state.failure = { code: "cancelled" };
  await thread.send({ text: "two", pictures: [] });
  assert.equal(thread.drafts.draft, "two");
  assert.equal(thread.failure, null);
  assert.deepEqual(words(thread), ["one", '[{"kind":"text","text":"1"}]']);
  await thread.close();
});

test("a turn that waits for a message to be taken back can be stopped", async () => {
  const { state, thread } = lab([user("one"), answer("1")]);
  await rest();
  state.failure = { code: "bad-request" };
  const refused = thread.send({ text: "two", pictures: [] });
  state.messages = [...state.messages, user("two")];
  await refused;
  state.takesBack = new Promise(() => undefined);
  thread.edit();
  await rest();
  assert.equal(state.taken, 1);
  const sending = thread.send({ text: "three", pictures: [] });
  thread.stop();
  await sending;
  assert.equal(thread.busy, false);
  assert.match(thread.drafts.draft, /three/);
  await thread.close();
});

test("what cannot be read for a moment is followed all the same", async () => {
  const { state, thread, tell } = lab([user("one"), answer("Once", "interrupted")]);
  await rest();
  state.answered = true;
  await tell("said");
  assert.equal(thread.elsewhere, true);
  state.unreadable = true;
  await tell("said");
  // That was the last word of the other tab, which has died.
  Object.assign(state, { unreadable: false, answered: false });
  const deadline = Date.now() + 10_000;
  while (thread.elsewhere && Date.now() < deadline) await rest();
  assert.ok(thread.broken);
  await thread.close();
});

test("a deletion is told, be it in another tab or by whoever uses the SDK here", async () => {
  const { thread, tell } = lab([user("one")]);
  await rest();
  let removed = 0;
  thread.addEventListener("removed", () => {
    removed += 1;
  });
  await tell("removed");
  assert.equal(removed, 1);
  await tell("removed", true);
  assert.equal(removed, 2);
  await thread.close();
  await tell("removed", true);
  assert.equal(removed, 2, "whoever closes it before is told nothing");
});
