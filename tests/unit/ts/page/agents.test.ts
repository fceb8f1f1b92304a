/** Sub-agents in an answer: live, and as the transcript keeps them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunningAnswer } from "../../../../web/page/state/running-answer.ts";
import {
  type AgentPart,
  type AnswerEntry,
  type ToolPart,
  toEntries,
} from "../../../../web/page/state/transcript.ts";
import type { ChatEvent } from "../../../../web/sdk/index.ts";

const POET = { id: "p", name: "poet", parent: "s" };
const HELPER = { id: "h", name: "helper", parent: "p" };

const start = (agent: typeof POET, call: string): ChatEvent => ({
  type: "agent",
  phase: "start",
  agent,
  call,
  instruction: `Do ${agent.name}.`,
});
const end = (agent: typeof POET, status: "success" | "error", error?: string): ChatEvent => ({
  type: "agent",
  phase: "end",
  agent,
  call: "",
  text: "",
  status,
  ...(error && { error }),
});
const tool = (id: string, phase: "start" | "end", agent?: typeof POET): ChatEvent => ({
  type: "tool",
  phase,
  id,
  name: "delegate",
  input: {},
  ...(phase === "end" && { result: 1, success: true }),
  ...(agent && { agent }),
});
const says = (text: string, agent?: typeof POET): ChatEvent => ({
  type: "text",
  text,
  ...(agent && { agent }),
});

function after(...events: ChatEvent[]): { answer: RunningAnswer; parts: AnswerEntry["parts"] } {
  const answer = new RunningAnswer();
  for (const event of events) answer.take(event);
  return { answer, parts: answer.read().parts };
}

const agentsOf = (part: unknown): readonly AgentPart[] => (part as ToolPart).agents ?? [];
const stateOf = (part: unknown): string => (part as ToolPart).state;

test("what an agent says stands in the call that it works for, and not in the answer", () => {
  const { parts } = after(
    tool("d", "start"),
    start(POET, "d"),
    says("Ro", POET),
    says("ses", POET),
    end(POET, "success"),
    tool("d", "end"),
    says("Done."),
  );
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ["tool", "text"],
  );
  const [poet] = agentsOf(parts[0]);
  assert.equal(poet?.task, "Do poet.");
  assert.equal(poet?.state, "done");
  assert.deepEqual(poet?.parts, [{ kind: "text", text: "Roses" }]);
});

test("calls of the same id in two sessions are two, and agents of agents stand in them", () => {
  const { parts } = after(
    tool("c", "start"),
    start(POET, "c"),
    tool("c", "start", POET),
    start(HELPER, "c"),
    says("deep", HELPER),
    end(HELPER, "error", "It broke."),
    tool("c", "end", POET),
  );
  assert.equal(stateOf(parts[0]), "running");
  const [poet] = agentsOf(parts[0]);
  assert.equal(stateOf(poet?.parts[0]), "done");
  const [helper] = agentsOf(poet?.parts[0]);
  assert.deepEqual([helper?.state, helper?.error], ["failed", "It broke."]);
  assert.deepEqual(helper?.parts, [{ kind: "text", text: "deep" }]);
});

test("two at work for two calls keep apart; one that goes on works for its new call", () => {
  const other = { ...POET, id: "q" };
  const { parts } = after(
    tool("a", "start"),
    tool("b", "start"),
    start(POET, "a"),
    start(other, "b"),
    says("one", POET),
    says("two", other),
    end(POET, "success"),
    tool("c", "start"),
    start(POET, "c"),
    says("more", POET),
  );
  const texts = parts.map((part) => agentsOf(part).map((agent) => agent.parts));
  assert.deepEqual(texts, [
    [[{ kind: "text", text: "one" }]],
    [[{ kind: "text", text: "two" }]],
    [[{ kind: "text", text: "more" }]],
  ]);
});

test("whoever still works when the turn is over was stopped", () => {
  const { answer } = after(tool("d", "start"), start(POET, "d"), tool("x", "start", POET));
  answer.finish("cancelled");
  const [poet] = agentsOf(answer.read().parts[0]);
  assert.equal(poet?.state, "stopped");
  assert.equal(stateOf(poet?.parts[0]), "failed");
});

test("an agent of the transcript is drawn as it was", () => {
  const messages = [
    { role: "user", content: "Do poet." },
    { role: "assistant", content: "", tool_calls: [{ id: "x", name: "add", arguments: {} }] },
    { role: "tool", tool_call_id: "x", content: "3" },
    { role: "assistant", content: "Roses" },
  ];
  const answerWith = (status: string) =>
    toEntries([
      { role: "user", content: "Go" },
      { role: "assistant", content: "", tool_calls: [{ id: "d", name: "delegate", arguments: {} }] },
      {
        role: "tool",
        tool_call_id: "d",
        content: "{}",
        metadata: { agents: [{ ...POET, status, messages }] },
      },
    ])[1];
  const answer = answerWith("success");
  const cut = (answerWith("interrupted") as AnswerEntry).parts[0];
  assert.deepEqual([stateOf(cut), agentsOf(cut)[0]?.state], ["failed", "unfinished"]);
  const [poet] = agentsOf((answer as AnswerEntry).parts[0]);
  assert.deepEqual([poet?.name, poet?.task, poet?.state], ["poet", "Do poet.", "done"]);
  assert.deepEqual(
    poet?.parts.map((part) => (part.kind === "tool" ? [part.name, part.result] : part)),
    [["add", 3], { kind: "text", text: "Roses" }],
  );
});
