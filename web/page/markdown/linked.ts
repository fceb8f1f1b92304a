/**
 * Addresses that a text names by themselves (`[1]: https://…`), and what refers to them: they may come long after it, and
 * it long after them.
 */
import type { Links, Token, Tokens } from "marked";
import { morph } from "./morph.ts";
import { draw } from "./render.ts";
import type { Outline } from "./syntax.ts";

/** Something in brackets that is no link yet. */
const REFERENCE = /\][[\s]?\[|\[[^\]\n]{1,200}\](?![(:])/;
/** No more parts are drawn again when an address comes. */
const MOST_PARTS = 200;

/** Where a part is drawn: after `before`, up to `last`. */
interface Drawn {
  parent: Node;
  before: ChildNode | null;
  last: ChildNode | null;
}

const isDefinition = (token: Token): token is Tokens.Def => token.type === "def";

export class Linked {
  #settled: Links = {};
  #all: Links = {};
  readonly #parts: { raw: string; place: Drawn }[] = [];

  /** Those that are known, the first of each name. */
  get links(): Links {
    return this.#all;
  }

  /** A part was drawn for good. */
  note(raw: string, place: Drawn): void {
    if (REFERENCE.test(raw) && this.#parts.length < MOST_PARTS) this.#parts.push({ raw, place });
  }

  /** Learns the addresses of what came; what refers to a new one is drawn again. */
  follow({ blocks, links }: Outline): void {
    // The last may be half an address yet.
    for (const token of blocks.slice(0, -1).filter(isDefinition))
      this.#settled[token.tag] ??= { href: token.href, title: token.title ?? null };
    const before = this.#all;
    this.#all = { ...links, ...this.#settled };
    const isNew = (tag: string) => before[tag]?.href !== this.#all[tag]?.href;
    const changed = Object.keys({ ...before, ...this.#all }).filter(isNew);
    if (changed.length) this.#drawAgain(changed);
  }

  #drawAgain(tags: readonly string[]): void {
    for (const { raw, place } of this.#parts) {
      const text = raw.toLowerCase();
      if (!tags.some((tag) => text.includes(`[${tag}]`))) continue;
      const { parent, before, last } = place;
      if (before && before.parentNode !== parent) continue;
      const first = before ? before.nextSibling : parent.firstChild;
      morph({ parent, first, end: last?.nextSibling ?? null }, draw(raw, this.#all));
    }
  }
}
