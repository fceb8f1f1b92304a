/** The search over all conversations: a field, and below it the places where its words stand. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Alcove, SearchHit } from "../../sdk/index.ts";
import { toFailure } from "../kit/failure.ts";
import { LightElement } from "../kit/light-element.ts";
import { optionAfter } from "../kit/typing/active-option.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { w } from "./search-words.ts";

/** Nobody reads further; who wants another types on. */
const MOST_SHOWN = 50;

/** Emits `closed`; whoever opened it takes it away then. What is chosen is opened after that. */
class ConversationSearch extends LightElement {
  static override properties = {
    alcove: { attribute: false },
    open: { attribute: false },
    hits: { state: true },
    said: { state: true },
    at: { state: true },
  };
  declare alcove: Promise<Alcove>;
  /** Opens the conversation of a hit, where it stands. */
  declare open: (hit: SearchHit) => void;
  declare private hits: readonly SearchHit[];
  /** How the search stands, for the person. */
  declare private said: string;
  /** Which of the hits is meant. */
  declare private at: number;
  #search = new AbortController();
  #chosen: SearchHit | null = null;

  constructor() {
    super();
    this.hits = [];
    this.said = "";
    this.at = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#search.abort();
  }

  protected override firstUpdated(): void {
    this.#dialog.showModal();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("at")) this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  /** What was searched for before is not waited for. */
  async #find(words: string): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    this.said = words.trim() ? w.searching : "";
    try {
      const { conversations } = await this.alcove;
      const hits = await conversations.search(words, { limit: MOST_SHOWN, signal });
      if (signal.aborted) return;
      this.#show(hits, words.trim() ? (hits.length ? w.count({ count: hits.length }) : w.none) : "");
    } catch (thrown) {
      if (signal.aborted) return;
      const { message, action } = toFailure(thrown);
      this.#show([], `${message} ${action}`);
    }
  }

  #show(hits: readonly SearchHit[], said: string): void {
    this.hits = hits;
    this.at = 0;
    this.said = said;
  }

  override render(): TemplateResult {
    const { hits, said, at } = this;
    return html`<dialog
      class="palette"
      data-testid="conversation-search"
      aria-label=${w.title}
      @close=${this.#closed}
      @click=${(event: Event) => event.target === this.#dialog && this.#dialog.close()}
      @keydown=${this.#onKey}
    >
      <input
        class="palette-field"
        type="text"
        role="combobox"
        aria-label=${w.title}
        placeholder=${w.title}
        aria-expanded=${hits.length ? "true" : "false"}
        aria-controls="search-list"
        aria-autocomplete="list"
        aria-activedescendant=${hits.length ? `search-${at}` : nothing}
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        data-testid="search-field"
        @input=${({ currentTarget }: Event) => void this.#find((currentTarget as HTMLInputElement).value)}
      />
      <ul id="search-list" class="palette-list" role="listbox" aria-label=${w.found}>${hits.map((hit, place) => this.#option(hit, place))}</ul>
      <p class=${hits.length ? "visually-hidden" : "palette-none"} role="status" ?hidden=${!said}>${said}</p>
    </dialog>`;
  }

  #option(hit: SearchHit, place: number): TemplateResult {
    const { title, message } = hit;
    return html`<li
      id=${`search-${place}`}
      class="palette-item search-hit"
      role="option"
      data-testid="search-hit"
      aria-selected=${place === this.at ? "true" : "false"}
      @click=${() => this.#choose(hit)}
    >
      <bdi class="palette-name">${message === null ? marked(hit) : title || w.untitled}</bdi>
      ${message === null ? nothing : html`<bdi class="search-text">${marked(hit)}</bdi>`}
    </li>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    // Nothing behind it hears of its keys.
    event.stopPropagation();
    if (isComposing(event)) return;
    const to = optionAfter(event.key, this.at, this.hits.length);
    if (to === null && event.key !== "Enter") return;
    event.preventDefault();
    const meant = this.hits[this.at];
    if (to !== null) this.at = to;
    else if (meant) this.#choose(meant);
  };

  #choose(hit: SearchHit): void {
    this.#chosen = hit;
    this.#dialog.close();
  }

  /** First the focus goes back to where it was; from there it goes to the hit. */
  readonly #closed = (): void => {
    this.dispatchEvent(new Event("closed"));
    if (this.#chosen) this.open(this.#chosen);
  };
}

/** The text of a hit, its words marked. */
function marked({ text, marks }: SearchHit): (string | TemplateResult)[] {
  const ends = [0, ...marks.map(([, to]) => to)];
  return [
    ...marks.flatMap(([from, to], i) => [
      text.slice(ends[i], from),
      html`<mark>${text.slice(from, to)}</mark>`,
    ]),
    text.slice(ends.at(-1)),
  ];
}

customElements.define("conversation-search", ConversationSearch);
