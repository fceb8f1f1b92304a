/** When the Python of a tab rests: where nobody sees the tab, or uses another one of the site beside it. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { restWhileUnused } from "../../../../web/sdk/rest.ts";
import type { PythonClient } from "../../../../workers/python/client.ts";

const TWO_MINUTES = 120_000;

class Seen extends EventTarget {
  visibilityState = "visible";
  focused = true;
  hasFocus = (): boolean => this.focused;
}

test("a tab rests that is hidden, or beside one that is used; one that is alone in sight does not", async () => {
  const seen = new Seen();
  const page = new EventTarget();
  Object.assign(globalThis, { document: seen, addEventListener: page.addEventListener.bind(page) });
  mock.timers.enable({ apis: ["setInterval"] });
  const told: string[] = [];
  const python = { rest: () => told.push("rest"), wake: () => told.push("wake") };
  const stop = restWhileUnused(python as unknown as PythonClient);
  const other = new BroadcastChannel("alcove-focus");
  const pass = () => {
    mock.timers.tick(TWO_MINUTES);
    return told.splice(0);
  };
  const heard = () => new Promise((resolve) => other.addEventListener("message", resolve, { once: true }));
  /** The other tab is focused; a channel's messages come in order, so an answer of a third says that it was heard. */
  const useOther = async () => {
    const third = new BroadcastChannel("alcove-focus");
    const came = new Promise((resolve) => third.addEventListener("message", resolve, { once: true }));
    other.postMessage(null);
    await came;
    await new Promise(setImmediate);
    third.close();
  };
  const show = (state: string) => {
    seen.visibilityState = state;
    seen.dispatchEvent(new Event("visibilitychange"));
  };

  assert.deepEqual(pass(), ["wake"]);
  seen.focused = false;
  assert.deepEqual(pass(), [], "another program is used");
  await useOther();
  assert.deepEqual(pass(), ["rest"], "another tab is used");
  await useOther();
  assert.deepEqual(pass(), ["rest"], "and goes on being used");

  const focused = heard();
  seen.focused = true;
  page.dispatchEvent(new Event("focus"));
  await focused;
  assert.deepEqual(pass(), ["wake"], "the person is back, and other tabs hear of it");
  await useOther();
  assert.deepEqual(pass(), [], "one that has the focus is used, whatever another says");

  show("hidden");
  assert.deepEqual(pass(), ["rest"]);
  show("visible");
  assert.deepEqual(pass(), ["wake"]);

  show("hidden");
  stop();
  assert.deepEqual(pass(), []);
  other.close();
  mock.timers.reset();
});
