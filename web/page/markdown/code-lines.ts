import { colour } from "./colours.ts";

/** What became of the rest of a text. */
export interface Taken {
  /** So many characters of it are drawn for good. */
  taken: number;
  /** The block ended in them. */
  ended: boolean;
  /** There is more to draw now. */
  more: boolean;
  /** The end of the rest, where it is no part of the block as far as it has come. */
  loose: string;
}

/** No more of it is drawn at a time. */
const PIECE = 2_000;

/** A code block that goes on: its lines are put to what is drawn of it, and coloured some at a time. */
export class CodeLines {
  readonly #code: HTMLElement;
  readonly #closing: RegExp;
  /** The last line, which is not whole yet. */
  readonly #partial = document.createTextNode("");
  /** Whole lines that are not coloured yet. */
  #plain: Text[] = [];
  #plainLength = 0;

  /**
   * @param code is drawn, with as many lines as there were
   * @param closing matches the line that ends it
   */
  constructor(code: HTMLElement, closing: RegExp) {
    this.#code = code;
    this.#closing = closing;
    code.dataset.open = "";
  }

  /** Keeps the whole lines of `content` that are drawn already; @returns how many characters they are */
  adopt(content: string): number {
    const shown = this.#code.textContent ?? "";
    const isPart = content.startsWith(shown.replace(/\n$/, ""));
    const whole = isPart ? content.slice(0, shown.length).lastIndexOf("\n") + 1 : 0;
    cutAfter(this.#code, whole);
    this.#code.append(this.#partial);
    return whole;
  }

  /** Shows what comes next of the text. */
  take(rest: string): Taken {
    const end = this.#closing.exec(rest);
    const all = end ? end.index : rest.lastIndexOf("\n") + 1;
    const cut = rest.indexOf("\n", PIECE) + 1;
    const isPiece = cut > 0 && cut < all;
    this.#put(rest.slice(0, isPiece ? cut : all));
    if (isPiece) return { taken: cut, ended: false, more: true, loose: "" };
    // A last line that looks like the end may still become another.
    this.#partial.data = end ? "" : rest.slice(all);
    const ended = end?.[0].endsWith("\n") === true;
    if (end) this.#colour();
    if (ended) delete this.#code.dataset.open;
    return { taken: all + (ended ? end[0].length : 0), ended, more: ended, loose: "" };
  }

  #put(lines: string): void {
    if (!lines) return;
    const text = document.createTextNode(lines);
    this.#partial.before(text);
    this.#plain.push(text);
    this.#plainLength += lines.length;
    if (this.#plainLength >= PIECE) this.#colour();
  }

  #colour(): void {
    // What waited for its language may be coloured already.
    const plain = this.#plain.filter((text) => text.parentNode === this.#code);
    if (plain.length) colour(this.#code, plain);
    this.#plain = [];
    this.#plainLength = 0;
  }
}

/** Leaves the first `count` characters of an element. */
function cutAfter(element: HTMLElement, count: number): void {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = count;
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (text.length > left) text.deleteData(left, text.length - left);
    left -= Math.min(left, text.length);
  }
}
