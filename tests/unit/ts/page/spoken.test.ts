/** A conversation that is spoken goes through the thread, which draws it as ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove, ChatEvent, ChatSession } from "../../../../web/sdk/index.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

Object.assign(globalThis, { __BUILD__: {}, requestIdleCallback: queueMicrotask });
const { Thread } = await import("../../../../web/page/state/thread.ts");
const { spokenChat } = await import("../../../../web/page/state/spoken.ts");

/** A thread whose session answers so; `log` is what was asked of it. */
function lab(answer: (signal: AbortSignal) => AsyncIterable<ChatEvent>) {
  const log: string[] = [];
  const session = {
    id: "a",
    tools: [],
    close: async () => undefined,
    send: (text: string, { signal }: { signal: AbortSignal }) => {
      log.push(`send ${text}`);
      return answer(signal);
    },
    shorten: async (text: string) => void log.push(`shorten ${text}`),
    takeBack: async () => void log.push("takeBack"),
  } as unknown as ChatSession;
  const alcove = {
    ready: Promise.resolve(),
    conversations: Object.assign(new EventTarget(), {
      get: async () => undefined,
      head: async () => undefined,
      busy: async () => false,
    }),
    presets: async () => new EventTarget(),
    openSession: async () => session,
  } as unknown as Alcove;
  const thread = new Thread(Promise.resolve(alcove));
  return { log, thread, chat: spokenChat(thread) };
}

async function all(events: AsyncIterable<ChatEvent>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of events) types.push(type);
  return types;
}

const END: ChatEvent = { type: "end", text: "Yes.", finishReason: "stop" };

test("what is said is drawn in the thread, and its events are told in their order", async () => {
  const { log, thread, chat } = lab(async function* () {
    yield { type: "text", text: "Ye" };
    yield { type: "text", text: "s." };
    yield END;
  });
  assert.deepEqual(await all(chat.send("Hello")), ["text", "text", "end"]);
  assert.deepEqual(
    thread.entries.map(({ kind }) => kind),
    ["user", "answer"],
  );
  await chat.shorten("Ye");
  await chat.takeBack();
  assert.deepEqual(log, ["send Hello", "shorten Ye", "takeBack"]);
});

test("a stop stops the thread's turn, and what failed is thrown", async () => {
  const stop = new AbortController();
  const stopped = lab(async function* (signal) {
    yield { type: "text", text: "Yes" };
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    yield { ...END, finishReason: "cancelled" };
  });
  const events = all(stopped.chat.send("Hello", { signal: stop.signal }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  assert.deepEqual(await events, ["text", "end"]);
  // biome-ignore lint/correctness/useYield: it fails before a word.
  const fails = lab(async function* () {
    throw new AlcoveError("engine-crashed", "The engine stopped.");
  });
  await assert.rejects(all(fails.chat.send("Hello")), { code: "engine-crashed" });
});

test("what was stopped before it was sent is cancelled, and no draft of what was only said stays", async () => {
  const stop = new AbortController();
  const { chat, thread } = lab(async function* (signal) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new AlcoveError("cancelled", "Stopped.");
  });
  const events = all(chat.send("Hello", { signal: stop.signal }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  await assert.rejects(events, { code: "cancelled" });
  assert.equal(thread.drafts.draft, "");
});

test("while an answer is written nothing else is said", async () => {
  const { chat, thread } = lab(async function* (signal) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    yield END;
  });
  const writing = thread.send({ text: "Written", pictures: [] });
  await assert.rejects(all(chat.send("Hello")), { code: "busy" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  thread.stop();
  await writing;
});
