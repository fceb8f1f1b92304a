/**
 * `js_llm_complete` and `js_llm_complete_streaming`: the two functions by which an Amplifier provider
 * written for a WebLLM page reaches its model (`from js import js_llm_complete`, or as a Python global).
 * Requests and responses are OpenAI chat-completions JSON; a streamed piece is `{"type": "delta", "content": …}`.
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

export function defineLlmGlobals(pyodide: PyodideInterface, host: Host): void {
  const functions = {
    js_llm_complete: (request: string) => complete(host, request),
    js_llm_complete_streaming: (request: string, onChunk: (piece: string) => void) =>
      complete(host, request, (content) => onChunk(JSON.stringify({ type: "delta", content }))),
  };
  for (const [name, value] of Object.entries(functions)) {
    pyodide.globals.set(name, value);
    Object.assign(globalThis, { [name]: value });
  }
}
