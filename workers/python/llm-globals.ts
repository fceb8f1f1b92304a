/**
 * The functions by which Amplifier code written for a WebLLM page reaches its model and the network (`from js import
 * js_llm_complete`, or as a Python global): `js_llm_complete`, `js_llm_complete_streaming`, and upstream's own
 * `js_llm_stream`, `js_web_fetch`, `js_approve_tool_call`. A request is OpenAI's chat-completions JSON, or a bare list of
 * messages and one of tools; a streamed piece is `{"type": "delta", "content": …}`.
 */
import type { PyodideInterface } from "pyodide";
import type { Chunk } from "../engine/contract.ts";
import { AlcoveError, type ErrorData } from "../wire/errors.ts";
import { Completion } from "./completion.ts";
import type { Host } from "./host.ts";

/** Runs one completion. @returns the whole of it as JSON */
async function complete(
  { module }: Host,
  request: string,
  onText: (text: string) => void = () => undefined,
): Promise<string> {
  const completion = new Completion();
  const failed = await module.complete(request, (json) => {
    const chunk = JSON.parse(json) as Chunk;
    completion.add(chunk);
    const { content } = chunk.choices[0].delta;
    if (content) onText(content);
  });
  if (failed) throw AlcoveError.from((JSON.parse(failed) as { error: ErrorData }).error);
  return JSON.stringify(completion.whole());
}

/** A request of either shape. */
function requestOf(given: string, tools?: string | null): string {
  const request: unknown = JSON.parse(given);
  if (!Array.isArray(request)) return given;
  return JSON.stringify({ messages: request, ...(tools ? { tools: JSON.parse(tools) } : {}) });
}

/** The whole of a completion, and on top what those read who sent a bare list. */
function flat(whole: string): string {
  const completion = JSON.parse(whole) as ReturnType<Completion["whole"]>;
  const { message, finish_reason } = completion.choices[0];
  const { content, tool_calls } = message;
  return JSON.stringify({
    ...completion,
    content: content ?? "",
    finish_reason,
    ...(tool_calls ? { tool_calls } : {}),
  });
}

/** A page of the web that is not here by then does not come. */
const PATIENCE_MS = 60_000;

/** @throws AlcoveError `bad-request`, `download-failed`, `timeout`; `unsupported` for what nobody named: `openAlcove({ connect })` */
async function webFetch(url: string): Promise<string> {
  const address = URL.canParse(url) ? new URL(url) : null;
  const own = address?.origin === globalThis.location?.origin;
  if (address?.protocol !== "https:" || address.username || address.password || own) {
    throw new AlcoveError("bad-request", "Only https addresses of other sites, with no password, are asked.");
  }
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(address, {
      signal: late,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw new AlcoveError("download-failed", `${address.host} answers ${answer.status}.`);
    return await answer.text();
  } catch (thrown) {
    if (!late.aborted) throw thrown;
    throw new AlcoveError("timeout", `${address.host} did not answer within ${PATIENCE_MS / 1000} seconds.`);
  }
}

export function defineLlmGlobals(pyodide: PyodideInterface, host: Host): void {
  const streaming = (request: string, onChunk: (piece: string) => void) =>
    complete(host, requestOf(request), (content) => onChunk(JSON.stringify({ type: "delta", content })));
  const functions = {
    js_llm_complete: async (request: string, tools?: string | null) => {
      const whole = await complete(host, requestOf(request, tools));
      return request.trimStart().startsWith("[") ? flat(whole) : whole;
    },
    js_llm_complete_streaming: streaming,
    js_llm_stream: async (messages: string, onChunk: (piece: string) => void) =>
      flat(await streaming(messages, onChunk)),
    js_web_fetch: webFetch,
    // Outside a conversation there is nobody to ask; in one, the person is asked before a tool runs at all.
    js_approve_tool_call: async () => false,
  };
  for (const [name, value] of Object.entries(functions)) {
    pyodide.globals.set(name, value);
    Object.assign(globalThis, { [name]: value });
  }
}
