/** `alcove.openai.fetch`: OpenAI's HTTP interface, as its clients read it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../../../../web/sdk/completion/openai.ts";
import { AlcoveError, type ErrorCode } from "../../../../workers/wire/errors.ts";
import { chunk, completing, HELLO, saying, USAGE } from "./completing.ts";

const BASE = "https://nowhere.example/v1";
const never = new Promise(() => undefined);

function tab(...chunks: Parameters<typeof saying>) {
  const { completions, log } = completing(saying(...(chunks.length > 0 ? chunks : HELLO)));
  const entry = (id: string, rest: object) => ({ id, fits: true, shipped: false, lastUsed: 0, ...rest });
  const alcove = {
    complete: completions.complete.bind(completions),
    openai: {
      embeddings: async ({ input, model }: { input: string | string[]; model?: string }) => ({
        object: "list" as const,
        model: model ?? "e",
        data: [input].flat().map((text, index) => ({
          object: "embedding" as const,
          index,
          embedding: [text.length, 0.5],
        })),
        usage: { prompt_tokens: 1, total_tokens: 1 },
      }),
    },
    models: {
      list: async () =>
        [
          entry("small", { shipped: true, cached: false, lastUsed: 5000 }),
          entry("far/away", { cached: false }),
          entry("large", { cached: true, fits: false }),
        ] as never,
    },
  };
  const post = (path: string, body: unknown, init: RequestInit = {}) =>
    answer(BASE + path, { method: "POST", body: JSON.stringify(body), ...init }, alcove);
  return { post, get: (path: string) => answer(BASE + path, undefined, alcove), alcove, log };
}

const ASK = { model: "small", messages: [{ role: "user", content: "Hi" }] };

async function events(response: Response): Promise<unknown[]> {
  const lines = (await response.text()).split("\n\n").filter(Boolean);
  assert.ok(lines.every((line) => line.startsWith("data: ")));
  return lines.map((line) => (line === "data: [DONE]" ? "[DONE]" : JSON.parse(line.slice(6))));
}

test("chat/completions answers with a chat.completion", async () => {
  const response = await tab().post("/chat/completions", ASK);
  assert.equal(response.status, 200);
  const body = await response.json();
  assert.equal(body.choices[0].message.content, "Hello");
  assert.deepEqual(body.usage, USAGE);
});

test("streamed, it is OpenAI's events, with the usage for those who ask for it and nothing of our own", async () => {
  const response = await tab().post("/chat/completions", { ...ASK, stream: true });
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  const told = await events(response);
  assert.deepEqual(told.at(-1), "[DONE]");
  const own = HELLO.map(({ tokens: _, usage: __, ...rest }) => rest);
  assert.deepEqual(told.slice(0, -1), own);
  const counted = await events(
    await tab().post("/chat/completions", {
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    }),
  );
  const last = counted.at(-2) as { choices: unknown[]; usage: unknown };
  assert.deepEqual([last.choices, last.usage], [[], USAGE]);
  assert.equal((counted[0] as { usage: unknown }).usage, null);
});

test("embeddings come as numbers, or as base64 as OpenAI's own client asks for them", async () => {
  const body = { model: "e", input: ["abc", "de"] };
  const plain = await (await tab().post("/embeddings", body)).json();
  assert.deepEqual(plain.data[0].embedding, [3, 0.5]);
  const packed = await (await tab().post("/embeddings", { ...body, encoding_format: "base64" })).json();
  const bytes = Uint8Array.from(Buffer.from(packed.data[1].embedding, "base64"));
  assert.deepEqual([...new Float32Array(bytes.buffer)], [2, 0.5]);
  const wrong = await tab().post("/embeddings", { ...body, encoding_format: "int8" });
  assert.equal(wrong.status, 400);
});

test("models are those that this device can run and holds; each is found by its id", async () => {
  const { data } = await (await tab().get("/models")).json();
  assert.deepEqual(data, [{ id: "small", object: "model", created: 5, owned_by: "site" }]);
  assert.equal((await (await tab().get("/models/far%2Faway")).json()).id, "far/away");
  assert.equal((await tab().get("/models/none")).status, 404);
});

test("what goes wrong is told in OpenAI's shape", async () => {
  const of = async (response: Response) => {
    const { error } = await response.json();
    assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
    return [response.status, error.code, response.headers.get("x-should-retry")];
  };
  const { post, get, alcove } = tab();
  assert.deepEqual(await of(await post("/chat/completions", { ...ASK, model: "none" })), [
    ...[404, "model_not_found", "false"],
  ]);
  assert.deepEqual(await of(await post("/chat/completions", [])), [400, "bad_request", "false"]);
  assert.deepEqual(await of(await post("/chat/completions", {}, { body: "{" })), [
    ...[400, "bad_request", "false"],
  ]);
  assert.deepEqual((await of(await get("/chat/completions"))).slice(0, 2), [405, "method_not_allowed"]);
  assert.deepEqual((await of(await post("/audio/speech", {}))).slice(0, 2), [404, "unknown_url"]);
  const failing = async (code: ErrorCode) => {
    const complete = async () => Promise.reject(new AlcoveError(code, "No."));
    const init = { method: "POST", body: JSON.stringify({ ...ASK, stream: true }) };
    return of(await answer(`${BASE}/chat/completions`, init, { ...alcove, complete }));
  };
  assert.deepEqual(await failing("busy"), [429, "busy", "true"]);
  assert.deepEqual(await failing("context-overflow"), [400, "context_length_exceeded", "false"]);
  assert.deepEqual(await failing("engine-crashed"), [500, "engine_crashed", "true"]);
  assert.deepEqual(await failing("out-of-memory"), [500, "out_of_memory", "false"]);
});

test("a stream that breaks off ends with the error", async () => {
  const told = await events(
    await tab(chunk({ content: "Half" })).post("/chat/completions", { ...ASK, stream: true }),
  );
  assert.equal((told.at(-1) as { error: { code: string } }).error.code, "engine_crashed");
});

test("an abort rejects as fetch does, before the answer and within it; a reader that leaves stops the engine", async () => {
  const { post, log } = tab(chunk({ content: "Half" }), never as Promise<unknown>);
  const early = post("/chat/completions", ASK, { signal: AbortSignal.abort() });
  await assert.rejects(early, { name: "AbortError" });
  const stop = new AbortController();
  const plain = post("/chat/completions", ASK, { signal: stop.signal });
  setTimeout(() => stop.abort(), 5);
  await assert.rejects(plain, { name: "AbortError" });
  const second = new AbortController();
  const streamed = await post("/chat/completions", { ...ASK, stream: true }, { signal: second.signal });
  second.abort();
  await assert.rejects(streamed.text(), { name: "AbortError" });
  log.length = 0;
  const left = await post("/chat/completions", { ...ASK, stream: true });
  await left.body?.cancel();
  assert.deepEqual(log, ["load small", "ask small", "stop"]);
});
