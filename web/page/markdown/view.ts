/**
 * Shows a growing Markdown text: at most once a frame, less often when it is slow, and never for longer than a
 * slice of a frame at a time.
 */
import type { Drawing } from "./drawing.ts";
import { drawInSlices, SLICE_MS } from "./slices.ts";

type Renderer = typeof import("./drawing.ts");

let renderer: Renderer | null = null;
let loading: Promise<Renderer> | null = null;

/** Brings the renderer in. Text is shown plain until it is there, and for good if it cannot be had. */
export function loadRenderer(): Promise<Renderer> {
  loading ??= import("./drawing.ts").then(
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
  #drawing: Drawing | null = null;
  #scheduled = false;
  /** What took long to draw is left alone until then. */
  #notBefore = 0;

  get text(): string {
    return this.#text;
  }

  set text(value: string) {
    const text = value.includes("\r") ? value.replace(/\r\n?/g, "\n") : value;
    if (text === this.#text) return;
    this.#text = text;
    this.#schedule(this.#notBefore - performance.now());
  }

  connectedCallback(): void {
    this.#schedule(0);
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
    this.#drawing ??= new renderer.Drawing(this);
    this.#scheduled = this.#drawing.draw(this.#text, isOver);
    if (this.#scheduled) return true;
    const now = performance.now();
    const cost = now - started;
    this.#notBefore = cost > SLICE_MS ? now + cost * 8 : 0;
    return false;
  };

  #plain(text: string): void {
    const paragraph = document.createElement("p");
    paragraph.className = "plain";
    paragraph.textContent = text;
    this.replaceChildren(paragraph);
  }
}

customElements.define("markdown-view", MarkdownView);
