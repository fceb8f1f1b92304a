/**
 * The parts of an OpenAI chat request that every engine checks alike. A field that an engine would overlook
 * is mapped or refused; none is dropped.
 */

import { AlcoveError } from "../wire/errors.ts";
import type { ChatMessage, ChatRequest, ContentPart, ImageSource, ToolSpec } from "./contract.ts";
import { loosen } from "./schema.ts";

/** A message whose content is one text. */
export type TextMessage = ChatMessage & { content: string };

/** What a person says with pictures. */
export type PictureMessage = ChatMessage & { role: "user"; content: PicturePart[] };

/** Its parts, once they were read. */
export type PicturePart = { type: "text"; text: string } | { type: "image"; image: ImageSource };

/** Reads a part that is no text. */
type ReadPicture = (part: ContentPart) => PicturePart;

export const bad = (message: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action });

const ROLES = new Set(["system", "developer", "user", "assistant", "tool"]);

/** Lone surrogates make invalid JSON, and NUL ends a C string. */
export function cleanText(text: string): string {
  return text
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")
    .replaceAll("\0", "");
}

/** {@link cleanText} for every string inside `value`; bytes, bitmaps and the like stay what they are. */
export function cleanDeep(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== "object") return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanDeep(inner)]));
}

/** @throws AlcoveError `unsupported`: what a model without eyes makes of anything but text */
export function refusePicture(): never {
  throw new AlcoveError("unsupported", "This model reads text only; it cannot see images or other media.", {
    action: "Remove the image, or choose a model that can see.",
  });
}

/** One text, or the parts where there is a picture among them. */
function readContent(message: ChatMessage, readPicture: ReadPicture): string | PicturePart[] {
  const { content } = message;
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw bad("A message has content of an unknown kind.", "Send text.");
  const parts = content.map(
    (part): PicturePart =>
      part?.type === "text" && typeof part.text === "string" ? part : readPicture(part),
  );
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === parts.length) return texts.join("\n");
  if (message.role !== "user") {
    throw bad(`A message of the role "${message.role}" holds a picture.`, "Send pictures as the user.");
  }
  return parts;
}

/** Messages with text only; `developer` is `system`. */
export function mapMessages(messages: unknown): TextMessage[];
/** Messages with text, or with parts where the user sent pictures, which `readPicture` reads. */
export function mapMessages(messages: unknown, readPicture: ReadPicture): (TextMessage | PictureMessage)[];
export function mapMessages(
  messages: unknown,
  readPicture: ReadPicture = refusePicture,
): (TextMessage | PictureMessage)[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw bad("The request holds no messages.", "Send at least one message.");
  }
  return (messages as ChatMessage[]).map((message) => {
    if (!ROLES.has(message?.role)) {
      throw bad(
        `A message has the unknown role "${String(message?.role)}".`,
        `Use one of: ${[...ROLES].join(", ")}.`,
      );
    }
    const role = message.role === "developer" ? "system" : message.role;
    return { ...message, role, content: readContent(message, readPicture) } as TextMessage | PictureMessage;
  });
}

/**
 * `tools`, with schemas that a grammar can hold, and `tool_choice`; nothing when no tool may be called. A named choice
 * is that tool alone, required.
 */
export function mapTools(request: ChatRequest): { tools?: ToolSpec[]; tool_choice?: "auto" | "required" } {
  const tools = request.tools ?? [];
  const choice = request.tool_choice ?? "auto";
  if (!Array.isArray(tools) || tools.some((tool) => tool?.type !== "function" || !tool.function?.name)) {
    throw bad("A tool is described wrongly.", 'Each tool needs type "function" and a function with a name.');
  }
  const held = tools.map(heldTool);
  if (typeof choice === "object") {
    const name = choice.function?.name;
    const named = held.filter((tool) => tool.function.name === name);
    if (named.length === 0)
      throw bad(`tool_choice names the unknown tool "${name}".`, "Name one of the tools.");
    return { tools: named, tool_choice: "required" };
  }
  if (!["auto", "none", "required"].includes(choice)) {
    throw bad(`tool_choice "${String(choice)}" is unknown.`, "Use auto, none, required or name a function.");
  }
  if (choice === "required" && tools.length === 0) {
    throw bad("tool_choice is required, but there are no tools.", "Send tools, or leave tool_choice out.");
  }
  if (tools.length === 0 || choice === "none") return {};
  return { tools: held, tool_choice: choice === "required" ? "required" : "auto" };
}

