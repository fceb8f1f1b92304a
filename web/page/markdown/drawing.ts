/**
 * How a growing Markdown text is drawn into its element. Parts that can no longer change are drawn once and left
 * alone; only the last one is drawn again. Loaded on the first answer.
 */
import { CodeLines } from "./code-lines.ts";
import { closingOf, headOf, type Part, settled } from "./cut.ts";
import { draw, type Outline, outline } from "./render.ts";
import { TableRows } from "./table-rows.ts";

const WINDOW = 4_000;

export class Drawing {
  readonly #element: HTMLElement;
  readonly #tail: HTMLElement;
  #text = "";
  /** Characters that are drawn for good. */
  #done = 0;
  /** What follows them, as it was drawn last. */
  #drawn = "";
  /** The long code block or table that they end in, while it goes on. */
  #open: CodeLines | TableRows | null = null;

  /** @param tail is the last in `element` and holds what may still change */
  constructor(element: HTMLElement, tail: HTMLElement) {
    this.#element = element;
    this.#tail = tail;
  }

  /** Draws a text, until the slice is over; true when there is more to draw. */
  draw(text: string, isOver: () => boolean): boolean {
    if (!text.startsWith(this.#text.slice(0, this.#done))) this.#reset();
    this.#text = text;
    while (this.#advance(isOver)) if (isOver()) return true;
    return false;
  }

  #reset(): void {
    this.#done = 0;
    this.#drawn = "";
    this.#open = null;
    this.#element.replaceChildren(this.#tail);
  }

  get #rest(): string {
    return this.#text.slice(this.#done);
  }

  /** Draws some parts for good, or the tail; false when there is nothing left to do now. */
  #advance(isOver: () => boolean): boolean {
    const rest = this.#rest;
    if (rest === this.#drawn) return false;
    if (this.#open) return this.#takeRest(this.#open, rest);
    for (let size = WINDOW; ; size *= 2) {
      const found = outline(rest.slice(0, size));
      if (this.#settle(rest, settled(found.blocks), found, isOver)) return true;
      const block = found.blocks.findLast(({ type }) => type !== "space");
      const closing = block && closingOf(block);
      const head = block && headOf(block);
      if (closing) this.#startCode(block.raw, closing, found);
      if (head) this.#startTable(head, found);
      if (closing || head) return true;
      if (size < rest.length) continue;
      this.#tail.replaceChildren(block ? draw(block.raw, found.links) : "");
      this.#drawn = rest;
      return false;
    }
  }

  /** Draws parts that cannot change any more, until the slice is over. */
  #settle(rest: string, parts: readonly Part[], { links }: Outline, isOver: () => boolean): boolean {
    let at = 0;
    for (const { raw, goesOn } of parts) {
      if (!rest.startsWith(raw, at) || (at > 0 && isOver())) break;
      const drawn = draw(raw, links);
      if (goesOn) drawn.lastElementChild?.classList.add("goes-on");
      this.#element.insertBefore(drawn, this.#tail);
      at += raw.length;
    }
    if (at === 0) return false;
    this.#keep(at);
    return true;
  }

  /** `count` more characters are drawn for good. */
  #keep(count: number): void {
    this.#done += count;
    this.#drawn = "";
    this.#tail.replaceChildren();
  }

  /** A long code block is not drawn anew with each of its lines: they are put to it. */
  #startCode(raw: string, closing: RegExp, { links }: Outline): void {
    const opening = raw.slice(0, raw.indexOf("\n") + 1);
    const drawn = draw(opening, links);
    this.#open = new CodeLines(drawn.querySelector("code") as HTMLElement, closing);
    this.#element.insertBefore(drawn, this.#tail);
    this.#keep(opening.length);
  }

  /** Nor is a long table: its rows are. */
  #startTable(head: string, { links }: Outline): void {
    const table = new TableRows(head, links);
    this.#open = table;
    this.#element.insertBefore(table.element, this.#tail);
    this.#keep(head.length);
  }

  #takeRest(open: CodeLines | TableRows, rest: string): boolean {
    const { taken, ended, more, loose } = open.take(rest);
    this.#done += taken;
    this.#drawn = more ? "" : this.#rest;
    this.#tail.replaceChildren(loose ? draw(loose, {}) : "");
    if (ended) this.#open = null;
    return more;
  }
}
