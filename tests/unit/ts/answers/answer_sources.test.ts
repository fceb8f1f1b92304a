/** What the page reads of an answer's sources, in the transcript and in the events of a turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reconciled } from "../../../../web/page/state/reconciled.ts";
import { RunningAnswer } from "../../../../web/page/state/running-answer.ts";
import { type AnswerEntry, toEntries } from "../../../../web/page/state/transcript.ts";

const source = (n: number, document = "d1") => ({
  n,
  document,
  name: "guide.pdf",
  page: 3,
  text: "The ferry leaves at nine.",
  start: 10,
  end: 35,
});
const passages = (...sources: unknown[]) => ({ type: "text", text: "[1] guide.pdf …", sources });
const asked = (...blocks: object[]) => ({
  role: "user",
  content: [...blocks, { type: "text", text: "When?" }],
});
const answered = { role: "assistant", content: "At nine [1]." };

test("what documents say is no part of the person's message, and the source of its answer", () => {
  const [question, answer, next, other] = toEntries([
    asked(passages(source(1), source(2))),
    answered,
    { role: "user", content: "Thanks" },
    { role: "assistant", content: "You are welcome [1]." },
  ]);
  assert.ok(question?.kind === "user" && next?.kind === "user");
  assert.equal(question.text, "When?");
  assert.deepEqual((answer as AnswerEntry).sources, [source(1), source(2)]);
  assert.deepEqual((other as AnswerEntry).sources, []);
});

test("what a tool found is a source too, and a number means what it meant last", () => {
  const call = (id: string) => ({
    role: "assistant",
    content: "",
    tool_calls: [{ id, name: "documents", arguments: {} }],
  });
  const result = (id: string, ...sources: unknown[]) => ({
    role: "tool",
    tool_call_id: id,
    content: "{}",
    metadata: { sources },
  });
  const [, answer] = toEntries([
    { role: "user", content: "When?" },
    call("a"),
    result("a", source(1), source(2)),
    call("b"),
    result("b", source(2, "d2"), source(3)),
    answered,
  ]);
  const { sources } = answer as AnswerEntry;
  assert.deepEqual(
    sources.map(({ n, document }) => [n, document]),
    [
      [1, "d1"],
      [2, "d2"],
      [3, "d1"],
    ],
  );
});

test("what only looks like a source is none", () => {
  const wrong = [
    null,
    7,
    {},
    { ...source(1), n: "1" },
    { ...source(1), start: 0.5 },
    { ...source(1), name: {} },
  ];
  for (const sources of [wrong, "none", null, 7]) {
    const message = { ...asked({ type: "text", text: "x", sources }), metadata: { sources } };
    const [question, answer] = toEntries([message, answered]);
    assert.deepEqual((answer as AnswerEntry).sources, []);
    assert.ok(question?.kind === "user" && question.text === "When?");
  }
});

test("a running answer has them before its first word, and a sub-agent's are not its own", () => {
  const running = new RunningAnswer();
  running.take({ type: "sources", sources: [source(1)] });
  const agent = { id: "a", name: "helper", parent: "s" };
  running.take({ type: "agent", phase: "start", agent, call: "", instruction: "Go" });
  running.take({ type: "sources", sources: [source(1, "d9")], agent });
  running.take({ type: "text", text: "At nine [1]." });
  running.finish(null);
  assert.deepEqual(running.read().sources, [source(1)]);
});

test("an answer whose sources are others is drawn anew", () => {
  const before = toEntries([asked(passages(source(1))), answered]);
  const same = toEntries([asked(passages(source(1))), answered]);
  const other = toEntries([asked(passages(source(1, "d2"))), answered]);
  assert.equal(reconciled(before, same)[1], before[1]);
  assert.notEqual(reconciled(before, other)[1], before[1]);
});
