import assert from "node:assert/strict";
import { test } from "node:test";
import { plannedProvider } from "../../../../web/sdk/models/planned.ts";
import { resumed } from "../../../../web/sdk/sessions/resumed.ts";

const PLAN = { providers: [{ module: "provider-mock", config: { model: "m" } }], hooks: [] };
const KEYED = { providers: [{ module: "provider-openai", config: { api_key: "[redacted]" } }] };
const now = { name: "now", description: "", inputSchema: {}, execute: () => 1 };

test("a conversation has its plan and its tools again", () => {
  const { plan, tools, lacks } = resumed({}, { plan: PLAN, tools: ["calculator"] });
  assert.deepEqual([plan, tools, lacks], [PLAN, ["calculator"], []]);
});

test("what is asked for wins", () => {
  const other = { hooks: [] };
  assert.equal(resumed({ plan: other }, { plan: PLAN }).plan, other);
  assert.deepEqual(resumed({ tools: [] }, { tools: ["calculator"] }).tools, []);
  // Something else is to answer.
  assert.deepEqual(resumed({ model: "x" }, { plan: PLAN }).plan, { hooks: [] });
});

test("agents are laid over those of the plan", () => {
  const plan = { ...PLAN, agents: { poet: { description: "Writes." }, adder: {} } };
  const agents = { poet: { description: "Sings." } };
  assert.deepEqual(resumed({ agents }, { plan }).plan, { ...PLAN, agents: { ...agents, adder: {} } });
  assert.deepEqual(resumed({ agents }).plan, { agents });
});

test("tools that it has no more are named", () => {
  const { lacks } = resumed({ tools: [now] }, { tools: ["calculator"], pageTools: ["now", "light"] });
  assert.deepEqual(lacks, ["This conversation had tools that it has no more: calculator, light."]);
});

test("a key that was not kept is told", () => {
  const { plan, lacks } = resumed({}, { plan: KEYED });
  assert.equal(plan, KEYED);
  assert.match(lacks[0] ?? "", /key .* not kept/);
  assert.deepEqual(resumed({ plan: KEYED }, { plan: KEYED }).lacks, []);
});

test("a plan that came from a file is used only when it is given", () => {
  const { plan, lacks } = resumed({}, { plan: PLAN, imported: true });
  assert.equal(plan, undefined);
  assert.match(lacks[0] ?? "", /not used unless/);
  assert.equal(resumed({ plan: PLAN }, { plan: PLAN, imported: true }).plan, PLAN);
});

test("the first provider of a plan answers", () => {
  assert.deepEqual(plannedProvider(PLAN), { provider: "mock", config: { model: "m" } });
  for (const none of [undefined, {}, { providers: [] }, { providers: [{}] }, { providers: "x" }]) {
    assert.equal(plannedProvider(none), null);
  }
});