function heldTool(tool: ToolSpec): ToolSpec {
  const { name, parameters } = tool.function;
  if (parameters === undefined) return tool;
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    throw bad(`The parameters of "${name}" are no JSON schema.`, "Describe them as an object.");
  }
  return { ...tool, function: { ...tool.function, parameters: loosen(parameters) } };
}

/** `max_tokens`, however it was named. */
export function mapLimit(request: ChatRequest & { max_completion_tokens?: unknown }): {
  max_tokens?: number;
} {
  const limit = request.max_completion_tokens ?? request.max_tokens;
  if (limit === undefined || limit === null) return {};
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1) {
    throw bad(`max_tokens is ${String(limit)}.`, "Use a whole number of at least 1, or leave it out.");
  }
  // Engines count in 32 bits and end at the window by themselves.
  return { max_tokens: Math.min(limit, 2 ** 31 - 1) };
}

/** `stop` as a list. */
export function mapStop(stop: ChatRequest["stop"]): { stop?: string[] } {
  if (stop === undefined || stop === null) return {};
  const list = typeof stop === "string" ? [stop] : stop;
  if (
    !Array.isArray(list) ||
    list.some((text) => typeof text !== "string" || text === "") ||
    list.length > 16
  ) {
    throw bad("stop is not a text or a short list of texts.", "Send up to 16 texts, none of them empty.");
  }
  return { stop: list };
}

export function mapSeed(seed: unknown): { seed?: number } {
  if (seed === undefined || seed === null) return {};
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32 - 1) {
    throw bad(`seed is ${String(seed)}.`, "Use a whole number from 0 to 4294967294.");
  }
  return { seed };
}

/** Fields that carry no meaning for the answer. */
const NEUTRAL = new Set(["id", "model", "stream", "stream_options", "user", "metadata", "store"]);

/** Fields that the functions above map. */
const HANDLED = new Set([
  "messages",
  "tools",
  "tool_choice",
  "response_format",
  "max_tokens",
  "max_completion_tokens",
  "stop",
  "seed",
  "n",
]);

/**
 * The numbers among the fields of `request`, within their ranges.
 * @param ranges lowest and highest value of each number that the engine knows
 * @param others fields that the engine maps itself
 * @throws AlcoveError `bad-request` for a field that nobody maps
 */
export function mapNumbers(
  request: ChatRequest,
  ranges: Readonly<Record<string, readonly [number, number]>>,
  others: ReadonlySet<string> = new Set(),
): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(request)) {
    if (NEUTRAL.has(key) || HANDLED.has(key) || others.has(key) || value === undefined || value === null)
      continue;
    const range = ranges[key];
    if (!range) throw bad(`This engine does not know the field "${key}".`, "Leave it out.");
    if (typeof value !== "number" || !(value >= range[0] && value <= range[1])) {
      throw bad(`${key} is ${String(value)}.`, `Use a number from ${range[0]} to ${range[1]}.`);
    }
    numbers[key] = value;
  }
  const { n } = request as { n?: unknown };
  if (n !== undefined && n !== null && n !== 1) throw bad("This engine gives one answer.", "Leave n out.");
  return numbers;
}

/** @throws AlcoveError `bad-request` when it is no object */
export function checkObject(request: unknown): void {
  if (typeof request !== "object" || request === null)
    throw bad("The request is not an object.", "Send a request.");
}

/** A count of tokens that the request needs at least, known without tokenising it. */
export function leastTokens(request: ChatRequest, longestToken: number): number {
  let length = 0;
  for (const { content } of request.messages) {
    if (typeof content === "string") length += content.length;
    else if (Array.isArray(content))
      for (const part of content) if (part.type === "text") length += part.text.length;
  }
  return Math.floor(length / longestToken);
}

/** The request does not fit in the window. */
export function overflow(promptTokens: number, context: number, atLeast = false): AlcoveError {
  const count = promptTokens.toLocaleString("en");
  return new AlcoveError(
    "context-overflow",
    `This conversation needs ${atLeast ? "at least " : ""}${count} tokens; the model can hold ${context.toLocaleString("en")}.`,
    { action: "Shorten the message or start a new conversation." },
  );
}

/** @throws AlcoveError `model-not-found` when the request is for another model than `loaded` */
export function checkLoaded({ model }: { model?: string }, loaded: string): void {
  if (!model || model === loaded) return;
  throw new AlcoveError("model-not-found", `The model "${model}" is not loaded.`, {
    action: "Load it first.",
  });
}

/** What an engine says that was never told which model. */
export const noModel = (): AlcoveError =>
  new AlcoveError("model-not-found", "No model is loaded.", { action: "Load a model first." });
