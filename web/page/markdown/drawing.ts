/**
 * How a growing Markdown text is drawn into its element. Parts that can no longer change are drawn once and left
 * alone; only the last one is drawn again, and of that only what is not as it was. Loaded on the first answer.
 */

import { CodeLines } from "./code-lines.ts";
import { closingOf, headOf, type Part, settled } from "./cut.ts";
import { Linked } from "./linked.ts";
import { morph, removeFrom } from "./morph.ts";
import { draw } from "./render.ts";
import { type Outline, outline } from "./syntax.ts";
import { TableRows } from "./table-rows.ts";
import { onTextClick } from "./text-clicks.ts";

const WINDOW = 4_000;

export class Drawing {
  readonly #element: HTMLElement;
  #text = "";
  /** Characters that are drawn for good. */
  #done = 0;
  /** The last of what is drawn of them; what may still change follows it. */
  #last: ChildNode | null = null;
  /** What follows them, as it was drawn last. */
  #drawn = "";
  /** The long code block or table that they end in, while it goes on. */
  #open: CodeLines | TableRows | null = null;
  #linked = new Linked();

  /** @param element may hold what stands for the text until it is drawn */
  constructor(element: HTMLElement) {
    this.#element = element;
    element.addEventListener("click", onTextClick);
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
    this.#last = null;
    this.#drawn = "";
    this.#open = null;
    this.#linked = new Linked();
    this.#element.replaceChildren();
  }

  get #rest(): string {
    return this.#text.slice(this.#done);
  }

  /** Where what may still change begins. */
  get #tail(): { parent: Node; first: ChildNode | null } {
    const first = this.#last ? this.#last.nextSibling : this.#element.firstChild;
    return { parent: this.#element, first };
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
      if (closing) this.#startCode(block.raw, closing);
      if (head) this.#startTable(head, block.raw);
      if (closing || head) return true;
      if (size < rest.length) continue;
      this.#linked.follow(found);
      this.#drawTail(block?.raw ?? "");
      this.#drawn = rest;
      return false;
    }
  }

  #drawTail(raw: string): void {
    removeFrom(morph(this.#tail, draw(raw, this.#linked.links)));
  }

  /** Draws parts that cannot change any more, until the slice is over. */
  #settle(rest: string, parts: readonly Part[], found: Outline, isOver: () => boolean): boolean {
    let at = 0;
    if (parts.length) this.#linked.follow(found);
    for (const { raw, goesOn } of parts) {
      if (!rest.startsWith(raw, at) || (at > 0 && isOver())) break;
      const drawn = draw(raw, this.#linked.links);
      if (goesOn) drawn.lastElementChild?.classList.add("goes-on");
      const before = this.#last;
      this.#putForGood(drawn);
      if (before !== this.#last) this.#linked.note(raw, { parent: this.#element, before, last: this.#last });
      at += raw.length;
    }
    if (at === 0) return false;
    this.#keep(at);
    return true;
  }

  #putForGood(drawn: DocumentFragment): void {
    const count = drawn.childNodes.length;
    morph(this.#tail, drawn);
    for (let i = 0; i < count; i++) this.#last = this.#tail.first;
  }

  /** `count` more characters are drawn for good. */
  #keep(count: number): void {
    this.#done += count;
    this.#drawn = "";
  }

  /** What is drawn last is an earlier state of the block with which the rest begins. */
  #isDrawn(opening: string): boolean {
    return this.#drawn.startsWith(opening) && this.#rest.startsWith(this.#drawn);
  }

  /** A long code block is not drawn anew with each of its lines: they are put to it. */
  #startCode(raw: string, closing: RegExp): void {
    const opening = raw.slice(0, raw.indexOf("\n") + 1);
    if (!this.#isDrawn(opening)) this.#drawTail(opening);
    const frame = this.#tail.first as HTMLElement;
    const lines = new CodeLines(frame.querySelector("code") as HTMLElement, closing);
    this.#open = lines;
    this.#last = frame;
    this.#keep(opening.length + lines.adopt(raw.slice(opening.length)));
    removeFrom(this.#tail.first);
  }

  /** Nor is a long table: its rows are. */
  #startTable(head: string, raw: string): void {
    const drawn = this.#isDrawn(head) ? this.#drawn.slice(head.length) : "";
    if (!drawn) this.#drawTail(head);
    const table = new TableRows(head, this.#linked.links, this.#tail.first as HTMLElement);
    this.#open = table;
    this.#last = table.element;
    this.#keep(head.length + table.adopt(raw.startsWith(head + drawn) ? drawn : ""));
    removeFrom(this.#tail.first);
  }

  #takeRest(open: CodeLines | TableRows, rest: string): boolean {
    const { taken, ended, more, loose } = open.take(rest);
    this.#done += taken;
    if (open instanceof TableRows) this.#last = open.element;
    this.#drawn = more ? "" : this.#rest;
    if (!more || loose) this.#drawTail(loose);
    if (ended) this.#open = null;
    return more;
  }
}
