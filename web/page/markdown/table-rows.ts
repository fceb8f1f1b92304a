/** A table that goes on: its rows are put to what is drawn of it. */
import type { Links } from "marked";
import type { Taken } from "./code-lines.ts";
import { draw } from "./render.ts";
import { outline } from "./syntax.ts";

/** A table is laid out anew with each of its rows: after so many another one follows, under the same head. */
const MOST_ROWS = 250;
/** No more of it is drawn at a time. */
const PIECE = 2_000;

export class TableRows {
  readonly #head: string;
  readonly #links: Links;
  /** Holds a table that has no rows yet. */
  readonly #empty: Element;
  #frame: Element;
  /** The last row, which is not whole yet. */
  #partial: HTMLTableRowElement | null = null;

  /**
   * @param head its first two lines
   * @param frame is drawn, with as many rows as there were
   */
  constructor(head: string, links: Links, frame: Element) {
    this.#head = head;
    this.#links = links;
    this.#empty = this.#draw("").firstElementChild as Element;
    this.#frame = frame;
  }

  /** What is drawn of it last. */
  get element(): HTMLElement {
    return this.#frame as HTMLElement;
  }

  /** Keeps the rows of `lines` that are drawn and whole; @returns how many characters they are */
  adopt(lines: string): number {
    const whole = lines.slice(0, lines.lastIndexOf("\n") + 1);
    const { rows } = bodyOf(this.#frame);
    const count = whole.split("\n").length - 1;
    const kept = rows.length >= count && rows.length <= count + 1 ? count : 0;
    while (rows.length > kept) rows[kept]?.remove();
    return kept ? whole.length : 0;
  }

  /** Shows what comes next of the text. */
  take(rest: string): Taken {
    this.#partial?.remove();
    this.#partial = null;
    const lines = wholeLines(rest);
    const table = outline(this.#head + lines).blocks[0]?.raw ?? "";
    const taken = Math.max(0, table.length - this.#head.length);
    if (taken) this.#append(this.#draw(rest.slice(0, taken)));
    if (taken < lines.length || table.endsWith("\n\n")) return { taken, ended: true, more: true, loose: "" };
    const left = rest.slice(taken);
    if (left.includes("\n")) return { taken, ended: false, more: true, loose: "" };
    // It may still become a row.
    const isRow = outline(this.#head + left).blocks.length === 1;
    if (left && isRow) this.#partial = this.#append(this.#draw(left));
    return { taken, ended: false, more: false, loose: isRow ? "" : left };
  }

  #draw(rows: string): DocumentFragment {
    return draw(this.#head + rows, this.#links);
  }

  /** Returns the last row that was put to the table. */
  #append(drawn: DocumentFragment): HTMLTableRowElement | null {
    const rows = drawn.querySelectorAll<HTMLTableRowElement>("tbody > tr");
    for (const row of rows) {
      if (bodyOf(this.#frame).rows.length >= MOST_ROWS) {
        const next = this.#empty.cloneNode(true) as Element;
        this.#frame.after(next);
        this.#frame = next;
      }
      bodyOf(this.#frame).append(row);
    }
    return rows.item(rows.length - 1);
  }
}

/** The lines that are whole, as many of them as are drawn at a time. */
function wholeLines(text: string): string {
  const end = text.indexOf("\n", PIECE);
  return text.slice(0, (end < 0 ? text.lastIndexOf("\n") : end) + 1);
}

function bodyOf(frame: Element): HTMLTableSectionElement {
  const table = frame.querySelector("table") as HTMLTableElement;
  return table.tBodies[0] ?? table.createTBody();
}
