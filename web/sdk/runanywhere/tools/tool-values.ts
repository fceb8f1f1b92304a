/** RunAnywhere's tagged values of a tool's arguments and results, and what is plain JSON in them. */

export type ToolValue =
  | { type: "string"; value: string }
  | { type: "number"; value: number }
  | { type: "boolean"; value: boolean }
  | { type: "array"; value: ToolValue[] }
  | { type: "object"; value: Record<string, ToolValue> }
  | { type: "null" };

export function toToolValue(value: unknown): ToolValue {
  if (typeof value === "string") return { type: "string", value };
  if (typeof value === "number") return { type: "number", value };
  if (typeof value === "boolean") return { type: "boolean", value };
  if (Array.isArray(value)) return { type: "array", value: value.map(toToolValue) };
  if (typeof value === "object" && value !== null) return { type: "object", value: toolValues(value) };
  return { type: "null" };
}

export function fromToolValue(tagged: ToolValue): unknown {
  if (tagged.type === "array") return tagged.value.map(fromToolValue);
  if (tagged.type === "object") return plain(tagged.value);
  return tagged.type === "null" ? null : tagged.value;
}

export function getStringArg(args: Record<string, ToolValue>, key: string): string | undefined {
  const arg = args[key];
  return arg?.type === "string" ? arg.value : undefined;
}

export function getNumberArg(args: Record<string, ToolValue>, key: string): number | undefined {
  const arg = args[key];
  return arg?.type === "number" ? arg.value : undefined;
}

/** Each value of an object, tagged. */
export function toolValues(values: object): Record<string, ToolValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toToolValue(value)]));
}

/** Each value of an object without its tag; one that has none, for executors may give plain values, stays. */
export function plain(values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    isTagged(value) ? fromToolValue(value) : value,
  ]);
  return Object.fromEntries(entries);
}

const TYPES = new Set(["string", "number", "boolean", "array", "object", "null"]);

function isTagged(value: unknown): value is ToolValue {
  if (typeof value !== "object" || value === null) return false;
  const { type } = value as { type?: unknown };
  return typeof type === "string" && TYPES.has(type) && (type === "null" || "value" in value);
}
