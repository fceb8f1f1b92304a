/**
 * Shows a growing Markdown text. Blocks that can no longer change are drawn once and left alone; only the
 * last one is drawn again, at most once a frame, less often when it is slow, and never for longer than a
 * slice of a frame at a time.
 */
import { copyText } from "../kit/clipboard.ts";
import type { Token } from "./render.ts";

type Renderer = typeof import("./render.ts");

const SLICE_MS = 8;
const WINDOW = 4_000;
/** A single block longer than this is shown as plain text, unless it is code, which is quick to draw. */
const PLAIN = 24_000;

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
  #drawn = "";
  #scheduled = false;
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
    const text = value.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    if (text === this.#text) return;
    if (!text.startsWith(this.#text.slice(0, this.#done))) this.#reset();
    this.#text = text;
    this.#schedule(0);
  }

  connectedCallback(): void {
    if (!this.#tail.isConnected) this.append(this.#tail);
    this.#schedule(0);
  }

  #reset(): void {
    this.#done = 0;
    this.#drawn = "";
    this.replaceChildren(this.#tail);
  }

  #schedule(delayMs: number): void {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      this.#step();
    };
    if (delayMs > 0 || document.hidden) setTimeout(run, Math.max(delayMs, 16));
    else requestAnimationFrame(run);
  }

  #step(): void {
    if (!renderer) {
      this.#plain(this.#text);
      void loadRenderer().then(
        () => this.#schedule(0),
        () => undefined,
      );
      return;
    }
    const started = performance.now();
    while (performance.now() - started < SLICE_MS) {
      if (!this.#advance(renderer)) {
        const cost = performance.now() - started;
        if (this.#drawn !== this.#rest) this.#schedule(cost > SLICE_MS / 2 ? cost * 8 : 0);
        return;
      }
    }
    this.#schedule(0);
  }

  get #rest(): string {
    return this.#text.slice(this.#done);
  }

  /** Draws some blocks for good, or the tail; false when there is nothing left to do now. */
  #advance({ blocks, draw }: Renderer): boolean {
    const rest = this.#rest;
    if (rest === this.#drawn) return false;
    for (let size = WINDOW; ; size *= 2) {
      const whole = size >= rest.length;
      const found = blocks(rest.slice(0, size));
      const last = found.findLastIndex((block) => block.type !== "space");
      const settled = this.#settle(rest, found.slice(0, Math.max(0, last)), draw);
      if (settled) return true;
      const block = found[last];
      const drawable = size <= PLAIN || block?.type === "code";
      if (!whole && drawable) continue;
      if (!drawable) this.#plain(rest);
      else this.#tail.replaceChildren(block ? draw(block) : "");
      this.#drawn = rest;
      return false;
    }
  }

  /** Draws blocks that cannot change any more, for one slice of time. */
  #settle(rest: string, found: readonly Token[], draw: Renderer["draw"]): boolean {
    const started = performance.now();
    let at = 0;
    for (const block of found) {
      if (!rest.startsWith(block.raw, at) || performance.now() - started > SLICE_MS) break;
      if (block.type !== "space") this.insertBefore(draw(block), this.#tail);
      at += block.raw.length;
    }
    if (at === 0) return false;
    this.#done += at;
    this.#drawn = "";
    this.#tail.replaceChildren();
    return true;
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
