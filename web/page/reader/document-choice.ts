/** Chooses the documents that a conversation is about. */
import { html, type TemplateResult } from "lit";
import type { DocumentEntry } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { Sheet } from "../kit/sheet.ts";
import type { Thread } from "../state/thread.ts";
import { w } from "./words.ts";

class DocumentChoice extends Sheet {
  static override properties = {
    thread: { attribute: false },
    entries: { state: true },
    failure: { state: true },
  };
  declare thread: Thread;
  declare private entries: readonly DocumentEntry[] | null;
  declare private failure: Failure | null;
  protected readonly name = "documents-choice";
  protected readonly testId = "documents-choice";
  protected readonly heading = w.ofThis;

  constructor() {
    super();
    this.entries = null;
    this.failure = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const { session } = this.thread;
      const entries = await (await session.alcove).documents.list();
      this.entries = entries;
      // Of what was removed there is no row in which it could be left out.
      const here = session.documents.filter((id) => entries.some((entry) => entry.id === id));
      if (!this.thread.busy && here.length < session.documents.length) session.documents = here;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  protected override content(): TemplateResult {
    return html`<div class="sheet-page">${this.#list()}</div>`;
  }

  #list(): TemplateResult {
    if (this.failure) return failureLine(this.failure, "documents-choice-failure");
    if (!this.entries) return html`<p class="note" role="status">${w.looking}</p>`;
    const add = html`<a class="button" href="#documents" data-testid="documents-add" @click=${() => this.close()}>${w.add}</a>`;
    if (!this.entries.length) return html`<p class="note">${w.none}</p>${add}`;
    return html`<p class="note">${w.about}</p>
      <ul class="documents">
        ${this.entries.map((entry) => this.#row(entry))}
      </ul>
      ${add}`;
  }

  #row({ id, name, pages }: DocumentEntry): TemplateResult {
    const { session } = this.thread;
    const on = session.documents.includes(id);
    const change = () => {
      session.documents = on ? session.documents.filter((each) => each !== id) : [...session.documents, id];
      this.requestUpdate();
    };
    return html`<li>
      <label class="documents-choice">
        <input type="checkbox" data-testid="documents-choose" .checked=${on} ?disabled=${this.thread.busy} @change=${change} />
        <span class="documents-words"><bdi>${name}</bdi>${pages > 1 ? html`<span class="note">${w.count({ count: pages })}</span>` : ""}</span>
      </label>
    </li>`;
  }
}

customElements.define("documents-choice", DocumentChoice);

/** Opens it; `left` is called when it is closed. */
export function chooseDocuments(thread: Thread, left: () => void): void {
  const sheet = Object.assign(document.createElement("documents-choice") as DocumentChoice, { thread });
  sheet.addEventListener("closed", () => {
    sheet.remove();
    left();
  });
  document.body.append(sheet);
}
