/**
 * Where a growing Markdown text can be cut: what stands before can no longer change, so it is drawn once. The
 * last block may still grow; when it is too long to be drawn again with every piece, it is cut too.
 */
import type { Token, Tokens } from "marked";

/** A part of the text to be drawn by itself. */
export interface Part {
  raw: string;
  /** The rest of the same block follows. */
  goesOn: boolean;
}

/** A last block longer than this is cut where its kind allows it. */
const LONG = 4_000;
/** A last block longer than this is cut anywhere. */
const TOO_LONG = 24_000;
/** Lists take long to lay out: no more of one is drawn at a time, but for the last item of it. */
const LIST_PIECE = 2_000;
/** The last items of a list may still change: they wait for what comes after them. */
const OPEN_ITEMS = 2;

/** The parts of `found`, which is all that came so far, that are to be drawn for good now. */
export function settled(found: readonly Token[]): Part[] {
  const last = found.findLastIndex(({ type }) => type !== "space");
  const parts = found.slice(0, Math.max(0, last)).map(({ raw }) => ({ raw, goesOn: false }));
  const block = found[last];
  const raw = block ? beginning(block) : "";
  return raw ? [...parts, { raw, goesOn: true }] : parts;
}

/** As much of a long block as can be drawn by itself; empty when that is nothing. */
function beginning(block: Token): string {
  const { type, raw } = block;
  if (raw.length <= LONG || closingOf(block) || headOf(block)) return "";
  if (type === "list") {
    let items = "";
    for (const item of (block as Tokens.List).items.slice(0, -OPEN_ITEMS)) {
      if (items.length > LIST_PIECE) break;
      items += item.raw;
    }
    if (items) return items;
  }
  if (type === "paragraph") return raw.slice(0, sentenceEnd(raw));
  return raw.length > TOO_LONG ? raw.slice(0, sentenceEnd(raw)) : "";
}

/**
 * Where a long code block between fences ends: at the first match in what follows its opening line. Null for
 * every other block.
 */
export function closingOf({ type, raw }: Token): RegExp | null {
  const fence = type === "code" && raw.length > LONG && /^(?:`{3,}|~{3,})(?=[^\n]*\n)/.exec(raw);
  return fence ? new RegExp(`^ {0,3}${fence[0]}[\`~]* *(?:\\n|$(?![^]))`, "m") : null;
}

/** The first two lines of a long table; empty for every other block. */
export const headOf = ({ type, raw }: Token): string =>
  type === "table" && raw.length > LONG ? (/^.*\n.*\n/.exec(raw)?.[0] ?? "") : "";

/**
 * The last place in the first {@link LONG} characters where a sentence ends, or a word. What follows begins with
 * a letter: nothing else makes sure that it is read as text.
 */
function sentenceEnd(raw: string): number {
  const start = raw.slice(0, LONG);
  for (const ends of [/[.!?…]["'”’)\]*_]*\s+(?=\p{L})/gu, /\s+(?=\p{L})/gu]) {
    const found = [...start.matchAll(ends)].at(-1);
    if (found && found.index > LONG / 4) return found.index + found[0].length;
  }
  // Not between the two halves of a character.
  return /[\uD800-\uDBFF]$/.test(start) ? LONG - 1 : LONG;
}
