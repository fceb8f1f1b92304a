/** An OpenAI chat request → the body for llama.cpp's server, checked field by field. */
import type { ChatRequest } from "../engine/contract.ts";
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
} from "../engine/request.ts";
import { loosenAnswer } from "../engine/schema.ts";
import { pictureOf } from "./pictures.ts";

type Json = Record<string, unknown>;

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

function mapFormat(format: ChatRequest["response_format"]): Json {
  if (format === undefined || format === null || format.type === "text") return {};
  if (format.type === "json_object") return { response_format: format };
  if (format.type === "json_schema") {
    const schema = (format as { json_schema?: { schema?: unknown } }).json_schema?.schema;
    if (typeof schema !== "object" || schema === null) {
      throw bad("response_format has no schema.", "Put the schema into response_format.json_schema.schema.");
    }
    const json_schema = { ...(format as { json_schema?: Json }).json_schema, schema: loosenAnswer(schema) };
    return { response_format: { ...format, json_schema } };
  }
  throw bad(`response_format "${format.type}" is unknown.`, "Use text, json_object or json_schema.");
}

/**
 * Checks `request` and maps it. Its pictures are read when the model is known (pictures.ts).
 * @throws AlcoveError `bad-request` with what to do
 */
export function toLlamaRequest(request: ChatRequest): Json {
  checkObject(request);
  const body: Json = {
    messages: mapMessages(request.messages, pictureOf),
    ...mapTools(request),
    ...mapFormat(request.response_format),
    ...mapLimit(request),
    ...mapStop(request.stop),
    ...mapSeed(request.seed),
    ...mapNumbers(request, NUMBERS),
  };
  if (body.tools && body.response_format) {
    throw bad("Tools and a response format cannot be used together.", "Send one of the two.");
  }
  return {
    ...(cleanDeep(body) as Json),
    cache_prompt: true,
    // Each step tells where it is: usage is known even when the request is stopped.
    timings_per_token: true,
    return_progress: true,
  };
}
