/** The sources of an answer, under it; and their numbers in it, which open the place that they name. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, AnswerSource } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { showDocument } from "./document-sheet.ts";
import { w } from "./words.ts";

/** "[1]", "[1, 3]" */
const NAMED = /\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\]/g;

class AnswerSources extends LightElement {
  static override properties = {
    sources: { attribute: false },
    text: { attribute: false },
    alcove: { attribute: false },
  };
  declare sources: readonly AnswerSource[];
  /** What the answer says. */
  declare text: string;
  declare alcove: Promise<Alcove>;
  readonly #drawn = new MutationObserver(() => this.#link());

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.parentElement) this.#drawn.observe(this.parentElement, { childList: true, subtree: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drawn.disconnect();
  }

  protected override updated(): void {
    this.#link();
  }

  override render(): TemplateResult {
    const numbers = new Set(
      [...this.text.matchAll(NAMED)].flatMap(([, list = ""]) => list.split(/[,;]/).map(Number)),
    );
    const named = this.sources.filter(({ n }) => numbers.has(n));
    const rest = this.sources.filter(({ n }) => !numbers.has(n));
    return html`<section class="answer-sources" aria-label=${w.sources} data-testid="sources">
      ${named.length ? html`<h3>${w.sources}</h3>${this.#list(named)}` : nothing}
      ${
        rest.length
          ? html`<details data-testid="sources-rest" ?open=${!named.length}>
              <summary>${named.length ? w.alsoRead : w.readForIt}</summary>
              ${this.#list(rest)}
            </details>`
          : nothing
      }
    </section>`;
  }

  #list(sources: readonly AnswerSource[]): TemplateResult {
    return html`<ol>
      ${sources.map(
        (source) => html`<li>
          <button type="button" class="source" data-testid="source" data-n=${source.n}
            @click=${() => showDocument(this.alcove, source)}>
            <span class="source-number">${source.n}</span>
            <span>${w.place({ name: html`<bdi>${source.name}</bdi>`, page: source.page })}</span>
            <span class="source-text">${source.text.slice(0, 200)}</span>
          </button>
        </li>`,
      )}
    </ol>`;
  }

  /** A number that is no source of ours stays text. */
  #link(): void {
    const { parentElement } = this;
    if (!parentElement) return;
    for (const prose of parentElement.querySelectorAll(":scope > markdown-view")) {
      const texts = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
      const found: Text[] = [];
      while (texts.nextNode()) {
        const text = texts.currentNode as Text;
        if (text.data.includes("[") && !text.parentElement?.closest("pre, code, a, button")) found.push(text);
      }
      for (const text of found) this.#linkIn(text);
    }
  }

  #linkIn(text: Text): void {
    const pieces: (string | Node)[] = [];
    let end = 0;
    for (const { 0: whole, 1: list = "", index } of text.data.matchAll(NAMED)) {
      if (!list.split(/[,;]/).some((each) => this.#source(each))) continue;
      pieces.push(text.data.slice(end, index + 1));
      for (const piece of list.split(/(\d+)/)) {
        const source = this.#source(piece);
        pieces.push(source ? this.#cite(source) : piece);
      }
      end = index + whole.length - 1;
    }
    if (pieces.length) text.replaceWith(...pieces, text.data.slice(end));
  }

  #source(number: string): AnswerSource | undefined {
    return /\d/.test(number) ? this.sources.find(({ n }) => n === Number(number)) : undefined;
  }

  #cite(source: AnswerSource): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.dataset.testid = "cite";
    button.textContent = `${source.n}`;
    button.title = w.place({ name: source.name, page: source.page });
    button.setAttribute("aria-label", w.source({ number: source.n, place: button.title }));
    button.addEventListener("click", () => showDocument(this.alcove, source));
    return button;
  }
}

customElements.define("answer-sources", AnswerSources);
