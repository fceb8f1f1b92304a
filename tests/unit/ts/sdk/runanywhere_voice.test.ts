/** RunAnywhere's names of voice: what they hold is one, and is let go of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

Object.assign(globalThis, {
  __BUILD__: { activity: "activity.bin" },
  __WORKERS__: { activity: "activity.js" },
  origin: "null",
  location: { href: "file:///" },
});
const { Microphone } = await import("../../../../web/sdk/voice/microphone.ts");
const { AudioCapture } = await import("../../../../web/sdk/runanywhere/audio.ts");
const { VAD } = await import("../../../../web/sdk/runanywhere/vad.ts");

test("a capture whose microphone was unplugged can be started again", async (t) => {
  let microphone: EventTarget = new EventTarget();
  const start = t.mock.method(Microphone.prototype, "start", async function (this: EventTarget) {
    microphone = this;
  });
  t.mock.method(Microphone.prototype, "tap", () => new MessageChannel().port2);
  const capture = new AudioCapture();
  await capture.start();
  const detail = new AlcoveError("unsupported", "The microphone went away.");
  microphone.dispatchEvent(new CustomEvent("ended", { detail }));
  await capture.start();
  assert.equal(start.mock.callCount(), 2);
  capture.stop();
});

test("a detection that is initialized twice at once leaves one worker, and none when it is cleaned up", async () => {
  let running = 0;
  class FakeWorker extends EventTarget {
    constructor() {
      super();
      running += 1;
    }
    postMessage(): void {}
    terminate(): void {
      running -= 1;
    }
  }
  Object.assign(globalThis, { Worker: FakeWorker });
  const initialize = () => VAD.initialize({ modelPath: "/models/silero_vad.onnx" });
  const [first, second] = [initialize(), initialize()];
  second.catch(() => undefined);
  await assert.rejects(first, { code: "cancelled" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(running, 1);
  VAD.cleanup();
  assert.equal(running, 0);
  await assert.rejects(second, { code: "cancelled" });
});
