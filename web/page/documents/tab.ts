/** The Documents tab: what the person has put here to be asked, found by its words and its meaning. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { DocumentEntry, DocumentHit } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { errorCard, failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { acceptFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { onePer } from "../kit/one-per.ts";
import { common } from "../kit/words/common.ts";
import { showDocument } from "../reader/document-sheet.ts";
import { HOME } from "../state/route.ts";
import type { TabElement } from "../state/tab.ts";
import type { Workbench } from "../state/workbench.ts";
import { coming } from "./coming.ts";
import { droppedFiles } from "./dropped.ts";
import { hitList } from "./hit-list.ts";
import { Shelf } from "./shelf.ts";
import { facts, standing } from "./told.ts";
import { w } from "./words.ts";

/** The one of the page: files go on coming in while another tab is open. */
const shelfOf = onePer((workbench: Workbench) => new Shelf(workbench.opened));

/** Passages that a search shows. */
const TOP = 20;
/** Who types is not done yet. */
const TYPING_MS = 250;

class DocumentsTab extends LightElement implements TabElement {
  static override properties = {
    workbench: { attribute: false },
    dropping: { state: true },
    chosen: { state: true },
    asked: { state: true },
    query: { state: true },
    hits: { state: true },
    failure: { state: true },
  };
  declare workbench: Workbench;
  /** Files are held over the tab. */
  declare private dropping: boolean;
  /** Ids of those that are ticked. */
  declare private chosen: ReadonlySet<string>;
  /** The document of which the person is asked whether it is to go. */
  declare private asked: string | null;
  /** What `hits` were found for. */
  declare private query: string;
  declare private hits: readonly DocumentHit[] | null;
  /** Why nothing could be searched. */
  declare private failure: Failure | null;
  #shelf!: Shelf;
  #left = new AbortController();
  #search = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.dropping = false;
    this.chosen = new Set();
    this.asked = null;
    this.query = "";
    this.hits = null;
    this.failure = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#shelf = shelfOf(this.workbench);
    this.#shelf.addEventListener("change", this.#redraw, { signal });
    void this.#shelf.watch(signal);
    const onOver = (over: boolean) => {
      this.dropping = over;
    };
    // Folders are looked into, which takes more than the list of files.
    const drop = ({ dataTransfer }: DragEvent) =>
      void droppedFiles(dataTransfer).then((files) => this.#shelf.add(files));
    this.addEventListener("drop", drop, { signal });
    acceptFiles(this, { onOver, onDrop: () => undefined }, signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    this.#search.abort();
    clearTimeout(this.#typing);
  }

  focusField(): void {
    this.querySelector<HTMLElement>("[data-testid=documents-query], [data-testid=documents-files]")?.focus();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("asked") && this.asked)
      this.querySelector<HTMLElement>("[data-testid=document-keep]")?.focus();
  }

  override render(): TemplateResult {
    return html`<div class="scroll" data-dropping=${this.dropping}>
        <div class="tab-column" data-testid="documents">${this.#content()}</div>
      </div>
      ${this.dropping ? html`<p class="drop-here" aria-hidden="true">${w.dropHere}</p>` : nothing}`;
  }

  #content(): TemplateResult {
    const { entries, failure } = this.#shelf;
    if (failure && !entries) return errorCard(failure, () => void this.#shelf.refresh(), null, "retry");
    if (!entries) return html`<p class="note" role="status">${w.looking}</p>`;
    return html`${this.#adding(entries.length === 0)} ${coming(this.#shelf)}
      ${failure ? failureLine(failure, "documents-failure") : nothing}
      ${entries.length ? html`${this.#searching()}${this.#list(entries)}` : nothing}`;
  }

  #adding(first: boolean): TemplateResult {
    const take = (event: Event) => this.#shelf.add(takeChosen(event));
    return html`<section aria-label=${w.adding}>
      <p class="note">
        ${first ? w.about : w.more}
      </p>
      <div class="storage-buttons">
        <label class="button primary file-button">
          ${icons.plus} ${w.addFiles}
          <input type="file" multiple data-testid="documents-files" @change=${take} />
        </label>
        <label class="button file-button">
          ${w.addFolder}
          <input type="file" webkitdirectory data-testid="documents-folder" @change=${take} />
        </label>
      </div>
    </section>`;
  }

  #searching(): TemplateResult {
    return html`<search class="documents-search">
      <label class="visually-hidden" for="documents-query">${w.search}</label>
      <input id="documents-query" class="field" type="search" data-testid="documents-query" autocomplete="off"
        placeholder=${w.searchHint} @input=${this.#onQuery} />
      ${this.failure ? failureLine(this.failure, "documents-search-failure") : nothing}
      ${this.hits ? hitList(this.hits, this.query, (hit) => showDocument(this.workbench.opened, hit)) : nothing}
    </search>`;
  }

