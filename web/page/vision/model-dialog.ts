/** The choice of the model that looks: what there is, what fits, what is here, and how a download goes. */
import { html, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ModelEntry } from "../../sdk/index.ts";
import { errorCard } from "../kit/error-card.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { titles } from "../kit/model-filter.ts";
import { modelRow, type RowActions } from "../kit/model-row.ts";
import type { ModelStore } from "../state/model-store.ts";

/** Every one that sees, whatever it is good for. */
const ALL = { text: "", use: "", fitting: false };

/** Emits `closed`, and `used` with the id of the model that the person chose. */
export class VisionModels extends LightElement {
  static override properties = {
    models: { attribute: false },
    used: { type: String },
    asked: { state: true },
    picked: { state: true },
    wanted: { state: true },
  };
  declare models: ModelStore;
  /** Id of the model that looks. */
  declare used: string | undefined;
  /** Id of the model that is to be removed, while the person is asked. */
  declare private asked: string | null;
  /** Version that the person chose, by title. */
  declare private picked: ReadonlyMap<string, string>;
  /** Id of the model that is to be used once it is here. */
  declare private wanted: string | null;
  readonly #redraw = () => this.requestUpdate();

  constructor() {
    super();
    this.asked = null;
    this.picked = new Map();
    this.wanted = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.models.addEventListener("change", this.#redraw);
    void this.models.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.models.removeEventListener("change", this.#redraw);
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.#dialog.showModal();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("asked") && this.asked) this.querySelector<HTMLElement>(".model-keep")?.focus();
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  override render() {
    return html`<dialog
      class="sheet"
      data-testid="vision-models"
      aria-labelledby="vision-models-title"
      @close=${() => this.dispatchEvent(new Event("closed"))}
      @click=${(event: Event) => event.target === this.#dialog && this.#dialog.close()}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && event.stopPropagation()}
    >
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id="vision-models-title">What looks</h2>
          <button
            type="button"
            class="icon-button"
            data-testid="vision-models-close"
            aria-label="Close"
            title="Close (Esc)"
            @click=${() => this.#dialog.close()}
          >
            ${icons.close}
          </button>
        </header>
        <div class="sheet-page" tabindex="0" role="region" aria-label="Models that see">${this.#list()}</div>
      </div>
    </dialog>`;
  }

  #list(): TemplateResult {
    const { entries, failure } = this.models;
    if (failure) return errorCard(failure, () => void this.models.refresh(), null, "retry");
    if (!entries) return html`<p class="hint" role="status">Looking at what there is…</p>`;
    const found = titles(
      entries.filter(({ sees }) => sees),
      ALL,
    );
    return html`<ul class="models">
        ${repeat(
          found,
          ({ versions }) => versions[0]?.id,
          (title) => {
            const picked = this.picked.get(title.name);
            const entry = title.versions.find(({ id }) => id === picked) ?? (title.versions[0] as ModelEntry);
            return modelRow(
              {
                title,
                entry,
                used: entry.id === this.used,
                preferred: false,
                coming: null,
                asked: this.asked === entry.id,
                moving: this.models.moving.get(entry.id),
                failure: this.models.failures.get(entry.id),
              },
              this.#actions,
            );
          },
        )}
      </ul>
      ${found.length ? "" : html`<p class="hint">This site has no model that sees.</p>`}
      <p class="hint">
        Models that do not come with this site are downloaded, when you ask for them, from Hugging Face or from this
        site’s mirror of it. What the model sees never goes there.
      </p>`;
  }

  readonly #actions: RowActions = {
    use: (entry) => void this.#use(entry),
    download: (entry) => void this.models.download(entry.id),
    cancel: (entry) => {
      if (this.wanted === entry.id) this.wanted = null;
      this.models.cancel(entry.id);
    },
    remove: (entry, confirmed) => {
      if (!confirmed) {
        this.asked = entry.id;
        return;
      }
      this.asked = null;
      void this.models.remove(entry.id).then(() => this.#focusRow(entry.id));
    },
    keep: () => {
      const id = this.asked;
      this.asked = null;
      if (id) void this.updateComplete.then(() => this.#focusRow(id));
    },
    pick: (title, id) => {
      this.picked = new Map(this.picked).set(title.name, id);
    },
  };

  /** Downloads it first, so that the progress is seen here and can be cancelled. */
  async #use({ id, cached }: ModelEntry): Promise<void> {
    this.wanted = id;
    if (!cached) await this.models.download(id);
    if (this.wanted !== id || this.models.failures.has(id)) return;
    this.dispatchEvent(new CustomEvent("used", { detail: id }));
    if (this.isConnected) this.#dialog.close();
  }

  /** The button that had the focus is gone: the model's name takes it. */
  async #focusRow(id: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] h3`)?.focus();
  }
}

customElements.define("vision-models", VisionModels);
