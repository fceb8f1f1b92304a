/**
 * Tools for a model whose chat template knows none (llama.cpp would drop them in silence): the tools are told
 * in the system message, the reply is held to a JSON schema, and what comes back is read as an answer or a
 * call. One object a reply: {"answer": "…"} or {"tool": "name", "arguments": {…}}.
 *
 * A model whose template knows tools begins as it likes: llama.cpp reads the calls of the forms that it knows, and
 * Python the others (providers/calls/). Where a call is required, it is held to {"name": …, "arguments": {…}}.
 */
import type { ToolSpec } from "../engine/contract.ts";
import type { PictureMessage, TextMessage } from "../engine/request.ts";
import { type Spelling, spellConversation, type ToolReading } from "../engine/tools.ts";

type Json = Record<string, unknown>;

const HEAD = /^\s*\{\s*"(?:tool|name)"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"arguments"\s*:\s*/;

/** Spaced as models write JSON, so that the history has the tokens that the model made. */
const SPELLING: Spelling = {
  call: (name, args) => `{"tool": ${JSON.stringify(name)}, "arguments": ${args}}`,
  answer: (text) => `{"answer": ${JSON.stringify(text)}}`,
};

/** One form for the reply. References inside a tool's schema move to the root, where llama.cpp looks for them. */
function replyFormat(tools: ToolSpec[], mayAnswer: boolean, key: "tool" | "name" = "tool"): Json {
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
    return object({ [key]: { const: tool.name }, arguments: { type: "object", ...parameters } });
  });
  const anyOf = mayAnswer ? [object({ answer: { type: "string" } }), ...calls] : calls;
  const schema = Object.keys(definitions).length > 0 ? { anyOf, $defs: definitions } : { anyOf };
  return { type: "json_schema", json_schema: { name: "reply", schema } };
}

/**
 * Rewrites a checked request: for a template without tools, and where a call is required.
 * @param body the result of `toLlamaRequest`
 * @param knowsTools whether the model's template tells of tools by itself
 * @returns the body, and whether the reply has to be read with {@link ToolReader}
 */
export function spellTools(body: Json, knowsTools = false): { body: Json; structured: boolean } {
  const { tools, tool_choice, ...rest } = body as Json & {
    tools?: ToolSpec[];
    messages: (TextMessage | PictureMessage)[];
  };
  const mayAnswer = tool_choice !== "required";
  if (knowsTools) {
    if (!tools || mayAnswer) return { body, structured: false };
    // Given as a variable of the template: of tools of its own llama.cpp would force a call only in forms that it knows.
    const response_format = replyFormat(tools, false, "name");
    return { body: { ...rest, chat_template_kwargs: { tools }, response_format }, structured: true };
  }
  const messages = spellConversation(rest.messages, tools, mayAnswer, SPELLING);
  if (!tools) return { body: { ...rest, messages }, structured: false };
  const response_format = replyFormat(tools, mayAnswer);
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
      const start = /^\s*\{\s*"(?:(tool|name)"|answer"\s*:\s*")/.exec(this.#raw);
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
      const { tool, name = tool } = JSON.parse(this.#raw) as { tool: string; name?: string };
      this.#closed = true;
      // As they were written: JavaScript would round large numbers.
      const [head] = HEAD.exec(this.#raw) ?? [""];
      return { call: { name, arguments: this.#raw.slice(head.length, this.#raw.lastIndexOf("}")) } };
    } catch {
      return {}; // a brace inside
    }
  }
}
