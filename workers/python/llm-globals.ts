/**
 * `js_llm_complete` and `js_llm_complete_streaming`: the two functions by which an Amplifier provider
 * written for a WebLLM page reaches its model (`from js import js_llm_complete`, or as a Python global).
 * Requests and responses are OpenAI chat-completions JSON; a streamed piece is `{"type": "delta", "content": …}`.
 */
import type { PyodideInterface } from "pyodide";
import type { Chunk } from "../engine/contract.ts";
import { AlcoveError, type ErrorData } from "../wire/errors.ts";
import type { Host } from "./host.ts";

async function orThrow(completion: Promise<string>): Promise<string> {
  const json = await completion;
  const { error } = JSON.parse(json) as { error?: ErrorData };
  if (error) throw AlcoveError.from(error);
  return json;
}

export function defineLlmGlobals(pyodide: PyodideInterface, { module }: Host): void {
  const functions = {
    js_llm_complete: (request: string) => orThrow(module.complete(request)),
    js_llm_complete_streaming: (request: string, onChunk: (piece: string) => void) =>
      orThrow(
        module.complete(request, (json) => {
          const content = (JSON.parse(json) as Chunk).choices[0].delta.content;
          if (content) onChunk(JSON.stringify({ type: "delta", content }));
        }),
      ),
  };
  for (const [name, value] of Object.entries(functions)) {
    pyodide.globals.set(name, value);
    Object.assign(globalThis, { [name]: value });
  }
}