  #list(entries: readonly DocumentEntry[]): TemplateResult {
    const chosen = entries.filter(({ id }) => this.chosen.has(id));
    const words = chosen.length ? w.askThese({ count: chosen.length }) : w.askAll;
    return html`<section aria-labelledby="documents-title">
      <div class="documents-head">
        <h2 id="documents-title">${w.count({ count: entries.length })}</h2>
        <button type="button" class="button" data-testid="documents-ask"
          @click=${() => this.#ask(chosen.length ? chosen : entries)}>${words}</button>
      </div>
      <ul class="documents">
        ${repeat(
          entries,
          ({ id }) => id,
          (entry) => this.#row(entry),
        )}
      </ul>
    </section>`;
  }

  #row(entry: DocumentEntry): TemplateResult {
    const { id, name, state, notes } = entry;
    const problem = standing(entry);
    return html`<li data-testid="document" data-state=${state}>
      <label class="documents-tick">
        <input type="checkbox" aria-label=${w.choose({ name })} data-testid="document-choose" .checked=${this.chosen.has(id)}
          @change=${() => this.#choose(id)} />
      </label>
      <div class="documents-words">
        <button type="button" class="documents-name" data-testid="document-open"
          @click=${() => showDocument(this.workbench.opened, { document: id, name })}><bdi>${name}</bdi></button>
        <span class="note">${facts(entry)}</span>
        ${problem ? html`<span class="note" data-failed=${state === "failed"}>${problem}</span>` : nothing}
        ${notes.length ? html`<details class="note"><summary>${w.notAll}</summary>${notes.map((note) => html`<p>${note}</p>`)}</details>` : nothing}
      </div>
      ${this.asked === id ? this.#question(id) : this.#remover(id, name)}
    </li>`;
  }

  #remover(id: string, name: string): TemplateResult {
    return html`<button type="button" class="icon-button" data-testid="document-remove" aria-label=${common.removeIt({ name })}
      title=${common.remove} @click=${() => {
        this.asked = id;
      }}>${icons.trash}</button>`;
  }

  #question(id: string): TemplateResult {
    const leave = () => {
      this.asked = null;
    };
    return html`<div class="card-actions" role="group" aria-label=${w.sure}>
      <button type="button" class="button" data-testid="document-keep" @click=${leave}>${common.keep}</button>
      <button type="button" class="button danger" data-testid="document-remove-now" @click=${() => {
        leave();
        void this.#shelf.remove(id);
      }}>${common.remove}</button>
    </div>`;
  }

  #choose(id: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(id)) chosen.add(id);
    this.chosen = chosen;
  }

  /** A new conversation, about these. */
  #ask(entries: readonly DocumentEntry[]): void {
    this.workbench.startNew();
    this.workbench.thread.session.documents = entries.map(({ id }) => id);
    this.workbench.openTab(HOME);
  }

  readonly #onQuery = (event: Event): void => {
    clearTimeout(this.#typing);
    const { value } = event.target as HTMLInputElement;
    this.#typing = setTimeout(() => void this.#find(value.trim()), TYPING_MS);
  };

  async #find(query: string): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    this.failure = null;
    if (!query) {
      this.hits = null;
      return;
    }
    try {
      const { documents } = await this.workbench.opened;
      const hits = await documents.search(query, { top: TOP, signal });
      if (signal.aborted) return;
      this.query = query;
      this.hits = hits;
    } catch (thrown) {
      if (!signal.aborted) this.failure = toFailure(thrown);
    }
  }
}

customElements.define("documents-tab", DocumentsTab);
