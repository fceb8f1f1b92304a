/** What is known of words before anybody understands them: whether they are a whole sentence, or what was just said. */

/** So much of it is the same words. */
const SAME = 0.7;
/** A sentence of which less is missing was heard. */
const NEARLY_S = 0.05;
/** Words that end no sentence. */
const OPEN = new Set(
  (
    "a an and are as at because but by for from if in into is like my of on or so than that the then to um uh er erm " +
    "was well were when which who with your und oder aber weil der die das ein eine et ou mais y o pero"
  ).split(" "),
);

export const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[’']/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Whether somebody who said `text` and pauses is likely to be done. */
export function complete(text: string): boolean {
  const said = text.trim();
  const last = wordsOf(said).at(-1);
  return last !== undefined && !OPEN.has(last) && !/(?:\.\.\.|…|[,;:–-])$/.test(said);
}

/** Whether `heard` is what the page itself said: most of its words, in their order, stand in `said`. */
export function isEcho(heard: string, said: string): boolean {
  const [wanted, spoken] = [wordsOf(heard), wordsOf(said)];
  if (wanted.length === 0 || spoken.length === 0) return false;
  return common(wanted, spoken) >= Math.ceil(wanted.length * SAME) && wanted.length > 1;
}

/** How many of `wanted` stand in `spoken` in their order. */
function common(wanted: readonly string[], spoken: readonly string[]): number {
  let before = new Array<number>(spoken.length + 1).fill(0);
  for (const word of wanted) {
    const row = [0];
    for (const [at, said] of spoken.entries()) {
      const longer =
        said === word ? (before[at] as number) + 1 : Math.max(before[at + 1] as number, row[at] as number);
      row.push(longer);
    }
    before = row;
  }
  return before.at(-1) ?? 0;
}

/** A sentence of an answer: where it stands in it, and how long it is heard. */
export interface Spoken {
  text: string;
  from: number;
  seconds: number;
}

/** The part of `answer` that was heard, when `heard` seconds of `spoken` had been played. */
export function heardOf(answer: string, spoken: readonly Spoken[], heard: number): string {
  let end = 0;
  let left = heard;
  for (const { text, from, seconds } of spoken) {
    if (left <= 0) break;
    const words = [...text.matchAll(/\S+/g)];
    const whole = left >= seconds - NEARLY_S ? words.length : Math.floor((words.length * left) / seconds);
    const last = words[whole - 1];
    if (last) end = from + last.index + last[0].length;
    left -= seconds;
  }
  return answer.slice(0, end);
}
