/** Words as SQLite's full-text index takes them. */
import { UNSPACED } from "./tokens.ts";

const RUN = new RegExp(`[${UNSPACED}]+`, "gu");
const WORD = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_])+`, "gu");

/** A question has more words than can tell anything. */
const MOST_WORDS = 32;

/** English words that stand in nearly every passage; in a question of nothing else they count. */
const COMMON = new Set(
  (
    "a about an and are as at be by can did do does for from had has have how i if in is it its me my of on or " +
    "our shall should that the their them there these they this to was we were what when where which who why " +
    "will with would you your"
  ).split(" "),
);

/**
 * Every two neighbouring letters of what has no spaces between its words ("人工智能": 人工 工智 智能, and 能 for a
 * search by one letter), because the index makes one word of all of it.
 */
export function gramsOf(text: string): string {
  const grams: string[] = [];
  for (const [run] of text.matchAll(RUN)) {
    const letters = [...run];
    for (const [at, letter] of letters.entries()) grams.push(letter + (letters[at + 1] ?? ""));
  }
  return grams.join(" ");
}

/** What to look for, each as an expression of the index; none for a query without a letter. */
export function termsOf(query: string): string[] {
  const words = [...new Set(query.normalize("NFC").toLowerCase().match(WORD) ?? [])];
  const telling = words.filter((word) => !COMMON.has(word));
  return (telling.length > 0 ? telling : words).slice(0, MOST_WORDS).map(term);
}

function term(word: string): string {
  if (word.match(RUN)?.[0] !== word) return `"${word}"`;
  const letters = [...word];
  if (letters.length === 1) return `grams : "${word}" *`;
  const grams = letters.slice(0, -1).map((letter, at) => letter + letters[at + 1]);
  return `grams : (${grams.map((gram) => `"${gram}"`).join(" OR ")})`;
}
