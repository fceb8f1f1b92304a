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

  /**
   * Shows what comes next of the text.
   * @returns how many characters of `rest` were taken for good, and whether the block ended in them
   */
  take(rest: string): { taken: number; ended: boolean } {
    const end = this.#closing.exec(rest);
    const lines = rest.slice(0, end ? end.index : rest.lastIndexOf("\n") + 1);
    if (lines) this.#partial.before(lines);
    // A last line that looks like the end may still become another.
    this.#partial.data = end ? "" : rest.slice(lines.length);
    const ended = end?.[0].endsWith("\n") === true;
    return { taken: lines.length + (ended ? end[0].length : 0), ended };
  }
}
