/** What two answers about two frames have in common, word by word. */

export interface Word {
  text: string;
  /** It was not in the answer before. */
  fresh: boolean;
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** "Red," and "red" are one word. */
const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "") || word;

/** Marks the words of `now` that are not, in this order, in `before`. */
export function compare(before: string, now: string): Word[] {
  const old = words(before).map(plain);
  const shown = words(now);
  const fresh = shown.map(plain);
  // Longest common subsequence: lengths[i][j] is that of old[i…] and fresh[j…].
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      (lengths[i] as number[])[j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const marked: Word[] = [];
  for (let i = 0, j = 0; j < shown.length; ) {
    if (i < old.length && old[i] === fresh[j]) {
      marked.push({ text: shown[j] as string, fresh: false });
      i += 1;
      j += 1;
    } else if (i < old.length && at(i + 1, j) >= at(i, j + 1)) i += 1;
    else {
      marked.push({ text: shown[j] as string, fresh: true });
      j += 1;
    }
  }
  return marked;
}

/** Whether the two say the same. */
export const same = (before: string, now: string): boolean =>
  words(before).map(plain).join(" ") === words(now).map(plain).join(" ");
