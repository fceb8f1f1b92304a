/** What is told of a document, and how a query is marked in its text. */
import type { DocumentEntry } from "../../sdk/index.ts";
import { percent, size } from "../kit/format.ts";
import { w } from "./words.ts";

const sizeWords = (bytes: number): string =>
  bytes < 999_500 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : size(bytes);

/** "PDF · 12 pages · 340 KB" */
export function facts({ type, pages, bytes }: DocumentEntry): string {
  return [w[type], ...(pages > 1 ? [w.pages({ count: pages })] : []), sizeWords(bytes)].join(" · ");
}

/** What is still done to it, or went wrong; "" where it is all there. */
export function standing({ state, problem, passages, understood }: DocumentEntry): string {
  if (state === "reading") return w.coming;
  if (state === "failed") return problem ? `${problem.message} ${problem.action}` : w.unread;
  if (understood < passages) return w.understood({ percent: percent(understood / passages) });
  return "";
}

/** The pieces of a text, those that a query has words of as `true`. */
export function marked(text: string, query: string): { text: string; hit: boolean }[] {
  const words = query.match(/\p{Script=Han}+|[\p{L}\p{N}]{3,}/gu) ?? [];
  if (!words.length) return [{ text, hit: false }];
  const found = new RegExp(`(${[...new Set(words)].sort((a, b) => b.length - a.length).join("|")})`, "giu");
  return text
    .split(found)
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter((piece) => piece.text);
}
