/**
 * Tool calls with any model: it answers in plain text, or begins a call, in the tag that it was told of or as bare
 * JSON, and from then on can only write a call of one of the tools with arguments that fit its schema (xgrammar's
 * "structural tag"). Calls that it spells otherwise are text here; Python recognises them (providers/calls/), as it
 * does the bare ones.
 */
import type { ToolSpec } from "../engine/contract.ts";
import type { Spelling, ToolReading } from "../engine/tools.ts";
import type { ResponseFormat } from "./pipeline.ts";

const OPEN = "<tool_call>";
const CLOSE = "</tool_call>";

const named = (name: string) => `{"name": ${JSON.stringify(name)}`;
const before = (name: string) => `${OPEN}\n${named(name)}, "arguments": `;
const AFTER = `}\n${CLOSE}`;

/** As the models that were trained on tools spell them. */
export const SPELLING: Spelling = { call: (name, args) => before(name) + args + AFTER };

/**
 * Holds a reply to text or a call.
 * @param mayAnswer false where a call is required
 */
export function callFormat(tools: ToolSpec[], mayAnswer: boolean): ResponseFormat {
  const tag = (begin: string, { function: tool }: ToolSpec, end: string) => ({
    type: "tag",
    begin,
    content: { type: "json_schema", json_schema: { type: "object", ...tool.parameters } },
    end,
  });
  const tags = tools.map((tool) => tag(before(tool.function.name), tool, AFTER));
  const bare = tools.map((tool) => tag(`${named(tool.function.name)}, "arguments": `, tool, "}"));
  const triggers = [OPEN, ...tools.map((tool) => named(tool.function.name))];
  const format = mayAnswer
    ? { type: "triggered_tags", triggers, tags: [...tags, ...bare] }
    : tags.length === 1
      ? tags[0]
      : { type: "or", elements: tags };
  return { type: "structural_tag", structural_tag: { type: "structural_tag", format } };
}

/** Reads a reply while it comes: text is passed on, a call when it is whole. */
export class CallReader {
  #held = "";
  #inside = false;
  /** White space after a call belongs to it. */
  #called = false;

  take(text: string): ToolReading {
    this.#held += text;
    return this.#inside ? this.#call({}) : this.#text();
  }

  /** What was held back when the reply ended: the beginning of a tag that never came, or of a call cut off. */
  end(): string {
    return this.#inside ? "" : this.#held;
  }

  #text(): ToolReading {
    if (this.#called) this.#held = this.#held.trimStart();
    if (this.#held) this.#called = false;
    const at = this.#held.indexOf(OPEN);
    if (at >= 0) {
      const content = this.#held.slice(0, at).trimEnd();
      this.#held = this.#held.slice(at);
      this.#inside = true;
      return this.#call(content ? { content } : {});
    }
    let keep = Math.min(OPEN.length - 1, this.#held.length);
    while (keep > 0 && !OPEN.startsWith(this.#held.slice(-keep))) keep--;
    const end = this.#held.length - keep;
    const content = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    return content ? { content } : {};
  }

  #call(reading: ToolReading): ToolReading {
    const end = this.#held.indexOf(AFTER);
    if (end < 0) return reading;
    const { name } = JSON.parse(this.#held.slice(OPEN.length, end + 1)) as { name: string };
    // As they were written: JavaScript would round large numbers.
    const args = this.#held.slice(before(name).length, end);
    this.#held = this.#held.slice(end + AFTER.length);
    this.#inside = false;
    this.#called = true;
    return { ...reading, call: { name, arguments: args } };
  }
}
