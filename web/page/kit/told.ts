/**
 * What the SDK says of itself: what it does, why, and what failed. It says so in English, to whoever embeds it; the
 * languages of the page know what is said most, sentence by sentence, and the rest stays as it is.
 */
import { textsOf } from "./language.ts";
import { filled } from "./words.ts";

/** Sentences as the SDK says them, with `{…}` for what it puts in, and what a language says instead. */
export type Told = Readonly<Record<string, string>>;

const found = new WeakMap<object, Map<string, string>>();

/** `text` in the language in use, where that knows it. */
export function told(text: string): string {
  const known = textsOf("sdk") as Told | undefined;
  if (!known) return text;
  const before = found.get(known) ?? new Map<string, string>();
  found.set(known, before);
  const said = before.get(text) ?? find(known, text);
  before.set(text, said);
  return said;
}

function find(known: Told, text: string): string {
  const exact = Object.hasOwn(known, text) ? known[text] : undefined;
  if (exact !== undefined) return exact;
  for (const [english, said] of Object.entries(known)) {
    const values = english.includes("{") ? pattern(english).exec(text)?.groups : undefined;
    if (!values) continue;
    return filled(
      said,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, told(value)])),
    );
  }
  return text;
}

const pattern = (english: string): RegExp =>
  new RegExp(
    `^${english
      .split(/\{(\w+)\}/)
      .map((part, at) => (at % 2 ? `(?<${part}>.+?)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
      .join("")}$`,
    "s",
  );
