/**
 * The page's texts. Each room writes its own, in English: `words("voice", { start: "Start", came: "{name} came." })`.
 * They are read whenever something is drawn (`w.start`, `w.came({ name })`), never kept: the language may change.
 */
import { language, languages, locale, type Text, textsOf } from "./language.ts";

/** Reaches a room's English texts: by its type what a translation must have, and at run time for tests. */
export const ENGLISH = Symbol("english");

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** What a text asks for: its placeholders, and the count that chooses its plural form. */
type Asks<T> = T extends { other: infer Other } ? Placeholders<Other> | "count" : Placeholders<T>;

/** A filled text: a string where everything that was put in is one or a number, else parts that Lit draws. */
type Filled<V> = [V] extends [string | number] ? string : readonly unknown[];

type Values<Asked extends string> = Readonly<Record<Asked, string | number | object>>;

type Said<T> = [Asks<T>] extends [never]
  ? string
  : <V extends Values<Asks<T>> & ("count" extends Asks<T> ? { count: number } : unknown)>(
      values: V,
    ) => Filled<V[keyof V]>;

export type Words<E> = { readonly [Key in keyof E]: Said<E[Key]> } & { readonly [ENGLISH]: E };

/** What another language says for `words`: every key, and plural forms of its own where something is counted. */
export type Translation<W extends { readonly [ENGLISH]: unknown }> = {
  readonly [Key in keyof W[typeof ENGLISH]]: "count" extends Asks<W[typeof ENGLISH][Key]> ? Text : string;
};

/** Texts of a room by key, in the language in use; one with placeholders is a function of what fills them. */
export function words<const E extends Readonly<Record<string, Text>>>(room: string, english: E): Words<E> {
  const get = (_: E, key: string | symbol) => {
    // Some keys come from elsewhere: an option of a tool, the reason why a server ended.
    if (typeof key === "symbol" || !Object.hasOwn(english, key)) return key === ENGLISH ? english : undefined;
    const text = textsOf(room)?.[key] ?? english[key];
    return typeof text === "object" || text?.includes("{") ? filling(text) : text;
  };
  return new Proxy(english, { get }) as unknown as Words<E>;
}

/** A figure with so many digits after the point. */
export const number = (value: number, digits = 0): string =>
  value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** "a, b and c" */
export const list = (names: readonly string[]): string => new Intl.ListFormat(locale()).format(names);

const filling = (text: Text) => (values: Readonly<Record<string, unknown>>) => {
  const count = Number(values.count);
  const form =
    typeof text === "string" ? text : (text[new Intl.PluralRules(locale()).select(count)] ?? text.other);
  const parts = partsOf(form, values);
  return parts.some((part) => typeof part === "object") ? parts : parts.join("");
};

const partsOf = (text: string, values: Readonly<Record<string, unknown>>): unknown[] =>
  text.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? value(values[part]) : part));

/** A text that is no room's, with what fills it. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  partsOf(text, values).join("");

/** A name of another script must not turn the order of a sentence that runs from right to left. */
function value(given: unknown): unknown {
  const said = typeof given === "number" ? given.toLocaleString(locale()) : given;
  return typeof said === "string" && languages()[language()]?.dir === "rtl" ? `\u2068${said}\u2069` : said;
}
