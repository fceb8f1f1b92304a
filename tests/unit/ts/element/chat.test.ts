/** <alcove-chat> as it is put into a page, taken out of it, and put into it again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatEvent } from "../../../../web/sdk/index.ts";
import { speak, written } from "./fake_dom.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { AlcoveChatElement } = await import("../../../../web/element/chat.ts");

const rest = () => new Promise((resolve) => setTimeout(resolve));

/** An Alcove of which the test tells when things come. */
class FakeAlcove extends EventTarget {
  status = { phase: "loading", text: "Loading" };
  heard = 0;
  history: (messages: object[]) => void = () => undefined;
  say: (event: Partial<ChatEvent>) => void = () => undefined;
  sent: string[] = [];

  override addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions): void {
    this.heard += 1;
    options?.signal?.addEventListener("abort", () => {
      this.heard -= 1;
    });
    super.addEventListener(type, listener, options);
  }

  async openSession() {
    const past = new Promise<object[]>((resolve) => {
      this.history = resolve;
    });
    return {
      history: () => past,
      close: async () => undefined,
      send: async function* (this: FakeAlcove, text: string) {
        this.sent.push(text);
        while (true) {
          yield await new Promise((resolve) => {
            this.say = resolve as never;
          });
        }
      }.bind(this),
    };
  }
}

function lab() {
  const alcove = new FakeAlcove();
  const tag = new AlcoveChatElement();
  tag.alcove = alcove as never;
  const put = (connected: boolean) => {
    Object.assign(tag, { isConnected: connected });
    if (connected) tag.connectedCallback();
    else tag.disconnectedCallback();
    return rest();
  };
  return { alcove, tag, put };
}

test("a tag that was taken out of the page is not held by an Alcove that lives on", async () => {
  const { alcove, put } = lab();
  await put(true);
  assert.equal(alcove.heard, 1);
  await put(false);
  assert.equal(alcove.heard, 0);
  await put(true);
  assert.equal(alcove.heard, 1);
});

test("what was said earlier in one conversation is not drawn into the next", async () => {
  const { alcove, tag, put } = lab();
  await put(true);
  const { history } = alcove;
  await put(false);
  await put(true);
  history([{ role: "user", content: "Of the one before" }]);
  await rest();
  assert.ok(!written(tag).some((line) => line.includes("Of the one before")), String(written(tag)));
  alcove.history([{ role: "user", content: "Its own" }]);
  await rest();
  assert.ok(written(tag).includes("person: Its own"), String(written(tag)));
});

test("a tag that was taken out in mid-answer can be written to as soon as it is back", async () => {
  const { alcove, tag, put } = lab();
  await put(true);
  void tag.send("One");
  await rest();
  const { say } = alcove;
  await put(false);
  await put(true);
  void tag.send("Two");
  await rest();
  assert.deepEqual(alcove.sent, ["One", "Two"]);
  say({ type: "notice", level: "info", text: "Of the one before" });
  await rest();
  assert.ok(!written(tag).some((line) => line.includes("Of the one before")), String(written(tag)));
});

test("it speaks the language of its document, and goes over to another with that", async () => {
  const { tag, put } = lab();
  const buttons = () => JSON.stringify(labels(tag));
  await put(true);
  assert.match(buttons(), /"Send"/);
  speak("de-AT");
  assert.match(buttons(), /"Senden"/);
  speak("fr");
  assert.match(buttons(), /"Send"/);
  await put(false);
});

const labels = (node: unknown): string[] => {
  const { children, textContent, shadowRoot } = node as {
    children: unknown[];
    textContent: string;
    shadowRoot: unknown;
  };
  return [textContent, ...[...children, ...(shadowRoot ? [shadowRoot] : [])].flatMap(labels)];
};
