/**
 * An OpenAI chat request → the body for llama.cpp's server, checked field by field. A field that llama.cpp
 * would overlook is mapped or refused; none is dropped.
 */
import type { ChatMessage, ChatRequest } from "../shared/engine.ts";
import { AlcoveError } from "../shared/errors.ts";

type Json = Record<string, unknown>;

const bad = (message: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action });

/** Fields that carry no meaning for the answer. */
const NEUTRAL = new Set(["id", "model", "stream", "stream_options", "user", "metadata", "store"]);

/** Numbers that llama.cpp takes under the same name: lowest and highest value. */
const NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  temperature: [0, 2],
  top_p: [0, 1],
  frequency_penalty: [-2, 2],
  presence_penalty: [-2, 2],
  min_p: [0, 1],
  top_k: [0, 1_000_000],
  repeat_penalty: [0, 10],
};

const ROLES = new Set(["system", "developer", "user", "assistant", "tool"]);

/** Lone surrogates would make invalid JSON for llama.cpp, and NUL ends a C string. */
export function cleanText(text: string): string {
  return text
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")
    .replaceAll("\0", "");
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanDeep(inner)]));
}

function flatContent(message: ChatMessage): string {
  const { content } = message;
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw bad("A message has content of an unknown kind.", "Send text.");
  return content
    .map((part) => {
      if (part.type === "text" && typeof part.text === "string") return part.text;
      throw new AlcoveError(
        "unsupported",
        "This model reads text only; it cannot see images or other media.",
        {
          action: "Remove the image, or choose a model that can see.",
        },
      );
    })
    .join("\n");
}

function mapMessages(messages: unknown): Json[] {
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
    const mapped: Json = {
      ...message,
      role: message.role === "developer" ? "system" : message.role,
      content: flatContent(message),
    };
    return mapped;
  });
}

function mapTools(request: ChatRequest): Json {
  const tools = request.tools ?? [];
  const choice = request.tool_choice ?? "auto";
  if (!Array.isArray(tools) || tools.some((tool) => tool?.type !== "function" || !tool.function?.name)) {
    throw bad("A tool is described wrongly.", 'Each tool needs type "function" and a function with a name.');
  }
  if (typeof choice === "object") {
    const name = choice.function?.name;
    const named = tools.filter((tool) => tool.function.name === name);
    if (named.length === 0)
      throw bad(`tool_choice names the unknown tool "${name}".`, "Name one of the tools.");
    // llama.cpp takes a choice by word only: one tool, required, is the same thing.
    return { tools: named, tool_choice: "required" };
  }
  if (!["auto", "none", "required"].includes(choice)) {
    throw bad(`tool_choice "${String(choice)}" is unknown.`, "Use auto, none, required or name a function.");
  }
  if (choice === "required" && tools.length === 0) {
    throw bad("tool_choice is required, but there are no tools.", "Send tools, or leave tool_choice out.");
  }
  return tools.length === 0 || choice === "none" ? {} : { tools, tool_choice: choice };
}

function mapFormat(format: ChatRequest["response_format"]): Json {
  if (format === undefined || format === null || format.type === "text") return {};
  if (format.type === "json_object") return { response_format: format };
  if (format.type === "json_schema") {
    const schema = (format as { json_schema?: { schema?: unknown } }).json_schema?.schema;
    if (typeof schema !== "object" || schema === null) {
      throw bad("response_format has no schema.", "Put the schema into response_format.json_schema.schema.");
    }
    return { response_format: format };
  }
  throw bad(`response_format "${format.type}" is unknown.`, "Use text, json_object or json_schema.");
}

function mapLimit(request: ChatRequest & { max_completion_tokens?: unknown }): Json {
  const limit = request.max_completion_tokens ?? request.max_tokens;
  if (limit === undefined || limit === null) return {};
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1) {
    throw bad(`max_tokens is ${String(limit)}.`, "Use a whole number of at least 1, or leave it out.");
  }
  // llama.cpp counts in 32 bits and ends at the window by itself.
  return { max_tokens: Math.min(limit, 2 ** 31 - 1) };
}

function mapStop(stop: ChatRequest["stop"]): Json {
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

function mapSeed(seed: unknown): Json {
  if (seed === undefined || seed === null) return {};
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32 - 1) {
    throw bad(`seed is ${String(seed)}.`, "Use a whole number from 0 to 4294967294.");
  }
  return { seed };
}

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
 * Checks `request` and maps it.
 * @throws AlcoveError `bad-request` (with what to do) or `unsupported` (images).
 */
export function toNative(request: ChatRequest): Json {
  if (typeof request !== "object" || request === null)
    throw bad("The request is not an object.", "Send a request.");
  const fields = request as unknown as Json;
  const body: Json = {
    messages: mapMessages(request.messages),
    ...mapTools(request),
    ...mapFormat(request.response_format),
    ...mapLimit(request),
    ...mapStop(request.stop),
    ...mapSeed(request.seed),
  };
  if (body.tools && body.response_format) {
    throw bad("Tools and a response format cannot be used together.", "Send one of the two.");
  }
  for (const [key, value] of Object.entries(fields)) {
    if (NEUTRAL.has(key) || HANDLED.has(key) || value === undefined || value === null) continue;
    const range = NUMBERS[key];
    if (!range) throw bad(`This engine does not know the field "${key}".`, "Leave it out.");
    if (typeof value !== "number" || !(value >= range[0] && value <= range[1])) {
      throw bad(`${key} is ${String(value)}.`, `Use a number from ${range[0]} to ${range[1]}.`);
    }
    body[key] = value;
  }
  if (fields.n !== undefined && fields.n !== 1) throw bad("This engine gives one answer.", "Leave n out.");
  return {
    ...(cleanDeep(body) as Json),
    cache_prompt: true,
    // Each step tells where it is: usage is known even when the request is stopped.
    timings_per_token: true,
    return_progress: true,
  };
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
