/**
 * Shows a growing Markdown text. Parts that can no longer change are drawn once and left alone; only the last
 * one is drawn again, at most once a frame, less often when it is slow, and never for longer than a slice of a
 * frame at a time.
 */
import { copyText } from "../kit/clipboard.ts";
import { CodeLines } from "./code-lines.ts";
import { closingOf, headOf, type Part, settled } from "./cut.ts";
import type { Outline } from "./render.ts";
import { drawInSlices, SLICE_MS } from "./slices.ts";
import { TableRows } from "./table-rows.ts";

type Renderer = typeof import("./render.ts");

const WINDOW = 4_000;

let renderer: Renderer | null = null;
let loading: Promise<Renderer> | null = null;

/** Brings the renderer in. Text is shown plain until it is there, and for good if it cannot be had. */
export function loadRenderer(): Promise<Renderer> {
  loading ??= import("./render.ts").then(
    (module) => {
      renderer = module;
      return module;
    },
    (thrown) => {
      loading = null;
      throw thrown;
    },
  );
  return loading;
}

class MarkdownView extends HTMLElement {
  #text = "";
  /** Characters that are drawn for good. */
  #done = 0;
  /** What follows them, as it was drawn last. */
  #drawn = "";
  /** The long code block or table that they end in, while it goes on. */
  #open: CodeLines | TableRows | null = null;
  #scheduled = false;
  /** What took long to draw is left alone until then. */
  #notBefore = 0;
  readonly #tail = document.createElement("div");

  constructor() {
    super();
    this.#tail.className = "tail";
    this.addEventListener("click", copyCode);
  }

  get text(): string {
    return this.#text;
  }

  set text(value: string) {
    const text = value.includes("\r") ? value.replace(/\r\n?/g, "\n") : value;
    if (text === this.#text) return;
    if (!text.startsWith(this.#text.slice(0, this.#done))) this.#reset();
    this.#text = text;
    this.#schedule(this.#notBefore - performance.now());
  }

  connectedCallback(): void {
    if (!this.#tail.isConnected) this.append(this.#tail);
    this.#schedule(0);
  }

  #reset(): void {
    this.#done = 0;
    this.#drawn = "";
    this.#open = null;
    this.replaceChildren(this.#tail);
  }

  #schedule(delayMs: number): void {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    if (delayMs > 0) setTimeout(drawInSlices, delayMs, this.#step);
    else drawInSlices(this.#step);
  }

  /** Draws until the slice is over; true when there is more to draw. */
  readonly #step = (isOver: () => boolean): boolean => {
    this.#scheduled = false;
    if (!this.isConnected) return false;
    if (!renderer) {
      this.#plain(this.#text);
      void loadRenderer().then(
        () => this.#schedule(0),
        () => undefined,
      );
      return false;
    }
    const started = performance.now();
    while (this.#advance(renderer, isOver)) {
      if (isOver()) {
        this.#scheduled = true;
        return true;
      }
    }
    const now = performance.now();
    const cost = now - started;
    this.#notBefore = cost > SLICE_MS ? now + cost * 8 : 0;
    return false;
  };

  get #rest(): string {
    return this.#text.slice(this.#done);
  }

  /** Draws some parts for good, or the tail; false when there is nothing left to do now. */
  #advance(renderer: Renderer, isOver: () => boolean): boolean {
    const rest = this.#rest;
    if (rest === this.#drawn) return false;
    if (this.#open) return this.#takeRest(this.#open, rest, renderer);
    for (let size = WINDOW; ; size *= 2) {
      const found = renderer.outline(rest.slice(0, size));
      if (this.#settle(rest, settled(found.blocks), found, renderer, isOver)) return true;
      const block = found.blocks.findLast(({ type }) => type !== "space");
      const closing = block && closingOf(block);
      const head = block && headOf(block);
      if (closing) this.#startCode(block.raw, closing, found, renderer);
      if (head) this.#startTable(head, found, renderer);
      if (closing || head) return true;
      if (size < rest.length) continue;
      this.#tail.replaceChildren(block ? renderer.draw(block.raw, found.links) : "");
      this.#drawn = rest;
      return false;
    }
  }

  /** Draws parts that cannot change any more, until the slice is over. */
  #settle(
    rest: string,
    parts: readonly Part[],
    { links }: Outline,
    { draw }: Renderer,
    isOver: () => boolean,
  ): boolean {
    let at = 0;
    for (const { raw, goesOn } of parts) {
      if (!rest.startsWith(raw, at) || (at > 0 && isOver())) break;
      const drawn = draw(raw, links);
      if (goesOn) drawn.lastElementChild?.classList.add("goes-on");
      this.insertBefore(drawn, this.#tail);
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
  #startCode(raw: string, closing: RegExp, { links }: Outline, { draw }: Renderer): void {
    const opening = raw.slice(0, raw.indexOf("\n") + 1);
    const drawn = draw(opening, links);
    this.#open = new CodeLines(drawn.querySelector("code") as HTMLElement, closing);
    this.insertBefore(drawn, this.#tail);
    this.#keep(opening.length);
  }

  /** Nor is a long table: its rows are. */
  #startTable(head: string, { links }: Outline, renderer: Renderer): void {
    const table = new TableRows(head, links, renderer);
    this.#open = table;
    this.insertBefore(table.element, this.#tail);
    this.#keep(head.length);
  }

  #takeRest(open: CodeLines | TableRows, rest: string, { draw }: Renderer): boolean {
    const { taken, ended, more, loose } = open.take(rest);
    this.#done += taken;
    this.#drawn = more ? "" : this.#rest;
    this.#tail.replaceChildren(loose ? draw(loose, {}) : "");
    if (ended) this.#open = null;
    return more;
  }

  #plain(text: string): void {
    const paragraph = document.createElement("p");
    paragraph.className = "plain";
    paragraph.textContent = text;
    this.#tail.replaceChildren(paragraph);
  }
}

async function copyCode(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy-code]");
  const code = button?.closest(".code-block")?.querySelector("code");
  if (!button || !code) return;
  button.textContent = (await copyText(code.textContent ?? "")) ? "Copied" : "Could not copy";
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1_600);
}

customElements.define("markdown-view", MarkdownView);
