/**
 * What conversations say, in memory, to be searched. A plain look through all of it: ten thousand messages take a few
 * milliseconds, every part of a word is found in every language, and nothing is left of what is forgotten.
 */
import { composed, fold, marksIn, wordsOf } from "./fold.ts";
import type { Query, Searched, SearchHit } from "./protocol.ts";

type Messages = Exclude<Searched["messages"], string>;

interface Line {
  place: number;
  role: "user" | "assistant";
  text: string;
  folded: string;
}

interface Entry {
  id: string;
  title: string;
  foldedTitle: string;
  updated: string;
  lines: Line[];
}

/** Shown before and after the first of the words. */
const BEFORE = 40;
const AFTER = 140;
/** Of one conversation, where all are searched. */
const MOST_EACH = 3;

export class WordIndex {
  readonly #entries = new Map<string, Entry>();
  /** The last changed first; null after a change. */
  #sorted: Entry[] | null = null;

  /** @param messages left out, those stay that it has */
  put({ id, title, updated }: Omit<Searched, "messages">, messages?: Messages): void {
    const lines = messages ? linesOf(messages) : (this.#entries.get(id)?.lines ?? []);
    const plain = composed(title);
    this.#entries.set(id, { id, title: plain, foldedTitle: fold(plain), updated, lines });
    this.#sorted = null;
  }

  forget(id: string): void {
    this.#entries.delete(id);
    this.#sorted = null;
  }

  find({ words, conversation, limit }: Query): SearchHit[] {
    const wanted = wordsOf(words);
    if (!wanted.length) return [];
    if (conversation !== undefined) {
      const entry = this.#entries.get(conversation);
      return entry ? linesWith(entry, wanted, limit).map((line) => hit(entry, line, wanted)) : [];
    }
    const entries = this.#newestFirst();
    const named = entries.filter(({ foldedTitle }) => hasAll(foldedTitle, wanted));
    const hits: SearchHit[] = [];
    for (const entry of new Set([...named, ...entries])) {
      if (hits.length >= limit) break;
      if (hasAll(entry.foldedTitle, wanted)) hits.push(hit(entry, null, wanted));
      for (const line of linesWith(entry, wanted, MOST_EACH)) hits.push(hit(entry, line, wanted));
    }
    return hits.slice(0, limit);
  }

  #newestFirst(): Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort((one, other) =>
      one.updated < other.updated ? 1 : one.updated > other.updated ? -1 : 0,
    );
    return this.#sorted;
  }
}

const hasAll = (text: string, words: readonly string[]): boolean =>
  words.every((word) => text.includes(word));

function linesWith({ lines }: Entry, words: readonly string[], most: number): Line[] {
  const found: Line[] = [];
  for (const line of lines) {
    if (found.length >= most) break;
    if (hasAll(line.folded, words)) found.push(line);
  }
  return found;
}

function linesOf(messages: Messages): Line[] {
  return messages.flatMap(({ role, content }, place) => {
    if (role !== "user" && role !== "assistant") return [];
    const text = composed(textOf(content));
    return text.trim() ? [{ place, role, text, folded: fold(text) }] : [];
  });
}

/** What is read of a message: not what was thought, no picture, and nothing that documents or files say. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as ({ type?: unknown; text?: unknown; sources?: unknown; file?: unknown } | null)[])
    .filter((block) => block?.type === "text" && block.sources === undefined && block.file === undefined)
    .flatMap((block) => (typeof block?.text === "string" ? [block.text] : []))
    .join("\n\n");
}

function hit({ id, title, updated }: Entry, line: Line | null, words: readonly string[]): SearchHit {
  const about = { conversation: id, title, updated };
  if (!line) return { ...about, message: null, role: null, text: title, marks: marksIn(title, words) };
  const { place, role } = line;
  return { ...about, message: place, role, ...around(line, words) };
}

/** A little of the text around the first place of the rarest word, and all words in it. */
function around({ text, folded }: Line, words: readonly string[]): Pick<SearchHit, "text" | "marks"> {
  const [rarest = ""] = words;
  // To reckon the exact place of a word in a long text takes long: about there it is looked for.
  const about = Math.round((folded.indexOf(rarest) / folded.length) * text.length);
  const exact = nearest(text, rarest, about);
  const from = wordStart(text, Math.max(0, exact - BEFORE));
  const to = whole(text, Math.min(text.length, exact + AFTER));
  const shown = text.slice(from, to).replace(/\s/gu, " ");
  return {
    text: `${from > 0 ? "…" : ""}${shown}${to < text.length ? "…" : ""}`,
    marks: marksIn(shown, words).map(([start, end]) => (from > 0 ? [start + 1, end + 1] : [start, end])),
  };
}

const WINDOW = 2_000;

/** Where the word stands in the text, near a place that was reckoned; else the first place at all. */
function nearest(text: string, word: string, place: number): number {
  for (const [from, to] of [
    [place, place + AFTER],
    [place - WINDOW, place + WINDOW],
    [0, text.length],
  ] as const) {
    const start = whole(text, Math.max(0, from));
    const [mark] = marksIn(text.slice(start, to), [word]);
    if (mark) return start + mark[0];
  }
  return Math.min(place, text.length);
}

/** Not within a pair of surrogates. */
const whole = (text: string, at: number): number =>
  at > 0 && at < text.length && /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;

/** After a space, where one is near. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, at + BEFORE / 2).search(/\s/u);
  return whole(text, space < 0 ? at : at + space + 1);
}
