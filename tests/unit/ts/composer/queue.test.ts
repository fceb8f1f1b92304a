/** What is sent while an answer is written: when it goes, when it waits, and that nothing of it is lost. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Message } from "../../../../web/page/state/drafts.ts";
import type { AnswerEntry, Entry } from "../../../../web/page/state/transcript.ts";

class MapStorage {
  readonly map = new Map<string, string>();
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}
const { Drafts } = await import("../../../../web/page/state/drafts.ts");
const { MessageQueue } = await import("../../../../web/page/state/queue.ts");

beforeEach(() => {
  Object.assign(globalThis, { sessionStorage: new MapStorage() });
});

/** A conversation whose turns end when the test says so. */
class Talk extends EventTarget {
  readonly drafts = new Drafts("x");
  readonly sent: string[] = [];
  readonly queue: InstanceType<typeof MessageQueue>;
  busy = false;
  entries: readonly Entry[] = [];
  constructor() {
    super();
    this.queue = new MessageQueue(this);
  }
  async send(message: Message): Promise<void> {
    if (this.busy) return this.queue.add(message);
    this.sent.push(message.text);
    this.busy = true;
    this.dispatchEvent(new Event("change"));
  }
  end(finishReason: string | null): void {
    const answer = { kind: "answer", finishReason, parts: [] } as unknown as AnswerEntry;
    if (finishReason) {
      this.entries = [...this.entries, answer];
      this.dispatchEvent(new Event("finished"));
    }
    this.busy = false;
    this.dispatchEvent(new Event("change"));
  }
  stop(): void {
    if (this.busy) queueMicrotask(() => this.end("cancelled"));
  }
  async idle(): Promise<void> {
    while (this.busy) await new Promise((done) => this.addEventListener("change", done, { once: true }));
  }
}

const say = (text: string): Message => ({ text, pictures: [] });
const waiting = ({ queue }: Talk) => queue.messages.map(({ text, held }) => (held ? `(${text})` : text));

test("messages go one after the other, each when the answer before it has ended, and what is typed stays", async () => {
  const talk = new Talk();
  for (const text of ["one", "two", "three"]) await talk.send(say(text));
  talk.drafts.draft = "typed";
  assert.deepEqual([talk.sent, waiting(talk)], [["one"], ["two", "three"]]);
  talk.end("stop");
  assert.deepEqual([talk.sent, waiting(talk)], [["one", "two"], ["three"]]);
  talk.end("length");
  talk.end("stop");
  assert.deepEqual([talk.sent, waiting(talk), talk.busy], [["one", "two", "three"], [], false]);
  assert.equal(talk.drafts.draft, "typed");
});

for (const [how, reason] of [
  ["stopped", "cancelled"],
  ["failed", null],
] as const) {
  test(`an answer that was ${how} sends nothing by itself, nor does the next one`, async () => {
    const talk = new Talk();
    await talk.send(say("one"));
    await talk.send(say("two"));
    talk.end(reason);
    assert.deepEqual([talk.sent, waiting(talk)], [["one"], ["(two)"]]);
    await talk.send(say("three"));
    await talk.send(say("four"));
    talk.end("stop");
    assert.deepEqual([talk.sent, waiting(talk)], [["one", "three", "four"], ["(two)"]]);
    talk.end("stop");
    await talk.queue.sendNow(0);
    assert.deepEqual([talk.sent.at(-1), waiting(talk)], ["two", []]);
  });
}

test("sent at once it stops the answer and leaves the others waiting for the person", async () => {
  const talk = new Talk();
  for (const text of ["one", "two", "three"]) await talk.send(say(text));
  await talk.queue.sendNow(1);
  assert.deepEqual([talk.sent, waiting(talk)], [["one", "three"], ["(two)"]]);
});

test("a page that opens finds it in the composer, and sends none of it", async () => {
  const talk = new Talk();
  await talk.send(say("one"));
  await talk.send({ text: "two", pictures: ["data:,a"], files: [{ name: "a.txt", text: "A" }] });
  await talk.send(say("three"));
  talk.drafts.draft = "typed";
  const again = new Talk();
  assert.deepEqual(waiting(again), []);
  assert.equal(again.drafts.draft, "two\nthree\ntyped");
  assert.deepEqual(again.drafts.pictures, ["data:,a"]);
  assert.deepEqual(again.drafts.files, [{ name: "a.txt", text: "A" }]);
  again.end("stop");
  assert.deepEqual(again.sent, []);
});

test("it is edited in the composer, taken away, and given back where the conversation is closed", async () => {
  const talk = new Talk();
  for (const text of ["one", "two", "three", "four"]) await talk.send(say(text));
  talk.queue.edit(1);
  assert.equal(talk.drafts.draft, "three");
  talk.queue.remove(1);
  assert.deepEqual(waiting(talk), ["two"]);
  talk.dispatchEvent(new Event("removed"));
  assert.deepEqual([waiting(talk), talk.drafts.draft], [[], "two\nthree"]);
  talk.end("stop");
  assert.deepEqual(talk.sent, ["one"]);
});
