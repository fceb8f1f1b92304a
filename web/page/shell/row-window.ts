/** Which rows of a long list are near what is seen of it. All are of one height. */

/** Height of a row, as the style has it. */
const ROW_REM = 2.5;
/** Drawn above and below what is seen; headings between the rows put them a little lower than is reckoned. */
const BEYOND = 16;
/** Others are drawn only when so many rows went by. */
const STEP = 8;
/** Drawn at first, beside all else that a page draws then: about as many as a screen has. Those beyond come after. */
const FIRST = 24;

export class RowWindow {
  readonly #box: HTMLElement;
  readonly #changed: () => void;
  #row = 40;
  #height = 800;
  /** The first row that is drawn, and the one after the last. */
  from = 0;
  to = FIRST;

  /**
   * @param box scrolls
   * @param changed is called when other rows are near
   */
  constructor(box: HTMLElement, changed: () => void) {
    this.#box = box;
    this.#changed = changed;
    box.addEventListener("scroll", () => this.#look(), { passive: true });
    new ResizeObserver(() => {
      this.#row = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      this.#height = box.clientHeight;
      // In a task of its own: this one lays out, and paints.
      setTimeout(() => this.#look());
    }).observe(box);
  }

  /** Scrolls to about where a row is, unless it is seen, so that it is drawn. */
  reveal(row: number): void {
    // As it is, and not as it was last heard of: this may come first.
    const { scrollTop, clientHeight } = this.#box;
    const top = row * this.#row;
    if (top >= scrollTop && top + 2 * this.#row <= scrollTop + clientHeight) return;
    this.#box.scrollTop = top - clientHeight / 2;
    this.#look();
  }

  /** Scrolls to a row that is drawn, unless it is seen: headings put it lower than {@link reveal} reckons. */
  show(row: Element): void {
    const [inner, outer] = [row.getBoundingClientRect(), this.#box.getBoundingClientRect()];
    if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
    this.#box.scrollTop += inner.top - outer.top - this.#box.clientHeight / 2;
  }

  #look(): void {
    const first = Math.floor(this.#box.scrollTop / this.#row / STEP) * STEP;
    const from = Math.max(0, first - BEYOND);
    const to = first + Math.ceil(this.#height / this.#row) + STEP + BEYOND;
    if (from === this.from && to === this.to) return;
    this.from = from;
    this.to = to;
    this.#changed();
  }
}
