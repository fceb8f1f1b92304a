/** `alcove.complete`: what it gathers, turns, and an end at each stage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { chunk, completing, HELLO, saying, USAGE } from "./completing.ts";

const ASK = { messages: [{ role: "user" as const, content: "Hi" }] };
const code = (expected: string) => (error: unknown) =>
  error instanceof AlcoveError && error.code === expected;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const never = new Promise(() => undefined);

test("an answer is OpenAI's chat.completion, and each chunk of it is heard; signs of life are not", async () => {
  const waits = { ...chunk({}), id: "", waits: { stage: "loading" as const, bytes: 0, total: 0 } };
  const { completions, log } = completing(saying(waits, ...HELLO));
  const heard: Chunk[] = [];
  const answer = await completions.complete(ASK, { onChunk: (each) => heard.push(each) });
  assert.deepEqual(answer, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 7,
    model: "small",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Hello" },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    usage: USAGE,
  });
  assert.deepEqual(heard, HELLO);
  assert.deepEqual(log, ["load small", "ask small"]);
});

test("a call of a tool is put together of its pieces, and content is null beside it", async () => {
  const call = (index: number, piece: object) => chunk({ tool_calls: [{ index, ...piece }] });
  const { completions } = completing(
    saying(
      call(0, { id: "c1", type: "function", function: { name: "now", arguments: '{"a"' } }),
      call(0, { function: { arguments: ":1}" } }),
      call(1, { id: "c2", function: { name: "later", arguments: "{}" } }),
      chunk({}, "tool_calls"),
    ),
  );
  const [{ message, finish_reason }] = (await completions.complete(ASK)).choices;
  assert.equal(finish_reason, "tool_calls");
  assert.deepEqual(message, {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "c1", type: "function", function: { name: "now", arguments: '{"a":1}' } },
      { id: "c2", type: "function", function: { name: "later", arguments: "{}" } },
    ],
  });
});

test("what is no request is refused before anything is loaded; so is an unknown model", async () => {
  const { completions, log } = completing(saying(...HELLO));
  for (const wrong of [null, undefined, "Hi", {}, { messages: "Hi" }]) {
    await assert.rejects(completions.complete(wrong as never), code("bad-request"));
  }
  await assert.rejects(completions.complete({ ...ASK, model: "none" }), code("model-not-found"));
  assert.deepEqual(log, []);
  await assert.rejects(completions.complete({ ...ASK, model: "broken" }), code("out-of-memory"));
});

test("two take turns, and one that waits can leave", async () => {
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const { completions, log } = completing(saying(slow, ...HELLO));
  const first = completions.complete(ASK);
  const stop = new AbortController();
  const second = completions.complete({ ...ASK, model: "b" }, { signal: stop.signal });
  const third = completions.complete({ ...ASK, model: "c" });
  await settled();
  stop.abort();
  await assert.rejects(second, code("cancelled"));
  assert.deepEqual(log, ["load small", "ask small"]);
  finish();
  await Promise.all([first, third]);
  assert.deepEqual(log.slice(2), ["load c", "ask c"]);
});

test("an abort in the midst keeps what was said; one before fails", async () => {
  const { completions, log } = completing(saying(chunk({ content: "Half" }), never as Promise<unknown>));
  await assert.rejects(completions.complete(ASK, { signal: AbortSignal.abort() }), code("cancelled"));
  assert.deepEqual(log, []);
  const stop = new AbortController();
  const answer = await completions.complete(ASK, { signal: stop.signal, onChunk: () => stop.abort() });
  assert.equal(answer.choices[0].message.content, "Half");
  assert.equal(answer.choices[0].finish_reason, "cancelled");
  assert.equal(answer.usage, undefined);
});

test("a listener that throws ends the completion, and the next one is answered", async () => {
  const { completions } = completing(saying(...HELLO));
  const broken = () => {
    throw new TypeError("mine");
  };
  await assert.rejects(completions.complete(ASK, { onChunk: broken }), /mine/);
  assert.equal((await completions.complete(ASK)).choices[0].message.content, "Hello");
});

test("an answer without an end has broken off; after the end of Alcove all are cancelled", async () => {
  const { completions: broken } = completing(saying(chunk({ content: "Half" })));
  await assert.rejects(broken.complete(ASK), code("engine-crashed"));
  const { completions } = completing(saying(chunk({ content: "Half" }), never as Promise<unknown>));
  const running = completions.complete(ASK);
  const waiting = completions.complete(ASK);
  await settled();
  completions.close();
  for (const each of [running, waiting, completions.complete(ASK)])
    await assert.rejects(each, code("cancelled"));
});
