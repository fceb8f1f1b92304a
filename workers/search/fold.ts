/**
 * Text as it is compared: without case, accents and the shapes of a letter, so that "Cafe" finds "café" and "ｶﾌｪ" finds
 * "カフェ". Letter by letter, so that a place in the one can be told in the other.
 */

/** Accents of Latin, Greek and Cyrillic letters; what makes an emoji of a sign, and a hyphen that is not seen. */
const DROPPED = /[\u0300-\u036f]|[\u00ad\u200b]|\ufe0e|\ufe0f/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is all that is not ASCII.
const OTHER = /[^\x00-\x7f]/gu;

const known = new Map<string, string>();

function folded(letter: string): string {
  let found = known.get(letter);
  if (found === undefined) {
    // Upper case first: "ß" is "ss" then, and "ς" is "σ".
    found = letter.normalize("NFKD").replace(DROPPED, "").normalize("NFC").toUpperCase().toLowerCase();
    known.set(letter, found);
  }
  return found;
}

/** A text of which {@link fold} and {@link places} tell the same: letters and their accents are one. */
export const composed = (text: string): string => text.normalize("NFC");

/** @param text {@link composed} */
export const fold = (text: string): string => text.replace(OTHER, folded).toLowerCase();

/** For each place in `fold(text)`, and for its end, the place in `text` from which it came. */
export function places(text: string): number[] {
  const found: number[] = [];
  let at = 0;
  for (const letter of text) {
    for (let i = fold(letter).length; i > 0; i--) found.push(at);
    at += letter.length;
  }
  found.push(at);
  return found;
}

const MOST_LETTERS = 500;
const MOST_WORDS = 12;

/** The words of a query, each once, the longest first: it is rarest. */
export function wordsOf(query: string): string[] {
  const words = fold(composed(query.slice(0, MOST_LETTERS))).split(/\s+/u);
  return [...new Set(words.filter(Boolean))]
    .sort((one, other) => other.length - one.length)
    .slice(0, MOST_WORDS);
}

const MOST_MARKS = 2_000;

/** Where words stand in a text, from and to, in their order; those that touch are one. */
export function marksIn(text: string, words: readonly string[]): [number, number][] {
  const within = fold(text);
  const found: [number, number][] = [];
  for (const word of words) {
    for (let at = within.indexOf(word); at >= 0 && found.length < MOST_MARKS; ) {
      found.push([at, at + word.length]);
      at = within.indexOf(word, at + word.length);
    }
  }
  if (!found.length) return [];
  const place = places(text);
  const marks: [number, number][] = [];
  for (const [from, to] of found.sort(([one], [other]) => one - other)) {
    const last = marks.at(-1);
    // A part of what was one letter ("ﬁ") marks all of it.
    const end = Math.max(place[to] ?? text.length, (place[to - 1] ?? 0) + 1);
    if (last && (place[from] ?? 0) <= last[1]) last[1] = Math.max(last[1], end);
    else marks.push([place[from] ?? 0, end]);
  }
  return marks;
}
