/** `StructuredOutput`: JSON in a model's text, what it is to be, and a generation that is held to a schema. */
import { SDKError, SDKErrorCode } from "../errors.ts";
import { requireInitialized } from "../home.ts";
import type { LLMGenerationOptions, LLMGenerationResult } from "../text/generation.ts";
import { firstJson } from "./json-in-text.ts";

export interface StructuredOutputConfig {
  /** JSON Schema, as text or as an object. */
  jsonSchema: string | object;
  /** Default true. */
  includeSchemaInPrompt?: boolean;
}

export interface StructuredOutputValidation {
  isValid: boolean;
  errorMessage?: string;
  extractedJson?: string;
}

/** RunAnywhere's documents give the schema alone, its releases a configuration. */
type Wanted = StructuredOutputConfig | string;

type Check = (value: unknown, schema: object) => string | undefined;
let check: Check | undefined;

/** What `validate` needs comes when the SDK is initialized. */
export async function prepareValidation(): Promise<void> {
  check = (await import("./schema-check.ts")).problem;
}

export const StructuredOutput = {
  /** The first whole JSON object or list in `text`, as it stands there. */
  extractJson: (text: string): string | null => firstJson(text),

  hasCompleteJson: (text: string): boolean => firstJson(text) !== null,

  /** @throws SDKError `InvalidParameter` for what is no schema */
  getSystemPrompt(jsonSchema: string | object): string {
    const schema = JSON.stringify(schemaOf({ jsonSchema }));
    return `You answer with JSON and nothing else. The JSON is valid under this JSON Schema:\n${schema}`;
  },

  /** @throws SDKError `InvalidParameter` for what is no schema */
  preparePrompt(originalPrompt: string, wanted: Wanted): string {
    const config = configOf(wanted);
    const schema = schemaOf(config);
    const told =
      config.includeSchemaInPrompt === false
        ? "."
        : `, valid under this JSON Schema:\n${JSON.stringify(schema)}`;
    return `${originalPrompt}\n\nAnswer with JSON and nothing else${told}`;
  },

  /**
   * Whether the JSON in `text` is valid under the schema.
   * @throws SDKError `NotInitialized`; `InvalidParameter` for what is no schema
   */
  validate(text: string, wanted: Wanted): StructuredOutputValidation {
    requireInitialized();
    const schema = schemaOf(configOf(wanted));
    const extractedJson = firstJson(text);
    if (extractedJson === null) return { isValid: false, errorMessage: "There is no JSON in the text." };
    const errorMessage = (check as Check)(JSON.parse(extractedJson), schema);
    return { isValid: errorMessage === undefined, extractedJson, ...(errorMessage ? { errorMessage } : {}) };
  },

  /**
   * Generates text that the engine holds to the schema, as far as a grammar can.
   * @throws SDKError as `TextGeneration.generate`; `InvalidParameter` for what is no schema
   */
  async generate(
    prompt: string,
    wanted: Wanted,
    options: LLMGenerationOptions = {},
  ): Promise<LLMGenerationResult & StructuredOutputValidation> {
    requireInitialized();
    const schema = schemaOf(configOf(wanted));
    const response_format = { type: "json_schema", json_schema: { name: "answer", schema } };
    const { writeText } = await import("../text/writing.ts");
    const result = await writeText(StructuredOutput.preparePrompt(prompt, wanted), options, {
      response_format,
    });
    return { ...result, ...StructuredOutput.validate(result.text, wanted) };
  },
};

const configOf = (wanted: Wanted): StructuredOutputConfig =>
  typeof wanted === "string" ? { jsonSchema: wanted } : wanted;

function schemaOf({ jsonSchema }: StructuredOutputConfig): object {
  let schema: unknown = jsonSchema;
  try {
    if (typeof jsonSchema === "string") schema = JSON.parse(jsonSchema);
  } catch {
    schema = undefined;
  }
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema;
  throw new SDKError(SDKErrorCode.InvalidParameter, "This is no JSON Schema.", undefined, {
    action: "Give an object, or the JSON of one.",
  });
}
