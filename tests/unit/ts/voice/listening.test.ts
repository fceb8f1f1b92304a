/** Who has the ears of all tabs. */
import assert from "node:assert/strict";
import { test } from "node:test";

let held = false;
/** As a browser does it: what is asked now is looked at before what ended just now is let go of. */
const locks = {
  async request(_name: string, _options: unknown, work: (lock: object | null) => Promise<void>) {
    if (held) return work(null);
    held = true;
    await work({});
    setTimeout(() => {
      held = false;
    });
  },
};
Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
Object.assign(globalThis, { __BUILD__: {} });
const { alone } = await import("../../../../web/sdk/voice/listening.ts");

test("one that is stopped and started again at once listens; another, meanwhile, does not", async () => {
  const first = new AbortController();
  await alone(first.signal);
  await assert.rejects(alone(new AbortController().signal), { code: "busy" });
  first.abort();
  const second = new AbortController();
  await alone(second.signal);
  assert.equal(held, true);
  second.abort();
});
