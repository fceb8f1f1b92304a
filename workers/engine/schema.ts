/**
 * JSON schemas that a grammar can hold. Whatever it cannot (look-ahead, long repetitions, conditions, references that
 * lead nowhere) is left out and said in the description instead, so that no tool's schema makes a request fail;
 * Python checks the arguments by the whole schema. References are brought to `$defs`, where every engine finds them.
 */
import { AlcoveError } from "../wire/errors.ts";

type Json = Record<string, unknown>;

const TOLD = ["title", "description", "default", "examples"];
const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
const FORMATS = new Set(["date", "time", "date-time", "uuid"]);
/**
 * A pattern of plain characters, classes and counts, from beginning to end. What may stand for any character is not
 * among them: in a grammar it would stand for a quotation mark too, and end the text.
 */
const PATTERN =
  /^\^(?:[\w :@,%/#=&~'<>!;-]|\\[.\-/dw+*?()[\]{}|^$]|\[(?!\^)(?:[\w .:@,%/+*#=&~^-]|\\[.\-/dw])+\]|[+*?]|\{\d{1,2}(?:,\d{0,2})?\})+\$$/;
/** What a schema may repeat, counted over lists in lists. */
const MOST_REPEATS = 512;
const MOST_VALUES = 256;
const MOST_DEPTH = 24;
const MOST_NODES = 2000;
const MOST_HOPS = 32;

/** A schema of its own, with all that it refers to in its `$defs`. */
export function loosen(schema: unknown): Json {
  return new Loosener(isObject(schema) ? schema : {}).schema();
}

/**
 * {@link loosen} for an answer: unlike that of a tool, its schema is the caller's to correct.
 * @throws AlcoveError `bad-request` for a type that JSON has not
 */
export function loosenAnswer(schema: unknown): Json {
  const type = unknownType(schema, 0);
  if (type === undefined) return loosen(schema);
  throw new AlcoveError("bad-request", `The schema has a type that JSON has not: ${type}.`, {
    action: `Use one of: ${[...TYPES].join(", ")}.`,
  });
}

function unknownType(schema: unknown, depth: number): string | undefined {
  if (!isObject(schema) || depth > MOST_DEPTH) return undefined;
  const wrong = [schema.type ?? []].flat().find((type) => !TYPES.has(type as string));
  if (wrong !== undefined) return JSON.stringify(wrong);
  const { properties, items, anyOf, oneOf, allOf, prefixItems } = schema;
  const inside = [
    isObject(properties) ? Object.values(properties) : [],
    items,
    anyOf,
    oneOf,
    allOf,
    prefixItems,
  ];
  for (const one of inside.flat()) {
    const found = unknownType(one, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Loosener {
  readonly #root: Json;
  readonly #definitions: Json = {};
  /** Where a reference leads → name among the definitions. */
  readonly #names = new Map<unknown, string>();
  #nodes = 0;

  constructor(root: Json) {
    this.#root = root;
  }

  schema(): Json {
    const made = this.#node(this.#root, 0, 1);
    return this.#names.size > 0 ? { ...made, $defs: this.#definitions } : made;
  }

  #node(given: unknown, depth: number, repeats: number): Json {
    if (!isObject(given) || depth > MOST_DEPTH || ++this.#nodes > MOST_NODES) return {};
    const schema = Array.isArray(given.allOf) ? this.#merged(given) : given;
    const told = Object.fromEntries(TOLD.flatMap((key) => (key in schema ? [[key, schema[key]]] : [])));
    if (typeof schema.$ref === "string") {
      const name = this.#definition(schema);
      return name === undefined ? told : { ...told, $ref: `#/$defs/${name}` };
    }
    const types = typesOf(schema);
    const made: Json = types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types };
    if ("const" in schema) return inOrder(schema, { ...told, ...made, const: schema.const });
    if (Array.isArray(schema.enum) && schema.enum.length > 0 && schema.enum.length <= MOST_VALUES) {
      return inOrder(schema, { ...told, ...made, enum: schema.enum });
    }
    const either = [schema.anyOf, schema.oneOf].find((list) => Array.isArray(list) && list.length > 0);
    if (either && !isObject(schema.properties)) {
      const anyOf = (either as unknown[]).map((one) => this.#node(one, depth + 1, repeats));
      return { ...told, anyOf };
    }
    if (types.includes("object")) Object.assign(made, this.#object(schema, depth, repeats));
    if (types.includes("array")) Object.assign(made, this.#array(schema, depth, repeats));
    if (types.includes("string")) Object.assign(made, text(schema, repeats));
    if (types.includes("integer")) Object.assign(made, bounds(schema));
    return inOrder(schema, { ...told, ...made, ...lost(schema, made) });
  }

  #object(schema: Json, depth: number, repeats: number): Json {
    const { properties, required, additionalProperties: more, patternProperties } = schema;
    const made: Json = {};
    if (isObject(properties)) {
      const entries = Object.entries(properties).filter(([, property]) => property !== false);
      made.properties = Object.fromEntries(
        entries.map(([name, property]) => [name, this.#node(property, depth + 1, repeats)]),
      );
      if (Array.isArray(required)) {
        const named = made.properties as Json;
        made.required = [...new Set(required)].filter((name) => Object.hasOwn(named, name as string));
      }
    }
    if (isObject(patternProperties) || more === true) made.additionalProperties = true;
    else if (more === false) made.additionalProperties = false;
    else if (isObject(more)) made.additionalProperties = this.#node(more, depth + 1, repeats);
    return made;
  }

  #array(schema: Json, depth: number, repeats: number): Json {
    const made: Json = {};
    const { items, prefixItems, maxItems } = schema;
    const most = isCount(maxItems) && maxItems * repeats <= MOST_REPEATS ? maxItems : undefined;
    const inside = repeats * (most ?? 8);
    const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : undefined;
    if (tuple) made.prefixItems = tuple.map((item) => this.#node(item, depth + 1, repeats));
    else made.items = this.#node(items, depth + 1, inside);
    if (isCount(schema.minItems) && schema.minItems * repeats <= MOST_REPEATS)
      made.minItems = Math.min(schema.minItems, most ?? schema.minItems);
    if (most !== undefined) made.maxItems = most;
    return made;
  }

  /** The schema and those of its `allOf`, as far as they can be one. */
  #merged({ allOf, ...schema }: Json): Json {
    const merged: Json = {};
    for (const part of [schema, ...(allOf as unknown[])]) {
      const target = isObject(part) ? this.#target(part) : undefined;
      for (const [key, value] of Object.entries(target ?? {})) {
        const before = merged[key];
        if (key === "allOf" || key === "$ref") continue;
        if (isObject(before) && isObject(value)) merged[key] = { ...before, ...value };
        else if (key === "required" && Array.isArray(before) && Array.isArray(value))
          merged[key] = [...before, ...value];
        else if (before === undefined) merged[key] = value;
      }
    }
    return merged;
  }

  /** The name of what `schema` refers to, which is made when it is first asked for. */
  #definition(schema: Json): string | undefined {
    const target = this.#target(schema);
    if (!target) return undefined;
    const known = this.#names.get(target);
    if (known !== undefined) return known;
    const said = /\/(\w{1,64})$/.exec(schema.$ref as string)?.[1];
    const name = said && !Object.hasOwn(this.#definitions, said) ? said : `d${this.#names.size}`;
    this.#names.set(target, name);
    this.#definitions[name] = {};
    this.#definitions[name] = this.#node(target, 0, 8);
    return name;
  }

  /** What `schema` is, past all references; undefined where they lead nowhere or in a circle. */
  #target(schema: Json): Json | undefined {
    let found: unknown = schema;
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (!isObject(found)) return undefined;
      if (typeof found.$ref !== "string") return found;
      found = at(found.$ref, this.#root);
    }
    return undefined;
  }
}

/** As the schema has its keys: the model is told of it too, and a kept prompt stays what it was. */
function inOrder(schema: Json, made: Json): Json {
  const keys = [...Object.keys(schema).filter((key) => key in made), ...Object.keys(made)];
  return Object.fromEntries([...new Set(keys)].map((key) => [key, made[key]]));
}

function at(reference: string, root: Json): unknown {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = root;
  for (const step of reference.split("/").slice(1)) {
    const key = safelyDecoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    found =
      typeof found === "object" && found !== null && Object.hasOwn(found, key)
        ? (found as Json)[key]
        : undefined;
  }
  return found;
}

function safelyDecoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function typesOf(schema: Json): string[] {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) =>
    TYPES.has(type as string),
  );
  if (types.length > 0) return [...new Set(types)] as string[];
  if (isObject(schema.properties) || isObject(schema.patternProperties)) return ["object"];
  if ("items" in schema || "prefixItems" in schema) return ["array"];
  return "pattern" in schema || "maxLength" in schema || "minLength" in schema ? ["string"] : [];
}

function text({ pattern, format, minLength, maxLength }: Json, repeats: number): Json {
  if (typeof pattern === "string" && pattern.length <= 200 && PATTERN.test(pattern)) return { pattern };
  if (FORMATS.has(format as string)) return { format };
  const least = isCount(minLength) && minLength > 0 && minLength * repeats <= MOST_REPEATS;
  const most = isCount(maxLength) && maxLength * repeats <= MOST_REPEATS;
  return { ...(least ? { minLength } : {}), ...(most ? { maxLength } : {}) };
}

function bounds(schema: Json): Json {
  const whole = (key: string, round: (value: number) => number, step: number) => {
    const value = schema[key];
    const rounded = typeof value === "number" ? round(value) + step : Number.NaN;
    return Number.isSafeInteger(rounded) ? [rounded] : [];
  };
  const least = [...whole("minimum", Math.ceil, 0), ...whole("exclusiveMinimum", Math.floor, 1)];
  const most = [...whole("maximum", Math.floor, 0), ...whole("exclusiveMaximum", Math.ceil, -1)];
  const made: { minimum?: number; maximum?: number } = {};
  if (least.length > 0) made.minimum = Math.max(...least);
  if (most.length > 0) made.maximum = Math.min(...most);
  return made.minimum !== undefined && made.maximum !== undefined && made.minimum > made.maximum ? {} : made;
}

/** What was left out, in words for the model. */
function lost(schema: Json, made: Json): Json {
  const rules = ["pattern", "format", "minLength", "maxLength", "minItems", "maxItems", "multipleOf"];
  const words = rules.flatMap((rule) => {
    const value = schema[rule];
    const plain = typeof value === "number" || (typeof value === "string" && value.length <= 200);
    return plain && !(rule in made) ? [`${rule} ${value}`] : [];
  });
  if (words.length === 0) return {};
  const said = typeof schema.description === "string" ? `${schema.description} ` : "";
  return { description: `${said}(${words.join(", ")})` };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
