import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../../../web/page/state/transcript.ts";
import type { Alcove, ChatEvent, ChatSession, SessionOptions } from "../../../../web/sdk/index.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

// What the build writes into a bundle, and nothing here looks at.
Object.assign(globalThis, { __BUILD__: {}, requestIdleCallback: queueMicrotask });
const { Thread } = await import("../../../../web/page/state/thread.ts");

interface Opening {
  options: SessionOptions;
  resolve(): void;
  reject(error: Error): void;
  closed: boolean;
  sent: string[];
  given: File[];
}

const YES: ChatEvent[] = [{ type: "end", text: "Yes.", finishReason: "stop" }];

/** An Alcove whose sessions open when the test says so; `reads` are the whole conversations that were asked for. */
function lab(answer: Iterable<ChatEvent> | AsyncIterable<ChatEvent> = YES, id?: string, stored?: object) {
  const openings: Opening[] = [];
  const reads: string[] = [];
  const get = async (read: string) => {
    reads.push(read);
    return stored;
  };
  const presets = new EventTarget();
  const alcove = {
    ready: Promise.resolve(),
    presets: async () => presets,
    conversations: Object.assign(new EventTarget(), {
      get,
      head: async () => stored,
      busy: async () => false,
    }),
    openSession: (options: SessionOptions) =>
      new Promise<ChatSession>((resolve, reject) => {
        const opening: Opening = {
          options,
          reject,
          closed: false,
          sent: [],
          given: [],
          resolve: () => resolve(chat),
        };
        const chat = {
          id: `chat-${openings.length}`,
          close: async () => {
            opening.closed = true;
          },
          tools: options.tools ?? [],
          give: async (...files: File[]) => void opening.given.push(...files),
          async *send(text: string): AsyncGenerator<ChatEvent> {
            opening.sent.push(text);
            yield* answer;
          },
        } as unknown as ChatSession;
        openings.push(opening);
      }),
  } as unknown as Alcove;
  return {
    openings,
    reads,
    presets,
    conversations: alcove.conversations,
    thread: new Thread(Promise.resolve(alcove), id),
  };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const tools = ({ options }: Opening) =>
  (options.tools ?? []).map((tool) => (typeof tool === "string" ? tool : tool.name));

test("the switch gives the model the look tool with the next message, and takes it away again", async () => {
  const { openings, thread } = lab();
  await turns();
  openings[0]?.resolve();
  thread.look = true;
  void thread.send({ text: "one", pictures: [] });
  await turns();
  assert.deepEqual(openings.map(tools), [[], ["look"]]);
  assert.equal(openings[0]?.closed, true);
  openings[1]?.resolve();
  await turns();
  assert.deepEqual(openings[1]?.sent, ["one"]);
  thread.look = false;
  void thread.send({ text: "two", pictures: [] });
  await turns();
  assert.deepEqual(tools(openings[2] as Opening), []);
});

test("a conversation is gone on with unread, and one that was not stored yet begins anew", async () => {
  const refused = () => new AlcoveError("bad-request", "There is no such conversation.");
  const kept = lab(YES, "kept", { messages: [] });
  await turns();
  assert.deepEqual([kept.openings[0]?.options.resume, kept.reads], ["kept", ["kept"]]); // read once, to be drawn
  kept.openings[0]?.reject(refused());
  await turns();
  assert.equal(kept.openings.length, 1);
  const lost = lab(YES, "lost");
  await turns();
  lost.openings[0]?.reject(refused());
  await turns();
  assert.deepEqual(
    lost.openings.map(({ options }) => options.resume),
    ["lost", undefined],
  );
});

test("a session that fails to open does not take the place of the one that came after it", async () => {
  const { openings, thread } = lab();
  await turns();
  thread.look = true;
  void thread.send({ text: "one", pictures: [] });
  await turns();
  openings[0]?.reject(new Error("no room"));
  await turns();
  openings[1]?.resolve();
  await turns();
  assert.deepEqual(openings[1]?.sent, ["one"]);
  void thread.send({ text: "two", pictures: [] });
  await turns();
  // The same session: none was opened beside it and forgotten.
  assert.equal(openings.length, 2);
  assert.deepEqual(openings[1]?.sent, ["one", "two"]);
});

test("pictures go with the message, and come back when it is taken back", async () => {
  const { openings, thread } = lab();
  await turns();
  const url = "data:image/png;base64,QQ==";
  const sending = thread.send({ text: "what?", pictures: [url] });
  thread.stop();
  await sending;
  assert.equal(thread.drafts.draft, "what?");
  assert.deepEqual(thread.drafts.pictures, [url]);
  assert.deepEqual(thread.entries, []);
  assert.equal(openings[0]?.sent.length, 0);
});

const answered = ({ entries }: { entries: readonly Entry[] }) => {
  const last = entries.at(-1);
  assert.ok(last?.kind === "answer");
  return last;
};

test("pieces that nobody has read yet are told once, and read all together", async () => {
  let goOn = (): void => undefined;
  async function* pieces(): AsyncGenerator<ChatEvent> {
    for (let index = 0; index < 1_000; index++) yield { type: "text", text: `${index} ` };
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    yield { type: "text", text: "end" };
    yield { type: "end", text: "", finishReason: "length" };
  }
  const { openings, thread } = lab(pieces());
  await turns();
  openings[0]?.resolve();
  let changes = 0;
  thread.addEventListener("change", () => {
    changes += 1;
  });
  const sending = thread.send({ text: "count", pictures: [] });
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(changes, 2, "the turn began, text came");
  const half = answered(thread);
  assert.equal(half.streaming, true);
  assert.match(JSON.stringify(half.parts), /^\[\{"kind":"text","text":"0 1 2 .* 998 999 "\}\]$/);
  assert.equal(answered(thread), half, "an entry that was read stays the same until more comes");
  goOn();
  await sending;
  const whole = answered(thread);
  assert.equal(whole.key, half.key);
  assert.match(JSON.stringify(whole.parts), / 999 end"/);
  assert.deepEqual([whole.streaming, whole.finishReason], [false, "length"]);
});

test("a failure keeps what was written, and takes away an answer that holds nothing", async () => {
  for (const text of ["", "Half an "]) {
    async function* failing(): AsyncGenerator<ChatEvent> {
      if (text) yield { type: "text", text };
      throw Object.assign(new Error("gone"), { code: "download-failed" });
    }
    const { openings, thread } = lab(failing());
    await turns();
    openings[0]?.resolve();
    await thread.send({ text: "say", pictures: [] });
    assert.equal(thread.failure?.code, "download-failed");
    assert.equal(thread.entries.length, text ? 2 : 1);
    if (text) assert.deepEqual(answered(thread).parts, [{ kind: "text", text }]);
    if (text) assert.deepEqual([answered(thread).streaming, answered(thread).finishReason], [false, "error"]);
  }
});

test("tools that run side by side ask one after the other, and what is over asks no more", async () => {
  const answered: string[] = [];
  const question = (id: string): ChatEvent => ({
    type: "approval",
    id,
    prompt: "Allow?",
    options: ["Allow once", "Deny"],
    call: id,
    respond: async (option) => void answered.push(`${id} ${option}`),
  });
  let goOn = (): void => undefined;
  async function* answer(): AsyncGenerator<ChatEvent> {
    yield question("one");
    yield question("two");
    yield question("three");
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    yield { type: "tool", phase: "end", id: "two", name: "x", input: {}, success: false };
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    yield* YES;
  }
  const { openings, thread } = lab(answer());
  void thread.send({ text: "Hi", pictures: [] });
  await turns();
  openings[0]?.resolve();
  await turns();
  assert.equal(thread.approval?.id, "one");
  thread.respond("Deny");
  assert.equal(thread.approval?.id, "two");
  goOn();
  await turns();
  assert.equal(thread.approval?.id, "three");
  thread.respond("Allow once");
  assert.equal(thread.approval, null);
  assert.deepEqual(answered, ["one Deny", "three Allow once"]);
  goOn();
  await turns();
  assert.equal(thread.busy, false);
});

test("files go to the python tool, which a conversation gets beside its others", async () => {
  const { thread, openings } = lab(YES, "kept", { messages: [], tools: ["todo"] });
  await turns();
  thread.session.tools = ["todo"];
  const file = new File(["1"], "data.csv");
  thread.session.give([file]);
  const sending = thread.send({ text: "look", pictures: [] });
  for (let i = 0; i < 4; i++) {
    openings.at(-1)?.resolve();
    await turns();
  }
  await sending;
  const last = openings.at(-1);
  assert.ok(last);
  assert.deepEqual([tools(last), last.given, last.sent], [["todo", "python"], [file], ["look"]]);
  await thread.send({ text: "more", pictures: [] });
  assert.deepEqual(last.given, [file]);
});

test("a conversation whose settings were changed, in any tab, is opened anew for the next message", async () => {
  const { openings, conversations, thread } = lab(YES, "mine", { messages: [] });
  await turns();
  openings[0]?.resolve();
  const tell = (what: string, id = thread.id) =>
    conversations.dispatchEvent(new CustomEvent("change", { detail: { id, what, here: false } }));
  tell("configured", "other");
  tell("saved");
  void thread.send({ text: "one", pictures: [] });
  await turns();
  openings[0]?.resolve();
  await turns();
  assert.equal(openings.length, 1);
  assert.equal(thread.busy, false);
  tell("configured");
  void thread.send({ text: "two", pictures: [] });
  await turns();
  assert.equal(openings.length, 2);
  assert.equal(openings[0]?.closed, true);
});

test("a new conversation begins with the defaults as they are when it begins", async () => {
  const { openings, presets, thread } = lab();
  await turns();
  openings[0]?.resolve();
  const tell = (detail: string) => presets.dispatchEvent(new CustomEvent("change", { detail }));
  await turns();
  tell("prompts");
  await thread.session.connect();
  assert.equal(openings.length, 1);
  tell("defaults");
  void thread.send({ text: "one", pictures: [] });
  await turns();
  assert.equal(openings.length, 2);
});
