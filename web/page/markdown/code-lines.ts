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

/** A code block that goes on: its lines are put to what is drawn of it. */
export class CodeLines {
  readonly #closing: RegExp;
  /** The last line, which is not whole yet. */
  readonly #partial = document.createTextNode("");

  /**
   * @param code is drawn and holds no lines yet
   * @param closing matches the line that ends it
   */
  constructor(code: HTMLElement, closing: RegExp) {
    this.#closing = closing;
    code.replaceChildren(this.#partial);
  }

  /** Shows what comes next of the text. */
  take(rest: string): Taken {
    const end = this.#closing.exec(rest);
    const lines = rest.slice(0, end ? end.index : rest.lastIndexOf("\n") + 1);
    if (lines) this.#partial.before(lines);
    // A last line that looks like the end may still become another.
    this.#partial.data = end ? "" : rest.slice(lines.length);
    const ended = end?.[0].endsWith("\n") === true;
    return { taken: lines.length + (ended ? end[0].length : 0), ended, more: ended, loose: "" };
  }
}
