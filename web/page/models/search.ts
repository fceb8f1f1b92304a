/** All models that can answer or compare: search and filter over them, and the person's own files among them. */
import { html, nothing, type TemplateResult } from "lit";
import type { ModelEntry } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { type Filter, titles, USES } from "../kit/models/filter.ts";
import "../kit/models/list.ts";
import { progress, type Use } from "../kit/models/row.ts";
import { ADDED } from "../state/model-store.ts";
import type { Workbench } from "../state/workbench.ts";

/** Emits `used` when the person chose a model, and it is on its way. */
class ModelSearch extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    filter: { state: true },
    failure: { state: true },
  };
  declare workbench: Workbench;
  declare private filter: Filter;
  /** Why the model `id` could not be used. */
  declare private failure: (Failure & { id: string }) | null;
  readonly #redraw = () => this.requestUpdate();

  constructor() {
    super();
    this.filter = { text: "", use: "", fitting: true };
    this.failure = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.workbench.models.addEventListener("change", this.#redraw);
    this.workbench.addEventListener("change", this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.workbench.models.removeEventListener("change", this.#redraw);
    this.workbench.removeEventListener("change", this.#redraw);
  }

  override render() {
    const { models } = this.workbench;
    const { entries } = models;
    const found = titles(entries ?? [], this.filter);
    const list = html`<model-list
      .models=${models}
      .titles=${found}
      .use=${(entry: ModelEntry) => this.#usage(entry)}
      .first=${this.filter.text || this.filter.use ? nothing : this.#automatic()}
      .none=${"No model is like that."}
      @use=${(event: CustomEvent<ModelEntry>) => void this.#use(event.detail)}
    ></model-list>`;
    if (!entries || models.failure) return list;
    return html`
      ${this.#filters()}
      <p class="visually-hidden" role="status" data-testid="model-count">${count(found.length)}</p>
      ${list} ${this.#hidden(entries)} ${this.#adding()}
      <p class="hint">
        Models that do not come with this site are downloaded, when you ask for them, from Hugging Face and GitHub or
        from this site’s mirror of those. What you write never goes there.
      </p>
    `;
  }

  #filters(): TemplateResult {
    const set = (change: Partial<Filter>) => {
      this.filter = { ...this.filter, ...change };
    };
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      <input
        class="field"
        type="search"
        data-testid="model-search"
        aria-label="Search models"
        placeholder="Search: a name, a licence, …"
        autocomplete="off"
        .value=${this.filter.text}
        @input=${(event: Event) => set({ text: (event.target as HTMLInputElement).value })}
      />
      <select
        class="field"
        data-testid="model-use-filter"
        aria-label="Good for"
        @change=${(event: Event) => set({ use: (event.target as HTMLSelectElement).value })}
      >
        <option value="">Good for anything</option>
        ${Object.entries(USES).map(([use, words]) => html`<option value=${use}>${words}</option>`)}
      </select>
      <label class="check">
        <input
          type="checkbox"
          data-testid="model-fits-filter"
          .checked=${this.filter.fitting}
          @change=${(event: Event) => set({ fitting: (event.target as HTMLInputElement).checked })}
        />
        Runs on this device
      </label>
    </form>`;
  }

  #automatic(): TemplateResult {
    const chosen = this.workbench.models.preferred === null;
    return html`<li class="model" data-testid="model-automatic" aria-label="Automatic">
      <div class="model-head">
        <h3>Automatic</h3>
        ${chosen ? html`<span class="badge">For new conversations</span>` : nothing}
      </div>
      <p class="model-facts"><span>Alcove takes the best of its own models that this device can run.</span></p>
      ${
        chosen
          ? nothing
          : html`<div class="card-actions">
              <button
                type="button"
                class="button"
                data-testid="model-use-automatic"
                @click=${() => void this.workbench.useBest()}
              >
                Use for new conversations
              </button>
            </div>`
      }
    </li>`;
  }

  /** What the open conversation makes of a model. */
  #usage({ id }: ModelEntry): Use {
    const { models, status, thread } = this.workbench;
    const used = thread.choice?.model === id && thread.choice.provider !== "openai";
    const coming = used && ["downloading", "loading"].includes(status.phase) ? status : null;
    const failed = this.failure?.id === id ? { failure: this.failure } : {};
    return { used, preferred: models.preferred === id, coming, ...failed };
  }

  /** How many models the filter hides because they do not fit, and the way to see them. */
  #hidden(entries: readonly ModelEntry[]): TemplateResult | typeof nothing {
    if (!this.filter.fitting) return nothing;
    const hidden = titles(entries, { ...this.filter, fitting: false }).filter(({ versions }) =>
      versions.every(({ fits, cached }) => !fits && !cached),
    );
    if (!hidden.length) return nothing;
    const reason = this.workbench.alcove?.capabilities.webgpu.reason;
    return html`<div class="models-hidden" data-testid="models-hidden">
      <p>${count(hidden.length, "more ")} ${hidden.length === 1 ? "does" : "do"} not run on this device. ${reason}</p>
      <button
        type="button"
        class="button"
        data-testid="models-show-hidden"
        @click=${() => {
          this.filter = { ...this.filter, fitting: false };
        }}
      >
        Show them
      </button>
    </div>`;
  }

  #adding(): TemplateResult {
    const { models } = this.workbench;
    const moving = models.moving.get(ADDED);
    const failure = models.failures.get(ADDED);
    if (moving) return progress("your file", moving, () => models.cancel(ADDED));
    return html`<div class="models-add">
      <label class="button file-button">
        ${icons.plus} Add a model file (GGUF)
        <input type="file" accept=".gguf" multiple data-testid="model-file" @change=${this.#add} />
      </label>
      ${failure ? failureLine(failure, "model-file-failure") : nothing}
    </div>`;
  }

  #add(event: Event): void {
    const files = takeChosen(event);
    if (files.length) void this.workbench.models.add(files);
  }

  async #use({ id }: ModelEntry): Promise<void> {
    this.failure = null;
    try {
      await this.workbench.use({ model: id });
      this.dispatchEvent(new Event("used"));
    } catch (thrown) {
      this.failure = { ...toFailure(thrown), id };
    }
  }
}

const count = (models: number, more = ""): string => `${models} ${more}${models === 1 ? "model" : "models"}`;

customElements.define("model-search", ModelSearch);
