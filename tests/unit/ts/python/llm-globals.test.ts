/** The functions that Amplifier code for a WebLLM page finds: requests of either shape, and what is asked of the network. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { PyodideInterface } from "pyodide";
import type { Host } from "../../../../workers/python/host.ts";
import { defineLlmGlobals } from "../../../../workers/python/llm-globals.ts";

const own = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = own;
});

const asked: unknown[] = [];
const chunk = (content: string, rest: object = {}) =>
  JSON.stringify({
    id: "c",
    model: "m",
    created: 1,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...rest,
  });
const host = {
  module: {
    complete: async (request: string, onChunk: (chunk: string) => void) => {
      asked.push(JSON.parse(request));
      onChunk(chunk("Good "));
      onChunk(chunk("day.", { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }));
      return "";
    },
  },
} as unknown as Host;

type Global = (...given: unknown[]) => Promise<string>;
const globals = new Map<string, Global>();
defineLlmGlobals({ globals } as unknown as PyodideInterface, host);
const call = async (name: string, ...given: unknown[]) => {
  asked.length = 0;
  const found = globals.get(name);
  assert.equal((globalThis as Record<string, unknown>)[name], found);
  return JSON.parse((await found?.(...given)) ?? "");
};

const MESSAGES = [{ role: "user", content: "Hello" }];

test("a bare list of messages, and tools beside it", async () => {
  const tools = [{ type: "function", function: { name: "add" } }];
  const said = await call("js_llm_complete", JSON.stringify(MESSAGES), JSON.stringify(tools));
  assert.deepEqual(asked, [{ messages: MESSAGES, tools }]);
  assert.deepEqual([said.content, said.finish_reason, said.usage.total_tokens], ["Good day.", "stop", 5]);
  await call("js_llm_complete", JSON.stringify(MESSAGES), undefined);
  assert.deepEqual(asked, [{ messages: MESSAGES }]);
});

test("a whole request goes as it is, and the answer is OpenAI's", async () => {
  const request = { messages: MESSAGES, max_tokens: 5 };
  const said = await call("js_llm_complete", JSON.stringify(request));
  assert.deepEqual(asked, [request]);
  assert.deepEqual([said.content, said.choices[0].message.content], [undefined, "Good day."]);
});

test("a stream tells its pieces and gives the whole", async () => {
  const pieces: unknown[] = [];
  const said = await call("js_llm_stream", JSON.stringify(MESSAGES), (piece: string) =>
    pieces.push(JSON.parse(piece)),
  );
  assert.deepEqual(pieces, [
    { type: "delta", content: "Good " },
    { type: "delta", content: "day." },
  ]);
  assert.deepEqual([said.content, said.finish_reason], ["Good day.", "stop"]);
});

test("of the network only https is asked, with nothing of the person's", async () => {
  const seen: [string, RequestInit][] = [];
  globalThis.fetch = async (address, init) => {
    seen.push([String(address), init as RequestInit]);
    return String(address).endsWith("/gone") ? new Response("", { status: 404 }) : new Response("page");
  };
  const read = globals.get("js_web_fetch");
  assert.equal(await read?.("https://a.example/x"), "page");
  assert.deepEqual(
    [seen[0]?.[0], seen[0]?.[1].credentials, seen[0]?.[1].redirect],
    ["https://a.example/x", "omit", "error"],
  );
  for (const url of ["http://a.example", "https://a:b@c.example", "rocket", "file:///etc/passwd"]) {
    await assert.rejects(read?.(url) as Promise<string>, { code: "bad-request" });
  }
  await assert.rejects(read?.("https://a.example/gone") as Promise<string>, { code: "download-failed" });
  assert.equal(await globals.get("js_approve_tool_call")?.("x", "{}", ""), false);
});

test("a page that does not come, or not whole, is given up", async (context) => {
  const end = new AbortController();
  context.mock.method(AbortSignal, "timeout", () => end.signal);
  globalThis.fetch = async (_, init = {}) => {
    const body = new ReadableStream({
      start: (stream) => init.signal?.addEventListener("abort", () => stream.error(init.signal?.reason)),
    });
    return new Response(body);
  };
  const reading = globals.get("js_web_fetch")?.("https://slow.example") as Promise<string>;
  setTimeout(() => end.abort(), 5);
  await assert.rejects(reading, { code: "timeout" });
});
