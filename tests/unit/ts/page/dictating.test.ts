/** The dictation of the composer: its microphone is on only while somebody can see and stop it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dictation, DictationCalls } from "../../../../web/page/chat/dictation.ts";
import type { Alcove } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { Dictating } = await import("../../../../web/page/chat/dictating.ts");

const alcove = new Promise<Alcove>(() => undefined);

function scripted() {
  const made: { calls: DictationCalls; on: boolean }[] = [];
  class FakeDictation {
    readonly #made: (typeof made)[number];
    constructor(_: Promise<Alcove>, calls: DictationCalls) {
      this.#made = { calls, on: true };
      made.push(this.#made);
    }
    finish(): void {
      this.#made.on = false;
    }
    stop(): void {
      this.#made.on = false;
    }
  }
  const script = { Dictation: FakeDictation as unknown as typeof Dictation };
  const heard: string[] = [];
  const calls = {
    onText: (text: string) => void heard.push(text),
    onEnd: (problem: string) => void heard.push(`end ${problem}`),
  };
  const dictating = new Dictating(
    async () => script,
    () => undefined,
  );
  return { dictating, press: () => dictating.press(alcove, calls), made, heard };
}

test("whoever leaves while it comes leaves no microphone on, nor does one who presses twice", async () => {
  const { dictating, press, made } = scripted();
  const left = press();
  dictating.stop();
  await left;
  await Promise.all([press(), press()]);
  assert.deepEqual(made, []);
  assert.equal(dictating.on, false);
});

test("what an earlier one still says when another has begun is not written, and does not end that one", async () => {
  const { dictating, press, made, heard } = scripted();
  await press();
  dictating.stop();
  await press();
  made[0]?.calls.onText("late");
  made[0]?.calls.onEnd("");
  made[1]?.calls.onText("now");
  assert.deepEqual(heard, ["now"]);
  assert.deepEqual([dictating.on, made.map(({ on }) => on)], [true, [false, true]]);
  await press();
  assert.equal(dictating.on, true);
  made[1]?.calls.onEnd("");
  assert.deepEqual([dictating.on, heard.at(-1)], [false, "end "]);
});
