/** The Voice tab's hold on the conversation by voice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Workbench } from "../../../../web/page/state/workbench.ts";
import type { VoiceConversation, VoiceState } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { __BUILD__: {}, CSS: { supports: () => false } });
const { Talk } = await import("../../../../web/page/voice/talk.ts");

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

class FakeVoice extends EventTarget {
  state: VoiceState = "idle";
  async start(): Promise<void> {
    this.state = "listening";
  }
  stop(): void {
    this.state = "idle";
  }
}

test("one that is stopped and started again before it is there listens once", async () => {
  const opened: FakeVoice[] = [];
  const come: (() => void)[] = [];
  const openVoice = (): Promise<VoiceConversation> =>
    new Promise((resolve) => {
      come.push(() => {
        const voice = new FakeVoice();
        opened.push(voice);
        resolve(voice as unknown as VoiceConversation);
      });
    });
  const alcove = { openVoice };
  const workbench = { alcove, opened: new Promise(() => undefined), thread: {} };
  const talk = new Talk(workbench as unknown as Workbench);
  void talk.start();
  talk.stop();
  void talk.start();
  for (const there of come) there();
  await settle();
  const listening = () => opened.filter(({ state }) => state === "listening").length;
  assert.equal(listening(), 1);
  talk.stop();
  assert.equal(listening(), 0);
});
