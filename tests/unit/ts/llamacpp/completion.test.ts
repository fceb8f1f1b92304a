import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatRequest } from "../../../../workers/engine/contract.ts";
import { cleanText, leastTokens } from "../../../../workers/engine/request.ts";
import { toLlamaRequest } from "../../../../workers/llamacpp/completion.ts";
import type { LlamaChunk } from "../../../../workers/llamacpp/instance.ts";
import { spellTools, ToolReader } from "../../../../workers/llamacpp/tools.ts";
import { Transcriber } from "../../../../workers/llamacpp/transcriber.ts";
import { Queue } from "../../../../workers/wire/queue.ts";

const hello: ChatRequest = { messages: [{ role: "user", content: "Hello" }] };
const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "Weather.",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};
const ask = (more: object): ChatRequest => ({ ...hello, ...more });

test("what an OpenAI request says arrives", () => {
  const body = toLlamaRequest(
    ask({
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: "END",
      max_tokens: 5,
      frequency_penalty: 1,
      presence_penalty: -1,
      stream: true,
      id: "x",
    }),
  );
  assert.deepEqual(
    { ...body, messages: undefined },
    {
      messages: undefined,
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: ["END"],
      max_tokens: 5,
      frequency_penalty: 1,
      presence_penalty: -1,
      cache_prompt: true,
      timings_per_token: true,
      return_progress: true,
    },
  );
  assert.equal(toLlamaRequest(ask({ max_completion_tokens: 9 })).max_tokens, 9);
  assert.equal(toLlamaRequest(ask({ max_tokens: 1e12 })).max_tokens, 2 ** 31 - 1);
});

test("roles and contents are mapped", () => {
  const body = toLlamaRequest({
    messages: [
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", content: null },
    ],
  });
  assert.deepEqual(body.messages, [
    { role: "system", content: "Be brief." },
    { role: "user", content: "a\nb" },
    { role: "assistant", content: "" },
  ]);
});

test("what it cannot do is refused, with what to do", () => {
  const wrong: object[] = [
    { max_tokens: 0 },
    { max_tokens: -1 },
    { max_tokens: Number.NaN },
    { max_tokens: 1.5 },
    { max_tokens: "9" },
    { temperature: -1 },
    { temperature: Number.NaN },
    { top_p: 2 },
    { seed: -1 },
    { seed: 0.5 },
    { stop: [""] },
    { stop: [1] },
    { logit_bias: { 1: 2 } },
    { n: 2 },
    { response_format: { type: "xml" } },
    { response_format: { type: "json_schema" } },
    { tool_choice: "required" },
    { tools: [weather], tool_choice: { type: "function", function: { name: "other" } } },
    { tools: [weather], tool_choice: "perhaps" },
    { tools: [{ type: "function" }] },
    { tools: [weather], response_format: { type: "json_object" } },
    { messages: [] },
    { messages: [{ role: "boss", content: "x" }] },
  ];
  for (const fields of wrong) {
    assert.throws(
      () => toLlamaRequest(ask(fields)),
      (error: { code: string; action: string }) => error.code === "bad-request" && error.action !== "",
      JSON.stringify(fields),
    );
  }
});

test("text that would break the engine's JSON is mended", () => {
  assert.equal(cleanText("a\ud800b\udc00\0c\u{1f600}"), "a\ufffdb\ufffdc\u{1f600}");
  assert.equal(leastTokens(ask({ messages: [{ role: "user", content: "x".repeat(1000) }] }), 10), 100);
});

test("a named tool is the only tool, required", () => {
  const named = toLlamaRequest(
    ask({ tools: [weather], tool_choice: { type: "function", function: { name: "weather" } } }),
  );
  assert.equal(named.tool_choice, "required");
  assert.equal(toLlamaRequest(ask({ tools: [weather], tool_choice: "none" })).tools, undefined);
});

test("tools are spelled out for a template that has none", () => {
  const call = {
    id: "c1",
    type: "function" as const,
    function: { name: "weather", arguments: '{"city": "Rome"}' },
  };
  const { body, structured } = spellTools(
    toLlamaRequest({
      tools: [weather],
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Weather?" },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "c1", content: "Sunny" },
        { role: "assistant", content: 'It is "sunny".' },
      ],
    }),
  );
  assert.ok(structured);
  const [system, , called, result, answer] = body.messages as { role: string; content: string }[];
  assert.match(system?.content ?? "", /^Be kind\.\n\nYou can use these tools:\n- weather: Weather\./);
  assert.deepEqual(called, {
    role: "assistant",
    content: '{"tool": "weather", "arguments": {"city": "Rome"}}',
  });
  assert.deepEqual(result, { role: "user", content: "Result of weather: Sunny" });
  assert.equal(answer?.content, '{"answer": "It is \\"sunny\\"."}');
  const { schema } = (body.response_format as { json_schema: { schema: { anyOf: unknown[] } } }).json_schema;
  assert.equal(schema.anyOf.length, 2);
  assert.equal(body.tools, undefined);
});

