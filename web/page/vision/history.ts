/** What was seen lately: a short list, newest first, kept for as long as the tab lives. */
import { same, type Word } from "./changes.ts";

export interface HistoryItem {
  key: number;
  /** The preset's name, or the question. */
  asked: string;
  text: string;
  /** A data URL; empty when there was no picture any more. */
  thumbnail: string;
  /** Milliseconds from the frame to the end of the answer; of the last one where several said the same. */
  ms: number;
  at: Date;
  /** How many frames in a row were answered so. */
  times: number;
  /** The words, where they were compared with those of the answer before. */
  words?: readonly Word[];
  finish?: string;
}

const MOST = 24;
let lastKey = 0;

/** The list with `item` at its head; the same words to the same question again only count. */
export function withItem(
  items: readonly HistoryItem[],
  item: Omit<HistoryItem, "key" | "times">,
): readonly HistoryItem[] {
  const [first, ...rest] = items;
  if (first && first.asked === item.asked && same(first.text, item.text) && !first.finish && !item.finish) {
    return [{ ...first, ms: item.ms, at: item.at, times: first.times + 1 }, ...rest];
  }
  lastKey += 1;
  return [{ ...item, key: lastKey, times: 1 }, ...items].slice(0, MOST);
}

/** The middle of the times of the last few frames; undefined before the first. */
export function usualTime(times: readonly number[]): number | undefined {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
