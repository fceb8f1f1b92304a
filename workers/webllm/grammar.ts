/**
 * JSON schemas → grammars that a small model can follow. WebLLM would let it write white space for ever
 * between two tokens of JSON, so we have xgrammar, which WebLLM holds and does not show, write a grammar for
 * JSON in one line, and hand that over.
 */
import type { Pipeline, ResponseFormat, XGrammar } from "./pipeline.ts";

type Json = Record<string, unknown>;

const KEPT = 64;
const VALUES = new Set(["const", "enum", "default", "examples"]);

export class Grammars {
  readonly #pipeline: Pipeline;
  /** JSON schema → grammar. */
  readonly #known = new Map<string, string>();
  #xgrammar: XGrammar | undefined;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /**
   * The same format, with grammars where there were schemas.
   * @throws whatever xgrammar throws for a schema that it cannot follow
   */
  async compact(format: ResponseFormat): Promise<ResponseFormat> {
    if (format.type === "grammar") return format;
    if (format.type === "json_object") {
      return { type: "grammar", grammar: await this.#grammar(JSON.parse(format.schema)) };
    }
    return { type: "structural_tag", structural_tag: await this.#inside(format.structural_tag) };
  }

  async #inside(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.#inside(item)));
    if (typeof value !== "object" || value === null) return value;
    const { type, json_schema } = value as Json;
    if (type === "json_schema") return { type: "grammar", grammar: await this.#grammar(json_schema) };
    const entries = Object.entries(value).map(
      async ([key, inner]) => [key, await this.#inside(inner)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async #grammar(schema: unknown): Promise<string> {
    const text = JSON.stringify(openObjects(schema));
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const xgrammar = await this.#library();
    const made = await xgrammar.fromJSONSchema(text, false, -1, [", ", ": "], true);
    const grammar = made.toString();
    made.dispose();
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(text, grammar);
    return grammar;
  }

  /** xgrammar's class of grammars, which only an object of it leads to. */
  async #library(): Promise<XGrammar> {
    if (this.#xgrammar) return this.#xgrammar;
    await this.#pipeline.prepareGrammarMatcherForSampling({
      response_format: { type: "grammar", grammar: 'root ::= "a"' },
    });
    const compiled = await this.#pipeline.grammarCompiler.compileGrammar('root ::= "a"');
    const grammar = compiled.grammar();
    this.#xgrammar = grammar.constructor as unknown as XGrammar;
    grammar.dispose();
    compiled.dispose();
    return this.#xgrammar;
  }
}

/** Objects of which nothing is said may hold anything: xgrammar's strict mode would only allow `{}`. */
export function openObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openObjects);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, VALUES.has(key) ? value : openObjects(value)]),
  );
  const said = ["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"];
  const free = copy.type === "object" && !said.some((key) => key in copy);
  return free ? { ...copy, additionalProperties: true } : copy;
}
