/** What the page draws of branches, of compaction and of notices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entryAt, forksOf, NO_FORKS } from "../../../../web/page/state/forks.ts";
import {
  lastQuestion,
  newAnswer,
  placesOf,
  toEntries,
  withEvent,
} from "../../../../web/page/state/transcript.ts";
import type { Alcove, ChatEvent, ChatSession } from "../../../../web/sdk/index.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

Object.assign(globalThis, { __BUILD__: {}, requestIdleCallback: queueMicrotask });
const { Thread } = await import("../../../../web/page/state/thread.ts");

const said = (...roles: string[]) => roles.map((role) => ({ role, content: role }));
const fork = (at: number) => ({ at, current: 1, others: [{}, {}] });

test("each place among the messages has its entry", () => {
  for (const messages of [
    said("user", "assistant", "tool", "assistant", "user", "user", "assistant"),
    said("system", "assistant", "tool", "user", "system", "assistant", "system"),
    said(),
  ]) {
    const places = placesOf(messages);
    assert.equal(places.length, toEntries(messages).length);
    for (const [entry, place] of places.entries()) assert.equal(entryAt(messages, place), entry);
  }
  const messages = said("user", "assistant", "tool", "assistant");
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((at) => entryAt(messages, at)),
    [0, 1, 1, 1, 2],
  );
});

test("what was said while an answer was written is no message with which a turn begins", () => {
  const messages = [
    ...said("user", "assistant"),
    { role: "user", content: "x", metadata: { steered: true } },
  ];
  const entries = toEntries([...messages, ...said("assistant")]);
  assert.deepEqual([entries.length, lastQuestion(entries), lastQuestion([])], [4, 0, -1]);
});

test("a fork stands at its entry, one whose answer never came after the last", () => {
  const messages = said("user", "assistant", "user");
  assert.deepEqual(
    [...forksOf({ messages, branches: [fork(1), fork(3)] })],
    [
      [1, { at: 1, current: 1, count: 3 }],
      [3, { at: 3, current: 1, count: 3 }],
    ],
  );
  assert.equal(forksOf({ messages }), NO_FORKS);
});

test("a notice is a line of the answer and none of its words", () => {
  const notice: ChatEvent = { type: "notice", level: "warning", text: "Look." };
  let answer = withEvent(newAnswer(true), notice);
  answer = withEvent(answer, { type: "end", text: "Yes.", finishReason: "stop" });
  assert.deepEqual(
    answer.parts.map(({ kind }) => kind),
    ["notice", "text"],
  );
});

/** A conversation of two turns; what is done with it is noted. */
function lab() {
  const messages = said("user", "assistant", "user", "assistant").map((each, i) => ({
    ...each,
    content: `${i}`,
  }));
  const state = { events: [] as ChatEvent[], failure: null as AlcoveError | null, calls: [] as unknown[] };
  const chat = {
    id: "x",
    close: async () => undefined,
    history: async () => messages,
    async *edit(index: number, text: string): AsyncGenerator<ChatEvent> {
      state.calls.push(["edit", index, text]);
      if (state.failure) throw state.failure;
      yield* state.events;
    },
    async *send(): AsyncGenerator<ChatEvent> {
      yield* state.events;
    },
    switchBranch: async (...given: number[]) => void state.calls.push(["switch", ...given]),
  };
  const alcove = {
    ready: Promise.resolve(),
    conversations: Object.assign(new EventTarget(), {
      get: async () => ({ messages, branches: [fork(2)] }),
      head: async () => ({}),
      busy: async () => false,
    }),
    openSession: async () => chat as unknown as ChatSession,
  } as unknown as Alcove;
  return { state, messages, thread: new Thread(Promise.resolve(alcove), "x") };
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 20));
const END: ChatEvent = { type: "end", text: "Yes.", finishReason: "stop" };

test("a message is edited by its place, and one that is refused goes to the composer", async () => {
  const { state, thread } = lab();
  await rest();
  assert.equal(thread.forks.get(2)?.at, 2);
  const question = thread.entries[2];
  assert.equal(question?.kind, "user");
  state.events = [END];
  if (question?.kind === "user") await thread.rewrite(question, "other");
  assert.deepEqual(state.calls, [["edit", 2, "other"]]);
  await rest();
  for (const code of ["busy", "quota"] as const) {
    const again = thread.entries[0];
    state.failure = new AlcoveError(code, "Not now.");
    if (again?.kind === "user") await thread.rewrite(again, `typed ${code}`);
    await rest();
    // What is kept is shown, and what was typed is not lost.
    assert.equal(thread.entries.length, 4);
    assert.match(thread.drafts.draft, new RegExp(`typed ${code}`));
    assert.equal(thread.failure?.code, code);
  }
  await thread.switchBranch({ at: 2, current: 1, count: 3 }, 0);
  assert.deepEqual(state.calls.at(-1), ["switch", 2, 0]);
});

test("a message is the one that is meant where a module has said more than is drawn", async () => {
  const { state, messages, thread } = lab();
  await rest();
  const question = thread.entries[2];
  messages.splice(1, 0, { role: "user", content: "In French, please." });
  if (question?.kind === "user") await thread.rewrite(question, "other");
  assert.deepEqual(state.calls, [["edit", 3, "other"]]);
});

test("from where on the model reads is known until a turn reads all", async () => {
  const { state, thread } = lab();
  await rest();
  state.events = [{ type: "compaction", from: 2 }, END];
  await thread.send({ text: "more", pictures: [] });
  assert.equal(thread.drafts.readFrom, 2);
  // What a sub-agent reads of its own task is another matter.
  state.events = [{ type: "compaction", from: 3, agent: { id: "s", name: "a", parent: "x" } }, END];
  await thread.send({ text: "more", pictures: [] });
  assert.equal(thread.drafts.readFrom, 0);
});
