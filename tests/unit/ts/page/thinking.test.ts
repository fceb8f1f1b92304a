import assert from "node:assert/strict";
import { test } from "node:test";
import { RunningAnswer } from "../../../../web/page/state/running-answer.ts";
import { answerText, toEntries } from "../../../../web/page/state/transcript.ts";
import type { ChatEvent } from "../../../../web/sdk/index.ts";
import { addTo, withAnswer } from "../../../../web/sdk/store/answer.ts";
import type { TranscriptMessage, TurnEvent } from "../../../../workers/python/protocol.ts";

const thinks = (text: string, more: { ms?: number; instead?: true } = {}) =>
  ({ type: "thinking", text, ...more }) as const;
const says = (text: string) => ({ type: "text", text }) as const;
const used = (phase: "start" | "end") =>
  ({ type: "tool", phase, id: "c", name: "add", input: {}, result: 3, success: true }) as const;

const ASKED: TranscriptMessage = { role: "user", content: "Hi" };
const STEPS: TurnEvent[] = [
  thinks("le"),
  thinks("t me see"),
  thinks("", { ms: 1200 }),
  used("start"),
  used("end"),
  thinks("so"),
  thinks("", { ms: 0 }),
  says("Par"),
  says("is."),
];

/** The parts of an answer, drawn after every event, or once. */
function parts(events: readonly TurnEvent[], often: boolean) {
  const answer = new RunningAnswer();
  for (const event of events) {
    answer.take(event as ChatEvent);
    if (often) answer.read();
  }
  answer.finish(null);
  return answer.read();
}

test("thinking is a part of its own, in its place, and none of the answer's text", () => {
  for (const often of [false, true]) {
    const entry = parts(STEPS, often);
    assert.deepEqual(
      entry.parts.map((part) => (part.kind === "tool" ? part.name : [part.kind, part.text])),
      [["thinking", "let me see"], "add", ["thinking", "so"], ["text", "Paris."]],
    );
    assert.deepEqual(
      entry.parts.flatMap((part) => (part.kind === "thinking" ? [part.ms] : [])),
      [1200, 0],
    );
    assert.equal(answerText(entry), "Paris.");
  }
});

test("what was taken for text becomes thinking where it was some", () => {
  for (const often of [false, true]) {
    const entry = parts(
      [says("let "), says("me"), thinks("let me", { instead: true, ms: 7 }), says("Yes.")],
      often,
    );
    assert.deepEqual(entry.parts, [
      { kind: "thinking", text: "let me", ms: 7 },
      { kind: "text", text: "Yes." },
    ]);
  }
});

test("an answer that comes only with its end follows the thinking", () => {
  const end = { type: "end", text: "Yes.", finishReason: "stop" } as const;
  assert.deepEqual(parts([thinks("Hm."), end], false).parts, [
    { kind: "thinking", text: "Hm.", ms: null },
    { kind: "text", text: "Yes." },
  ]);
});

test("a reload shows the thinking that was kept", () => {
  const content = [
    { type: "thinking", thinking: "Hm.", ms: 12 },
    { type: "text", text: "Yes." },
  ];
  const [, answer] = toEntries([ASKED, { role: "assistant", content }]);
  assert.ok(answer?.kind === "answer");
  assert.deepEqual(answer.parts, [
    { kind: "thinking", text: "Hm.", ms: 12 },
    { kind: "text", text: "Yes." },
  ]);
});

test("thinking that broke off is kept, and what goes on stays one message", () => {
  const piece: TurnEvent[] = [];
  for (const event of [thinks("le"), thinks("t"), thinks("", { ms: 3 }), says("Pa"), says("r")])
    addTo(piece, event);
  assert.equal(piece.length, 2);
  const broken = withAnswer([ASKED], piece, "interrupted");
  const content = [
    { type: "thinking", thinking: "let", ms: 3 },
    { type: "text", text: "Par" },
  ];
  const metadata = { finish_reason: "interrupted" };
  assert.deepEqual(broken, [ASKED, { role: "assistant", content, metadata }]);
  const whole = withAnswer(broken, [says("is.")], "cancelled");
  assert.equal(whole.length, 2);
  assert.deepEqual(whole[1]?.content, [content[0], { type: "text", text: "Paris." }]);
  const thoughtful = withAnswer(whole, [thinks("so"), says("No.")], "cancelled");
  assert.deepEqual(
    toEntries(thoughtful).flatMap((entry) => (entry.kind === "answer" ? entry.parts : [])),
    [
      { kind: "thinking", text: "let", ms: 3 },
      { kind: "text", text: "Paris." },
      { kind: "thinking", text: "so", ms: null },
      { kind: "text", text: "No." },
    ],
  );
  const instead = withAnswer([ASKED], [says("let"), thinks("let", { instead: true }), says("No")], "error");
  assert.deepEqual(instead[1]?.content, [
    { type: "thinking", thinking: "let" },
    { type: "text", text: "No" },
  ]);
});
