import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatRequest } from "../../../../workers/engine/contract.ts";
import { checkBias, samplingOf, toGeneration } from "../../../../workers/webllm/request.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "Weather.",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};
const ask = (more: object): ChatRequest => ({ messages: [{ role: "user", content: "Hello" }], ...more });
const code = (run: () => unknown): string => {
  try {
    run();
    return "no error";
  } catch (error) {
    assert.ok(error instanceof AlcoveError);
    assert.ok(error.action);
    return error.code;
  }
};

test("what an OpenAI request says arrives under WebLLM's names", () => {
  const asked = toGeneration(
    ask({
      temperature: 0,
      top_p: 0,
      seed: 7,
      stop: "END",
      max_completion_tokens: 5,
      frequency_penalty: 1,
      presence_penalty: -1,
      repeat_penalty: 1.1,
      logit_bias: { "12": -100 },
      stream: true,
    }),
  );
  assert.deepEqual(asked.config, {
    temperature: 0,
    top_p: 1e-5,
    frequency_penalty: 1,
    presence_penalty: -1,
    repetition_penalty: 1.1,
    max_tokens: 5,
    stop: ["END"],
    logit_bias: { "12": -100 },
  });
  assert.equal(asked.seed, 7);
  assert.equal(asked.callable, false);
});

test("what WebLLM would overlook is refused", () => {
  const wrong: object[] = [
    { max_tokens: 0 },
    { max_tokens: -3 },
    { max_tokens: 1.5 },
    { temperature: -1 },
    { temperature: Number.NaN },
    { repeat_penalty: 0 },
    { top_k: 5 },
    { min_p: 0.1 },
    { logprobs: true },
    { n: 2 },
    { seed: -1 },
    { stop: "" },
    { logit_bias: { one: 1 } },
    { logit_bias: { "1": 101 } },
    { messages: [] },
    { messages: [{ role: "wizard", content: "" }] },
    { response_format: { type: "xml" } },
    { response_format: { type: "json_schema" } },
    { response_format: { type: "json_object", schema: "{" } },
    { response_format: { type: "grammar", grammar: "start ::= 'a'" } },
    { tool_choice: "required" },
    { tools: [weather], response_format: { type: "json_object" } },
  ];
  for (const more of wrong)
    assert.equal(
      code(() => toGeneration(ask(more))),
      "bad-request",
      JSON.stringify(more),
    );
  const image = { role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] };
  assert.equal(
    code(() => toGeneration(ask({ messages: [image] }))),
    "unsupported",
  );
});

test("a schema reaches the one format that WebLLM honours", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const format = (response_format: object) => toGeneration(ask({ response_format })).config.response_format;
  const wanted = { type: "json_object", schema: JSON.stringify(schema) };
  assert.deepEqual(format({ type: "json_schema", json_schema: { name: "x", schema } }), wanted);
  assert.deepEqual(format({ type: "json_object", schema }), wanted);
  assert.deepEqual(format({ type: "json_object" }), { type: "json_object", schema: '{"type":"object"}' });
  assert.equal(format({ type: "text" }), undefined);
  assert.deepEqual(format({ type: "grammar", grammar: 'root ::= "a"' }), {
    type: "grammar",
    grammar: 'root ::= "a"',
  });
});

test("tools are told, and a call is a structural tag", () => {
  const asked = toGeneration(ask({ tools: [weather] }));
  assert.equal(asked.callable, true);
  assert.equal(asked.messages[0]?.role, "system");
  assert.match(asked.messages[0]?.content ?? "", /- weather: Weather\..*"city".*plain text/s);
  const { structural_tag } = asked.config.response_format as {
    structural_tag: { format: { type: string; triggers: string[]; tags: { begin: string }[] } };
  };
  assert.equal(structural_tag.format.type, "triggered_tags");
  // Each begins with exactly one of the triggers.
  assert.deepEqual(structural_tag.format.triggers, ["<tool_call>", '{"name": "weather"']);
  assert.deepEqual(
    structural_tag.format.tags.map(({ begin }) => begin),
    ['<tool_call>\n{"name": "weather", "arguments": ', '{"name": "weather", "arguments": '],
  );
  const forced = toGeneration(ask({ tools: [weather], tool_choice: "required" }));
  const { format } = (forced.config.response_format as { structural_tag: { format: object } }).structural_tag;
  assert.deepEqual(format, {
    type: "tag",
    begin: '<tool_call>\n{"name": "weather", "arguments": ',
    content: { type: "json_schema", json_schema: weather.function.parameters },
    end: "}\n</tool_call>",
  });
  assert.doesNotMatch(forced.messages[0]?.content ?? "", /plain text/);
  assert.equal(toGeneration(ask({ tools: [weather], tool_choice: "none" })).callable, false);
});

test("calls and results of the history are spelled as the model is asked to spell them", () => {
  const call = { id: "1", type: "function", function: { name: "weather", arguments: '{"city": "Rome"}' } };
  const { messages } = toGeneration({
    messages: [
      { role: "user", content: "Rome?" },
      { role: "assistant", content: null, tool_calls: [call as never] },
      { role: "tool", content: "sunny", tool_call_id: "1" },
    ],
  });
  assert.deepEqual(
    messages.map(({ role, content }) => [role, content]),
    [
      ["user", "Rome?"],
      ["assistant", '<tool_call>\n{"name": "weather", "arguments": {"city": "Rome"}}\n</tool_call>'],
      ["user", "Result of weather: sunny"],
    ],
  );
});

test("a bias beyond the vocabulary is refused", () => {
  assert.equal(
    code(() => checkBias({ logit_bias: { "511": 1 } }, 512)),
    "no error",
  );
  assert.equal(
    code(() => checkBias({ logit_bias: { "512": 1 } }, 512)),
    "bad-request",
  );
});

test("a model's own sampling has WebLLM's names", () => {
  const model = { sampling: { temperature: 0.2, repeat_penalty: 1.2 } } as never;
  assert.deepEqual(samplingOf(model), { temperature: 0.2, repetition_penalty: 1.2 });
  assert.deepEqual(samplingOf(undefined), {});
});
