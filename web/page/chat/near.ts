/** Which blocks of a conversation are near what is seen. */

/** Drawn this far above and below what is seen. */
const MARGIN = "1200px 0px";
/** Room for messages that were never drawn: characters in a line. */
const LINE = 75;

/** Safari does not keep what is read in its place while what stands above it grows. */
const KEEPS_PLACE = CSS.supports("overflow-anchor", "auto");

export class Near {
  readonly #keys = new Set<number>();
  /** Far away and drawn all the same. */
  readonly #held = new Set<HTMLElement>();
  readonly #observer: IntersectionObserver;
  readonly #heights = new Map<Element, number>();
  /** A box scrolls by whole pixels: what is owed to it, less than one. */
  #owed = 0;
  readonly #sizes: ResizeObserver | null;
  readonly #changed: () => void;

  /**
   * @param box scrolls
   * @param log holds the blocks, each with its key as `data-key`
   * @param changed is called when others are near
   */
  constructor(box: HTMLElement, log: HTMLElement, changed: () => void) {
    this.#changed = changed;
    this.#observer = new IntersectionObserver((moves) => this.#move(moves), {
      root: box,
      rootMargin: MARGIN,
    });
    this.#sizes = KEEPS_PLACE ? null : new ResizeObserver((sizes) => this.#keepPlace(box, sizes));
    const children = new MutationObserver((mutations) => {
      for (const { addedNodes, removedNodes } of mutations) {
        for (const node of removedNodes) if (node instanceof HTMLElement) this.#forget(node);
        for (const node of addedNodes) if (node instanceof HTMLElement) this.#follow(node);
      }
    });
    children.observe(log, { childList: true });
    for (const node of log.children) this.#follow(node as HTMLElement);
  }

  has(key: number): boolean {
    return this.#keys.has(key);
  }

  #follow(block: HTMLElement): void {
    const lines = Math.ceil((block.textContent?.length ?? 0) / LINE);
    block.style.setProperty("--lines", `${lines}`);
    this.#observer.observe(block);
    this.#sizes?.observe(block);
  }

  #forget(block: HTMLElement): void {
    this.#observer.unobserve(block);
    this.#sizes?.unobserve(block);
    this.#heights.delete(block);
    this.#keys.delete(keyOf(block));
    this.#held.delete(block);
  }

  #keepPlace(box: HTMLElement, sizes: readonly ResizeObserverEntry[]): void {
    const { top } = box.getBoundingClientRect();
    let grown = 0;
    for (const { target, contentRect } of sizes) {
      const before = this.#heights.get(target) ?? contentRect.height;
      this.#heights.set(target, contentRect.height);
      if (target.getBoundingClientRect().top < top) grown += contentRect.height - before;
    }
    if (!grown) return;
    const before = box.scrollTop;
    box.scrollTop = before + this.#owed + grown;
    const left = this.#owed + grown - (box.scrollTop - before);
    this.#owed = Math.abs(left) < 1 ? left : 0; // more is left at an end only
  }

  #move(moves: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of moves) {
      const block = target as HTMLElement;
      if (isIntersecting) {
        this.#keys.add(keyOf(block));
        this.#held.delete(block);
      } else this.#held.add(block);
    }
    for (const block of this.#held) {
      if (isHeld(block)) continue;
      this.#held.delete(block);
      this.#keys.delete(keyOf(block));
    }
    this.#changed();
  }
}

const keyOf = (block: HTMLElement): number => Number(block.dataset.key);

/** Something in it would be lost if it were not drawn: the focus, a selection, what was opened. */
function isHeld(block: HTMLElement): boolean {
  const selection = getSelection();
  return (
    block.contains(document.activeElement) ||
    block.querySelector("details[open]") !== null ||
    (selection !== null && !selection.isCollapsed && selection.containsNode(block, true))
  );
}
