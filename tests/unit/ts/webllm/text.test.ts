/** Prompts in, pieces of text and calls out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TextMessage } from "../../../../workers/engine/request.ts";
import { openObjects } from "../../../../workers/webllm/grammar.ts";
import type { ChatConfig } from "../../../../workers/webllm/manifest.ts";
import { promptTexts, promptTokens } from "../../../../workers/webllm/prompt.ts";
import { Speaker } from "../../../../workers/webllm/text.ts";
import { CallReader } from "../../../../workers/webllm/tools.ts";
import { Transcriber } from "../../../../workers/webllm/transcriber.ts";

const CHATML: ChatConfig = {
  conv_template: {
    system_template: "<|im_start|>system\n{system_message}<|im_end|>\n",
    system_message: "You are helpful.",
    roles: { user: "<|im_start|>user", assistant: "<|im_start|>assistant" },
    role_templates: { user: "{user_message}", assistant: "{assistant_message}" },
    seps: ["<|im_end|>\n"],
    role_content_sep: "\n",
    role_empty_sep: "\n",
  },
  tokenizer_files: ["tokenizer.json"],
  vocab_size: 512,
  context_window_size: 2048,
};
const say = (role: TextMessage["role"], content: string): TextMessage => ({ role, content });

test("a conversation in ChatML", () => {
  const messages = [
    say("system", "Be brief."),
    say("user", "Hi"),
    say("assistant", "Hello"),
    say("user", "Bye"),
  ];
  assert.equal(
    promptTexts(messages, CHATML, true).join(""),
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n" +
      "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n",
  );
  assert.match(promptTexts([say("user", "Hi")], CHATML, true)[0] ?? "", /You are helpful\./);
});

test("a dollar in a text is a dollar", () => {
  const text = "costs $& or $1 or $$ or $`";
  const prompt = promptTexts([say("system", text), say("user", text)], CHATML, true).join("");
  assert.equal(prompt.split(text).length, 3);
});

test("neighbours are joined, and a later system message is the user's", () => {
  const prompt = promptTexts([say("user", "a"), say("user", "b"), say("system", "c")], CHATML, false).join(
    "",
  );
  assert.match(prompt, /user\na\n\nb\n\nc<\|im_end\|>\n$/);
});

test("the tokens of a reply are cut where the model made them", () => {
  const encode = (text: string) => [text.length];
  const before = promptTokens([say("user", "Hi")], CHATML, true, encode);
  const after = promptTokens(
    [say("user", "Hi"), say("assistant", "Hello"), say("user", "x")],
    CHATML,
    true,
    encode,
  );
  assert.deepEqual(after.slice(0, before.length + 1), [...before, "Hello".length]);
});

test("the beginning of a stop text is held back until it is clear what it is", () => {
  const speaker = new Speaker(["END"]);
  const said = ["one", "one E", "one EN", "one ENough", "one ENough E"].map((text) => speaker.take(text));
  assert.deepEqual(said, ["one", " ", "", "ENough", " "]);
  assert.equal(speaker.end("one ENough "), "");
  const cut = new Speaker(["END"]);
  cut.take("one E");
  assert.equal(cut.end("one E"), "E");
});

test("half a letter is not said", () => {
  const speaker = new Speaker();
  const said = ["a\uFFFD", "a\uFFFD\uFFFD\uFFFD\uFFFD", "a😀"].map((text) => speaker.take(text));
  assert.deepEqual(said, ["a", "", "😀"]);
});

test("text before a call streams, a call comes whole", () => {
  const reply =
    'Let me look.\n<tool_call>\n{"name": "weather", "arguments": {"city": "a}\\n"}}\n</tool_call>';
  const reader = new CallReader();
  const readings = [...reply].map((letter) => reader.take(letter));
  assert.equal(
    readings
      .map(({ content }) => content ?? "")
      .join("")
      .trim(),
    "Let me look.",
  );
  const calls = readings.flatMap(({ call }) => (call ? [call] : []));
  assert.deepEqual(calls, [{ name: "weather", arguments: '{"city": "a}\\n"}' }]);
  assert.equal(reader.end(), "");
  const two = new CallReader();
  const said = two.take(`${reply}\n`).call && two.take(`${reply.slice(reply.indexOf("<"))}\n`);
  assert.deepEqual(said, { call: calls[0] });
  assert.deepEqual(two.take(" Done."), { content: "Done." });
  const text = new CallReader();
  const pieces = [..."a <b> <tool"].map((letter) => text.take(letter).content ?? "");
  assert.equal(pieces.join("") + text.end(), "a <b> <tool");
});

test("chunks count tokens, and the end tells what was counted", () => {
  const transcriber = new Transcriber("m", ["!"]);
  const counts = {
    promptTokens: 10,
    cachedTokens: 4,
    completionTokens: 1,
    prefillMs: 60,
    decodedTokens: 3,
    decodeMs: 30,
  };
  const first = transcriber.take({ ...counts, message: "Hel" });
  const second = transcriber.take({ ...counts, message: "Hello", completionTokens: 3 });
  assert.deepEqual([first?.tokens, second?.tokens], [1, 2]);
  const [end] = transcriber.last("stop");
  assert.equal(end?.choices[0].finish_reason, "stop");
  assert.equal(end?.usage?.prompt_tokens_details.cached_tokens, 4);
  assert.equal(end?.usage?.prefill_tokens_per_second, 100);
  assert.equal(end?.usage?.decode_tokens_per_second, 100);
  assert.equal(end?.usage?.total_tokens, 13);
  assert.equal(transcriber.last("abort").at(-1)?.choices[0].finish_reason, "cancelled");
});

test("an object of which nothing is said may hold anything", () => {
  const schema = { type: "object", properties: { a: { type: "object" }, b: { const: { type: "object" } } } };
  assert.deepEqual(openObjects(schema), {
    type: "object",
    properties: { a: { type: "object", additionalProperties: true }, b: { const: { type: "object" } } },
  });
});