test("references of a tool's schema still lead somewhere", () => {
  const parameters = {
    type: "object",
    properties: { n: { $ref: "#/$defs/N" } },
    $defs: { N: { type: "number" } },
  };
  const { body } = spellTools(
    toLlamaRequest(ask({ tools: [{ type: "function", function: { name: "f", parameters } }] })),
  );
  const { schema } = (body.response_format as { json_schema: { schema: { $defs: object } } }).json_schema;
  assert.deepEqual(schema.$defs, { tool0_N: { type: "number" } });
  assert.match(JSON.stringify(schema), /"\$ref":"#\/\$defs\/tool0_N"/);
});

test("a required call is forced where the template knows tools too", () => {
  const free = toLlamaRequest(ask({ tools: [weather] }));
  assert.deepEqual(spellTools(free, true), { body: free, structured: false });
  const choice = { type: "function", function: { name: "weather" } };
  for (const tool_choice of ["required", choice]) {
    const { body, structured } = spellTools(toLlamaRequest(ask({ tools: [weather], tool_choice })), true);
    assert.equal(structured, true);
    assert.equal(body.tools, undefined);
    assert.deepEqual(body.chat_template_kwargs, { tools: [weather] });
    const { schema } = (body.response_format as { json_schema: { schema: { anyOf: object[] } } }).json_schema;
    assert.deepEqual(schema.anyOf, [
      {
        type: "object",
        properties: { name: { const: "weather" }, arguments: weather.function.parameters },
        required: ["name", "arguments"],
        additionalProperties: false,
      },
    ]);
  }
  const { call } = new ToolReader().take('{"name": "weather", "arguments": {"city": "Oslo"}}');
  assert.deepEqual(call, { name: "weather", arguments: '{"city": "Oslo"}' });
});

test("a structured reply reads the same however it is cut", () => {
  const text = 'Say "hi"\n\\ tab\t \u{1f600} é {"tool":1}';
  const replies = [
    `{"answer": ${JSON.stringify(text)}}`,
    `{ \n "answer" : ${JSON.stringify(text).replace("\u{1f600}", "\\ud83d\\ude00")} }`,
  ];
  for (const reply of replies) {
    for (let size = 1; size < 9; size++) {
      const reader = new ToolReader();
      let said = "";
      for (let at = 0; at < reply.length; at += size)
        said += reader.take(reply.slice(at, at + size)).content ?? "";
      assert.equal(said, text);
    }
  }
  const reader = new ToolReader();
  const calls = [...'{"tool": "f", "arguments": {"a": {"b": "}"}, "n": 9007199254740993}}\n']
    .map((char) => reader.take(char).call)
    .filter(Boolean);
  assert.deepEqual(calls, [{ name: "f", arguments: '{"a": {"b": "}"}, "n": 9007199254740993}' }]);
});

test("usage is known at the end and after a stop", () => {
  const timings = { cache_n: 10, prompt_n: 5, prompt_ms: 50, predicted_n: 2, predicted_ms: 100 };
  const chunk = (delta: object, finish: string | null, more: object) =>
    ({ choices: [{ index: 0, delta, finish_reason: finish }], ...more }) as unknown as LlamaChunk;
  const transcriber = new Transcriber("m");
  const progress = { total: 15, cache: 10, processed: 12, time_ms: 20 };
  assert.equal(
    transcriber.take(chunk({ role: "assistant" }, null, { prompt_progress: progress })),
    undefined,
  );
  assert.equal(transcriber.last(true).usage?.prompt_tokens, 15);
  assert.equal(transcriber.take(chunk({ content: "Hi" }, null, { timings }))?.choices[0].delta.content, "Hi");
  transcriber.take(chunk({}, "length", { timings }));
  const last = transcriber.last(false);
  assert.equal(last.choices[0].finish_reason, "length");
  assert.equal(last.usage?.prompt_tokens_details.cached_tokens, 10);
  assert.equal(last.usage?.total_tokens, 17);
  assert.equal(last.usage?.prefill_tokens_per_second, 100);
  assert.equal(last.usage?.decode_tokens_per_second, 20);
});

test("the queue keeps the order, and lets the impatient go", async () => {
  const queue = new Queue();
  const order: string[] = [];
  let release: () => void = () => undefined;
  const first = queue.run(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  const impatient = new AbortController();
  const left = queue.run(async () => order.push("left"), impatient.signal);
  const failing = queue.run(async () => {
    order.push("fails");
    throw new Error("no");
  });
  const last = queue.run(async () => order.push("last"));
  impatient.abort();
  await assert.rejects(left, { code: "cancelled" });
  assert.ok(queue.busy);
  release();
  await first;
  await assert.rejects(failing, /no/);
  await last;
  assert.deepEqual(order, ["fails", "last"]);
  assert.equal(queue.busy, false);
});
