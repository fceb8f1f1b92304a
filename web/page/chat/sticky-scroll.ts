/** Keeps a scrolling box at its end while it grows, until the person scrolls up, or {@link LEAVE} is heard. */
const NEAR_PX = 48;
/** An event at the box: something further up is to be shown. */
export const LEAVE = "leave-end";

export class StickyScroll {
  readonly #box: HTMLElement;
  readonly #report: (atEnd: boolean) => void;
  #stuck = true;
  #top = 0;

  constructor(box: HTMLElement, report: (atEnd: boolean) => void) {
    this.#box = box;
    this.#report = report;
    box.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    box.addEventListener(LEAVE, () => this.#set(false));
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
  }

  toEnd(): void {
    this.#set(true);
    this.#follow();
  }

  #follow(): void {
    if (!this.#stuck) return;
    // What a new conversation shows is read from its top.
    if (this.#box.querySelector("[role=log] > *") === null) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    // Content that grew is not the person leaving the end: only a move upwards is.
    if (scrollHeight - scrollTop - clientHeight <= NEAR_PX) this.#set(true);
    else if (scrollTop < this.#top - 1) this.#set(false);
    this.#top = scrollTop;
  }

  #set(stuck: boolean): void {
    if (stuck === this.#stuck) return;
    this.#stuck = stuck;
    this.#report(stuck);
  }
}
