/**
 * Text, as it comes, in sentences: the first one is given out as soon as it is whole. What Markdown sets apart stands
 * alone: a heading, an item of a list, a row of a table, a block of code.
 */

export interface Sentence {
  text: string;
  /** Where it begins in all that was given, in UTF-16 units. */
  from: number;
  kind: "words" | "code";
  /** A paragraph, a heading or an item ends with it. */
  ends: boolean;
}

/** A sentence that is longer is cut where it can be: the voice would read it in one breath. */
const LONGEST = 280;

/** Abbreviations with something behind them, and initials. */
const SHORT =
  /(?:^|[\s("'])(?:(?:[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t|vs|e\.g|i\.e|cf|approx|ca|[Ff]ig|pp?|[Vv]ol|[Cc]h|est)|[A-Z](?:\.[A-Z])*)$/;
/** Where a capital letter behind them begins a sentence. */
const MAY_END = /(?:U\.S(?:\.A)?|[ap]\.m|\sI)$/;
const END = /[.!?…]+["'”’)\]*_]*(?=\s)|[。！？]+[」』”’]*/g;
const FENCE = /^[ \t]{0,3}(`{3,}|~{3,})/;
/** What a line of its own begins with. */
const BLOCK = /^[ \t]*(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|>|\||```|~~~)/;
/** So much must be known of the next line before it can be told whether a paragraph goes on. */
const TELLS = 6;
/** So much of what follows a dot, before it can be told whether a sentence does. */
const AFTER = 2;
/** So much of a line is looked at. */
const LINE = 40;

export class Sentences {
  #rest = "";
  #from = 0;

  /** Takes more text; returns the sentences that are whole with it. */
  push(piece: string): Sentence[] {
    this.#rest += piece;
    return [...this.#whole(false)];
  }

  /** The text has ended: whatever is left. */
  end(): Sentence[] {
    return [...this.#whole(true)];
  }

  *#whole(ended: boolean): Generator<Sentence, void> {
    for (;;) {
      this.#take(/^\s*/.exec(this.#rest)?.[0].length ?? 0);
      if (this.#rest === "") return;
      const found = FENCE.test(this.#rest) ? this.#code(ended) : this.#words(ended);
      if (!found) return;
      yield found;
    }
  }

  #take(length: number): string {
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    this.#from += length;
    return taken;
  }

  #code(ended: boolean): Sentence | undefined {
    const fence = (FENCE.exec(this.#rest) as RegExpExecArray)[1] as string;
    const close = new RegExp(`\\n[ \\t]{0,3}${fence[0]}{${fence.length},}[ \\t]*(?:\\n|$)`).exec(this.#rest);
    if (!ended && (!close || close.index + close[0].length === this.#rest.length)) return undefined;
    const { length } = this.#rest;
    return this.#given(close ? close.index + close[0].length : length, "code", true);
  }

  #words(ended: boolean): Sentence | undefined {
    const { limit, ends } = this.#block(ended);
    const text = this.#rest.slice(0, limit);
    for (const { 0: mark, index } of text.matchAll(END)) {
      const end = index + mark.length;
      if (end > LONGEST) break;
      const after = text.slice(end, end + AFTER);
      if (/^\.(?!\.)/.test(mark)) {
        if (!ends && after.length < AFTER) break;
        if (goesOn(text.slice(0, index), after)) continue;
      }
      return this.#given(end, "words", ends && end === limit);
    }
    if (text.length > LONGEST) return this.#given(cutAt(text), "words", false);
    return ends ? this.#given(limit, "words", true) : undefined;
  }

  /**
   * How far the paragraph, heading or item at the beginning goes, and whether it ends there: more may tell otherwise.
   */
  #block(ended: boolean): { limit: number; ends: boolean } {
    const alone = BLOCK.test(this.#rest);
    for (let at = this.#rest.indexOf("\n"); at >= 0; at = this.#rest.indexOf("\n", at + 1)) {
      const next = this.#rest.slice(at + 1, at + 1 + LINE);
      if (!ended && next.length < TELLS && !next.includes("\n")) return { limit: at + 1, ends: false };
      const parted = /^[ \t]*\n/.test(next) || BLOCK.test(next);
      if (parted || (alone && !/^ {2,}\S/.test(next))) return { limit: at, ends: true };
    }
    return { limit: this.#rest.length, ends: ended };
  }

  #given(length: number, kind: Sentence["kind"], ends: boolean): Sentence {
    const from = this.#from;
    return { text: this.#take(length).trimEnd(), from, kind, ends };
  }
}

/** Whether the dot between two texts belongs to an abbreviation, an initial or the number of an item. */
function goesOn(all: string, after: string): boolean {
  const before = all.slice(-12);
  if (/^\s*\d{1,3}$/.test(all) || /^\s+[a-z]/.test(after)) return true;
  if (MAY_END.test(before)) return false;
  return SHORT.test(before) || (/(?:^|\s)No$/i.test(before) && /^\s\d/.test(after));
}

/** After the last mark of punctuation that leaves two parts of some length, else after a space, else anywhere. */
function cutAt(text: string): number {
  const head = text.slice(0, LONGEST);
  const marks = [...head.matchAll(/[,;:—–)](?=\s)/g)].map(({ index }) => index + 1);
  const mark = marks.filter((at) => at > LONGEST / 4).at(-1);
  if (mark !== undefined) return mark;
  const space = head.lastIndexOf(" ");
  if (space > 0) return space;
  // Never between the two halves of a character.
  return /[\ud800-\udbff]$/.test(head) ? LONGEST - 1 : LONGEST;
}
