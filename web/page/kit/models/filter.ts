/** Which models a person sees, and in which order. */
import type { ModelEntry } from "../../../sdk/index.ts";
import { uses as words } from "./list-words.ts";

export interface Filter {
  /** Every word must occur in the name, the family, the licence or the uses. */
  text: string;
  /** One of {@link USES}, or empty for all. */
  use: string;
  /** Only what this device can run, or holds. */
  fitting: boolean;
}

/** What models are good for, as a person would say it. */
export const USES: Readonly<Record<string, string>> = words;

/** One model in the versions that it comes in, which differ in size and exactness. */
export interface Title {
  name: string;
  versions: readonly ModelEntry[];
}

/** The name without the version, which stands in brackets at its end. */
const titleOf = ({ name }: ModelEntry): string => name.replace(/ \([^()]*\)$/, "");

/** The version, "4-bit" of "Llama 3.2 1B (4-bit)"; the whole name where there is none. */
export const versionOf = ({ name }: ModelEntry): string => /\(([^()]*)\)$/.exec(name)?.[1] ?? name;

/** A model that is good for one of these is good for nothing else. */
const ONLY = ["embedding", "voice", "reading"];

/** A model that only compares texts, speaks or reads. */
export const helpsOnly = ({ goodFor }: ModelEntry): boolean => goodFor.some((use) => ONLY.includes(use));

/** Such a one cannot answer, nor can one that only looks at pictures. */
export const answers = (entry: ModelEntry): boolean =>
  !helpsOnly(entry) && entry.goodFor.some((use) => use !== "vision");

/** What is shown only to somebody who asks for it. */
const isSpecial = (entry: ModelEntry): boolean => helpsOnly(entry) || entry.goodFor.includes("testing");

function matches(entry: ModelEntry, { text, use, fitting }: Filter): boolean {
  // What is on this device is always listed: it can be removed.
  if (fitting && !entry.fits && !entry.cached) return false;
  if (use ? !entry.goodFor.includes(use) : isSpecial(entry) && !entry.cached) return false;
  const uses = entry.goodFor.map((each) => USES[each] ?? each);
  const words = [entry.id, entry.name, entry.family, entry.license, ...uses].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** On this device first, then what comes with the site, then what fits; otherwise in the catalogue's order. */
const rank = ({ cached, shipped, fits }: ModelEntry): number => (cached ? 0 : shipped ? 1 : fits ? 2 : 3);

/** The models that pass the filter, their versions together, the best one to have first in each. */
export function titles(entries: readonly ModelEntry[], filter: Filter): Title[] {
  const byTitle = new Map<string, ModelEntry[]>();
  for (const entry of entries) {
    if (!matches(entry, filter)) continue;
    // Ours stands by itself: it is another build of what a hub has under the same name.
    const key = `${entry.provider} ${entry.shipped ? entry.id : titleOf(entry)}`;
    byTitle.set(key, [...(byTitle.get(key) ?? []), entry]);
  }
  return [...byTitle.values()]
    .map((versions) => versions.sort((a, b) => rank(a) - rank(b) || a.bytes - b.bytes))
    .map((versions) => ({ name: titleOf(versions[0] as ModelEntry), versions }))
    .sort((a, b) => rank(a.versions[0] as ModelEntry) - rank(b.versions[0] as ModelEntry));
}
