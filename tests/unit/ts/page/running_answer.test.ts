import assert from "node:assert/strict";
import { test } from "node:test";
import { RunningAnswer } from "../../../../web/page/state/running-answer.ts";
import type { ChatEvent } from "../../../../web/sdk/index.ts";

const text = (words: string): ChatEvent => ({ type: "text", text: words });
const end = (words: string): ChatEvent => ({ type: "end", text: words, finishReason: "cancelled" });

function shown(...events: ChatEvent[]) {
  const answer = new RunningAnswer();
  for (const event of events) answer.take(event);
  return answer.read().parts.map((part) => ("text" in part ? part.text : part.name));
}

test("what came as a turn was stopped is shown as it is kept", () => {
  assert.deepEqual(shown(text("Once "), text("upon"), end('Once upon "')), ['Once upon "']);
  assert.deepEqual(shown(text("Once"), end("Once")), ["Once"]);
  assert.deepEqual(shown(end("Whole.")), ["Whole."]);
  assert.deepEqual(shown(end("")), []);
});

test("the last text of several is not added to what stands", () => {
  const tool = { type: "tool", id: "1", name: "add", input: {} } as const;
  const calls: ChatEvent[] = [
    { ...tool, phase: "start" },
    { ...tool, phase: "end", result: 3, success: true },
  ];
  assert.deepEqual(shown(text("I add."), ...calls, text("Thr"), end("Three.")), ["I add.", "add", "Three."]);
  assert.deepEqual(shown(text("Another."), end("Something else.")), ["Another."]);
});
