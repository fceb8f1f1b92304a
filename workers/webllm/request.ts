/** An OpenAI chat request → what WebLLM's pipeline takes, checked field by field. */
import type { ChatRequest, WebLlmModel } from "../engine/contract.ts";
import {
  bad,
  checkObject,
  cleanDeep,
  mapLimit,
  mapMessages,
  mapNumbers,
  mapSeed,
  mapStop,
  mapTools,
  type TextMessage,
} from "../engine/request.ts";
import { loosenAnswer } from "../engine/schema.ts";
import { spellConversation } from "../engine/tools.ts";
import type { GenerationConfig, ResponseFormat } from "./pipeline.ts";
import { callFormat, SPELLING } from "./tools.ts";

const NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  temperature: [0, 2],
  top_p: [0, 1],
  frequency_penalty: [-2, 2],
  presence_penalty: [-2, 2],
  repeat_penalty: [0.01, 10],
  repetition_penalty: [0.01, 10],
};
const OTHERS = new Set(["logit_bias"]);
/** WebLLM wants a number above 0; this one leaves the likeliest token. */
const LEAST_TOP_P = 1e-5;

interface Generation {
  /** Tools are told in the system message; nothing but system, user and assistant is left. */
  messages: TextMessage[];
  config: GenerationConfig;
  seed: number | undefined;
  /** Whether the reply is to be read with `CallReader`. */
  callable: boolean;
}

/**
 * Checks `request` and maps it.
 * @throws AlcoveError `bad-request` (with what to do) or `unsupported` (images)
 */
export function toGeneration(request: ChatRequest): Generation {
  checkObject(request);
  const messages = cleanDeep(mapMessages(request.messages)) as TextMessage[];
  const { tools, tool_choice } = cleanDeep(mapTools(request)) as ReturnType<typeof mapTools>;
  const mayAnswer = tool_choice !== "required";
  const format = mapFormat(request.response_format);
  if (tools && format)
    throw bad("Tools and a response format cannot be used together.", "Send one of the two.");
  const { repeat_penalty, ...numbers } = mapNumbers(request, NUMBERS, OTHERS);
  const config: GenerationConfig = {
    ...numbers,
    ...mapLimit(request),
    ...mapStop(request.stop),
    ...mapBias((request as { logit_bias?: unknown }).logit_bias),
  };
  if (repeat_penalty !== undefined) config.repetition_penalty = repeat_penalty;
  if (config.top_p !== undefined) config.top_p = Math.max(config.top_p, LEAST_TOP_P);
  if (tools) config.response_format = callFormat(tools, mayAnswer);
  else if (format) config.response_format = format;
  return {
    messages: spellConversation(messages, tools, mayAnswer, SPELLING),
    config,
    seed: mapSeed(request.seed).seed,
    callable: tools !== undefined,
  };
}

/** What suits the model; a request's own settings come first. */
export function samplingOf(model?: WebLlmModel): GenerationConfig {
  const { repeat_penalty, ...rest } = model?.sampling ?? {};
  return repeat_penalty === undefined ? rest : { ...rest, repetition_penalty: repeat_penalty };
}

/** WebLLM overlooks "json_schema", and fails on "json_object" without a schema. */
function mapFormat(format: ChatRequest["response_format"]): ResponseFormat | undefined {
  if (format === undefined || format === null || format.type === "text") return undefined;
  const { json_schema, schema, grammar, structural_tag } = format as {
    json_schema?: { schema?: unknown };
    schema?: unknown;
    grammar?: unknown;
    structural_tag?: unknown;
  };
  switch (format.type) {
    case "json_object":
      return { type: "json_object", schema: schemaText(schema ?? { type: "object" }) };
    case "json_schema":
      if (!json_schema?.schema) {
        throw bad(
          "response_format has no schema.",
          "Put the schema into response_format.json_schema.schema.",
        );
      }
      return { type: "json_object", schema: schemaText(json_schema.schema) };
    case "grammar":
      if (typeof grammar !== "string" || !/^\s*root\s*::=/m.test(grammar)) {
        throw bad("response_format has no grammar.", 'Put an EBNF text with a rule "root" into grammar.');
      }
      return { type: "grammar", grammar };
    case "structural_tag":
      if (!structural_tag) throw bad("response_format has no structural_tag.", "Send one, or leave it out.");
      return { type: "structural_tag", structural_tag };
    default:
      throw bad(
        `response_format "${format.type}" is unknown.`,
        "Use text, json_object, json_schema, grammar or structural_tag.",
      );
  }
}

function schemaText(schema: unknown): string {
  let parsed = schema;
  try {
    if (typeof schema === "string") parsed = JSON.parse(schema);
  } catch {
    throw bad("The JSON schema is no JSON.", "Correct the schema.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw bad("The JSON schema is no object.", "Correct the schema.");
  }
  return JSON.stringify(loosenAnswer(parsed));
}

/** Token numbers are checked against the vocabulary when the model is known: see {@link checkBias}. */
function mapBias(bias: unknown): { logit_bias?: Record<string, number> } {
  if (bias === undefined || bias === null) return {};
  const entries = typeof bias === "object" ? Object.entries(bias as Record<string, unknown>) : undefined;
  const right = entries?.every(
    ([token, value]) => /^\d+$/.test(token) && typeof value === "number" && value >= -100 && value <= 100,
  );
  if (!entries || !right) throw bad("logit_bias is wrong.", "Map token numbers to numbers from -100 to 100.");
  return entries.length > 0 ? { logit_bias: Object.fromEntries(entries) as Record<string, number> } : {};
}

/**
 * WebLLM would write a bias beyond the vocabulary into other memory.
 * @throws AlcoveError `bad-request`
 */
export function checkBias({ logit_bias }: GenerationConfig, vocabulary: number): void {
  const wrong = Object.keys(logit_bias ?? {}).find((token) => Number(token) >= vocabulary);
  if (wrong) throw bad(`logit_bias names token ${wrong}; the model has ${vocabulary}.`, "Leave it out.");
}
