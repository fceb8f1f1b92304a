/**
 * Tools for a model whose chat template knows none (llama.cpp would drop them in silence): the tools are told
 * in the system message, the reply is held to a JSON schema, and what comes back is read as an answer or a
 * call. One object a reply: {"answer": "…"} or {"tool": "name", "arguments": {…}}.
 */
import type { ToolSpec } from "../engine/contract.ts";
import type { PictureMessage, TextMessage } from "../engine/request.ts";
import { type Spelling, spellConversation, type ToolReading } from "../engine/tools.ts";

type Json = Record<string, unknown>;

const HEAD = /^\s*\{\s*"tool"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"arguments"\s*:\s*/;

/** Spaced as models write JSON, so that the history has the tokens that the model made. */
const SPELLING: Spelling = {
  call: (name, args) => `{"tool": ${JSON.stringify(name)}, "arguments": ${args}}`,
  answer: (text) => `{"answer": ${JSON.stringify(text)}}`,
};

/** One schema for the reply. References inside a tool's schema move to the root, where llama.cpp looks for them. */
function replySchema(tools: ToolSpec[], mayAnswer: boolean): Json {
  const definitions: Json = {};
  const object = (properties: Json): Json => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  const calls = tools.map(({ function: tool }, i) => {
    const text = JSON.stringify(tool.parameters ?? {}).replaceAll('"#/$defs/', `"#/$defs/tool${i}_`);
    const { $defs, ...parameters } = JSON.parse(text) as Json & { $defs?: Json };
    for (const [name, definition] of Object.entries($defs ?? {}))
      definitions[`tool${i}_${name}`] = definition;
    return object({ tool: { const: tool.name }, arguments: { type: "object", ...parameters } });
  });
  const anyOf = mayAnswer ? [object({ answer: { type: "string" } }), ...calls] : calls;
  return Object.keys(definitions).length > 0 ? { anyOf, $defs: definitions } : { anyOf };
}

/**
 * Rewrites a checked request for a template without tools.
 * @param body the result of `toLlamaRequest`
 * @returns the body, and whether the reply has to be read with {@link ToolReader}
 */
export function spellTools(body: Json): { body: Json; structured: boolean } {
  const { tools, tool_choice, ...rest } = body as Json & {
    tools?: ToolSpec[];
    messages: (TextMessage | PictureMessage)[];
  };
  const mayAnswer = tool_choice !== "required";
  const messages = spellConversation(rest.messages, tools, mayAnswer, SPELLING);
  if (!tools) return { body: { ...rest, messages }, structured: false };
  const json_schema = { name: "reply", schema: replySchema(tools, mayAnswer) };
  const response_format = { type: "json_schema", json_schema };
  return { body: { ...rest, messages, response_format }, structured: true };
}

/** Reads a structured reply while it comes: an answer is passed on as it grows, a call when it is whole. */
export class ToolReader {
  #raw = "";
  #mode: "answer" | "call" | undefined;
  #at = 0;
  #closed = false;

  take(text: string): ToolReading {
    this.#raw += text;
    if (this.#mode === undefined) {
      const start = /^\s*\{\s*"(?:(tool)"|answer"\s*:\s*")/.exec(this.#raw);
      if (!start) return {};
      this.#mode = start[1] ? "call" : "answer";
      this.#at = start[0].length;
    }
    return this.#mode === "answer" ? this.#answer() : this.#call();
  }

  #answer(): ToolReading {
    let end = this.#at;
    while (!this.#closed && end < this.#raw.length) {
      const char = this.#raw[end];
      if (char === '"') {
        this.#closed = true;
        break;
      }
      const length = char !== "\\" ? 1 : this.#raw[end + 1] === "u" ? 6 : 2;
      if (end + length > this.#raw.length) break;
      // half of a surrogate pair waits for the other half
      if (/^\\ud[89ab]/i.test(this.#raw.slice(end, end + 4)) && end + 12 > this.#raw.length) break;
      end += length;
    }
    const piece = this.#raw.slice(this.#at, end);
    this.#at = end;
    return piece
      ? {
          content: JSON.parse(
            `"${piece.replace(/[\n\r\t]/g, (c) => JSON.stringify(c).slice(1, -1))}"`,
          ) as string,
        }
      : {};
  }

  #call(): ToolReading {
    if (this.#closed || !this.#raw.trimEnd().endsWith("}")) return {};
    try {
      const { tool } = JSON.parse(this.#raw) as { tool: string };
      this.#closed = true;
      // As they were written: JavaScript would round large numbers.
      const [head] = HEAD.exec(this.#raw) ?? [""];
      return { call: { name: tool, arguments: this.#raw.slice(head.length, this.#raw.lastIndexOf("}")) } };
    } catch {
      return {}; // a brace inside
    }
  }
}
