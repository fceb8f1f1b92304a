/** The language of the page: which there are, which one is in use, and how the person chooses another. */
import { read, write } from "./storage.ts";

/** A text, or one for each plural form of its `{count}`, as `Intl.PluralRules` names them. */
export type Text = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });

/** What a language's file has: texts by room and key. */
export type Dictionary = Readonly<Record<string, Readonly<Record<string, Text>>>>;

export interface Language {
  /** As those call it who speak it. */
  name: string;
  dir: "ltr" | "rtl";
  /** Brings its texts; English has them where they are used. */
  load?(): Promise<Dictionary>;
}

const KEY = "alcove.language";
const ENGLISH = "en";

let known: Readonly<Record<string, Language>> = { [ENGLISH]: { name: "English", dir: "ltr" } };
let current = ENGLISH;
let texts: Dictionary = {};
let asked: object;

/** Tells `change` once everything has to be drawn in another language. */
export const languageChanges = new EventTarget();

/** Those that the page speaks, by their BCP 47 tags. */
export const languages = (): Readonly<Record<string, Language>> => known;

/** Tag of the one in use. */
export const language = (): string => current;

/** Tag of the one that the person chose; "" where the browser's languages decide. */
export function chosenLanguage(): string {
  const kept = read("local", KEY) ?? "";
  return Object.hasOwn(known, kept) ? kept : "";
}

/** For `Intl`: the language in use, as the browser's own list has it ("de-AT"). */
export const locale = (): string => preferred().find((tag) => base(tag) === current) ?? current;

/** Texts of a room in the language in use, as far as that has them. */
export const textsOf = (room: string): Dictionary[string] | undefined => texts[room];

/** @param others the languages beside English; resolves when the page may be drawn, in English where the right one fails */
export async function startLanguage(others: Readonly<Record<string, Language>>): Promise<void> {
  known = { ...known, ...others };
  try {
    await use(wanted(chosenLanguage()));
  } catch (thrown) {
    console.warn("The page is in English: the texts of its language could not be had.", thrown);
  }
}

/**
 * Draws the page in the language of this tag from now on, and on later visits; "": as the browser's languages say.
 * Rejects, and leaves everything as it was, where its texts cannot be had.
 */
export async function chooseLanguage(tag: string): Promise<void> {
  if (await use(wanted(tag))) write("local", KEY, tag);
}

const base = (tag: string): string => tag.split("-", 1)[0] ?? tag;

const preferred = (): readonly string[] => globalThis.navigator?.languages ?? [];

const wanted = (tag: string): string =>
  [tag, ...preferred().map(base)].find((each) => Object.hasOwn(known, each)) ?? ENGLISH;

/** @returns false where another was chosen meanwhile */
async function use(tag: string): Promise<boolean> {
  const ask = {};
  asked = ask;
  const load = known[tag]?.load;
  const loaded = load ? await load() : {};
  // Another was chosen meanwhile.
  if (asked !== ask) return false;
  texts = loaded;
  current = tag;
  const root = globalThis.document?.documentElement;
  if (root) Object.assign(root, { lang: tag, dir: known[tag]?.dir });
  languageChanges.dispatchEvent(new Event("change"));
  return true;
}
