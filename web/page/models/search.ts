/** All models that can answer or compare: search and filter over them, and the person's own files among them. */
import { html, nothing, type TemplateResult } from "lit";
import type { ModelEntry } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { type Filter, titles, USES } from "../kit/models/filter.ts";
import { told } from "../kit/told.ts";
import "../kit/models/list.ts";
import { w as list } from "../kit/models/list-words.ts";
import { progress, type Use } from "../kit/models/row.ts";
import { ADDED } from "../state/model-store.ts";
import type { Workbench } from "../state/workbench.ts";
import { w } from "./words.ts";

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
    const rows = html`<model-list
      .models=${models}
      .titles=${found}
      .use=${(entry: ModelEntry) => this.#usage(entry)}
      .first=${this.filter.text || this.filter.use ? nothing : this.#automatic()}
      .none=${w.none}
      @use=${(event: CustomEvent<ModelEntry>) => void this.#use(event.detail)}
    ></model-list>`;
    if (!entries || models.failure) return rows;
    return html`
      ${this.#filters()}
      <p class="visually-hidden" role="status" data-testid="model-count">${w.found({ count: found.length })}</p>
      ${rows} ${this.#hidden(entries)} ${this.#adding()}
      <p class="hint">${w.origin}</p>
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
        aria-label=${w.search}
        placeholder=${w.searchHint}
        autocomplete="off"
        .value=${this.filter.text}
        @input=${(event: Event) => set({ text: (event.target as HTMLInputElement).value })}
      />
      <select
        class="field"
        data-testid="model-use-filter"
        aria-label=${w.goodFor}
        @change=${(event: Event) => set({ use: (event.target as HTMLSelectElement).value })}
      >
        <option value="">${w.anything}</option>
        ${Object.entries(USES).map(([use, words]) => html`<option value=${use}>${words}</option>`)}
      </select>
      <label class="check">
        <input
          type="checkbox"
          data-testid="model-fits-filter"
          .checked=${this.filter.fitting}
          @change=${(event: Event) => set({ fitting: (event.target as HTMLInputElement).checked })}
        />
        ${w.fitting}
      </label>
    </form>`;
  }

  #automatic(): TemplateResult {
    const chosen = this.workbench.models.preferred === null;
    return html`<li class="model" data-testid="model-automatic" aria-label=${w.automatic}>
      <div class="model-head">
        <h3>${w.automatic}</h3>
        ${chosen ? html`<span class="badge">${list.forNew}</span>` : nothing}
      </div>
      <p class="model-facts"><span>${w.aboutAutomatic}</span></p>
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
                ${w.useForNew}
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
    const reason = told(this.workbench.alcove?.capabilities.webgpu.reason ?? "");
    return html`<div class="models-hidden" data-testid="models-hidden">
      <p>${w.hidden({ count: hidden.length })} ${reason}</p>
      <button
        type="button"
        class="button"
        data-testid="models-show-hidden"
        @click=${() => {
          this.filter = { ...this.filter, fitting: false };
        }}
      >
        ${w.showHidden}
      </button>
    </div>`;
  }

  #adding(): TemplateResult {
    const { models } = this.workbench;
    const moving = models.moving.get(ADDED);
    const failure = models.failures.get(ADDED);
    if (moving) return progress(w.yourFile, moving, () => models.cancel(ADDED));
    return html`<div class="models-add">
      <label class="button file-button">
        ${icons.plus} ${w.addFile}
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

customElements.define("model-search", ModelSearch);
