import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove, ChatEvent, ChatSession, SessionOptions } from "../../../../web/sdk/index.ts";

// What the build writes into a bundle, and nothing here looks at.
Object.assign(globalThis, { __BUILD__: { models: [] } });
const { Thread } = await import("../../../../web/page/state/thread.ts");

interface Opening {
  options: SessionOptions;
  resolve(): void;
  reject(error: Error): void;
  closed: boolean;
  sent: string[];
}

/** An Alcove whose sessions open when the test says so. */
function lab() {
  const openings: Opening[] = [];
  const alcove = {
    ready: Promise.resolve(),
    conversations: { get: async () => undefined },
    openSession: (options: SessionOptions) =>
      new Promise<ChatSession>((resolve, reject) => {
        const opening: Opening = { options, reject, closed: false, sent: [], resolve: () => resolve(chat) };
        const chat = {
          id: `chat-${openings.length}`,
          close: async () => {
            opening.closed = true;
          },
          async *send(text: string): AsyncGenerator<ChatEvent> {
            opening.sent.push(text);
            yield { type: "end", text: "Yes.", finishReason: "stop" };
          },
        } as unknown as ChatSession;
        openings.push(opening);
      }),
  } as unknown as Alcove;
  return { openings, thread: new Thread(Promise.resolve(alcove)) };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const tools = ({ options }: Opening) => (options.tools ?? []).map(({ name }) => name);

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
  assert.equal(thread.draft, "what?");
  assert.deepEqual(thread.pictures, [url]);
  assert.deepEqual(thread.entries, []);
  assert.equal(openings[0]?.sent.length, 0);
});
