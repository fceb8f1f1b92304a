/** Models in rows, with what can be done to each: download, remove after a question, and use. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ModelEntry } from "../../../sdk/index.ts";
import { errorCard } from "../error-card.ts";
import type { Failure } from "../failure.ts";
import { LightElement } from "../light-element.ts";
import type { Title } from "./filter.ts";
import { w } from "./list-words.ts";
import { type Moving, modelRow, type RowActions, type Use } from "./row.ts";

/** Where the models come from, and what is under way with them. */
export interface Models {
  /** Null until the list was read. */
  readonly entries: readonly ModelEntry[] | null;
  /** The list could not be read. */
  readonly failure: Failure | null;
  /** Downloads under way, by model. */
  readonly moving: ReadonlyMap<string, Moving>;
  /** What went wrong last, by model. */
  readonly failures: ReadonlyMap<string, Failure>;
  refresh(): Promise<void>;
  download(id: string): Promise<void>;
  cancel(id: string): void;
  remove(id: string): Promise<void>;
}

/** Emits `use` with the {@link ModelEntry} that the person chose as detail. */
class ModelList extends LightElement {
  static override properties = {
    // The same object with other contents: whenever the owner draws, so does the list.
    models: { attribute: false, hasChanged: () => true },
    titles: { attribute: false },
    use: { attribute: false },
    first: { attribute: false },
    none: { type: String },
    picked: { state: true },
    asked: { state: true },
  };
  declare models: Models;
  /** The ones to show. */
  declare titles: readonly Title[];
  /** How a model is used now, and whether that failed. */
  declare use: (entry: ModelEntry) => Use;
  /** A row of the owner's before all others. */
  declare first: TemplateResult | typeof nothing;
  /** Said when there is none. */
  declare none: string;
  /** Version that the person chose, by title. */
  declare private picked: ReadonlyMap<string, string>;
  /** Id of the model that is to be removed, while the person is asked. */
  declare private asked: string | null;

  constructor() {
    super();
    this.titles = [];
    this.first = nothing;
    this.none = "";
    this.picked = new Map();
    this.asked = null;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("asked") && this.asked) this.querySelector<HTMLElement>(".model-keep")?.focus();
  }

  override render() {
    const { entries, failure } = this.models;
    if (failure) return errorCard(failure, () => void this.models.refresh(), null, "retry");
    if (!entries) return html`<p class="hint" role="status">${w.looking}</p>`;
    return html`<ul class="models" data-testid="models">
        ${this.first}
        ${repeat(
          this.titles,
          ({ versions }) => versions[0]?.id,
          (title) => this.#row(title),
        )}
      </ul>
      ${this.titles.length ? nothing : html`<p class="hint">${this.none}</p>`}`;
  }

  #row(title: Title): TemplateResult {
    const picked = this.picked.get(title.name);
    const entry = title.versions.find(({ id }) => id === picked) ?? (title.versions[0] as ModelEntry);
    const { failure = this.models.failures.get(entry.id), ...use } = this.use(entry);
    const asked = this.asked === entry.id;
    const moving = this.models.moving.get(entry.id);
    return modelRow({ title, entry, ...use, failure, asked, moving }, this.#actions);
  }

  readonly #actions: RowActions = {
    use: (entry) => this.dispatchEvent(new CustomEvent("use", { detail: entry })),
    download: ({ id }) => void this.models.download(id),
    cancel: ({ id }) => this.models.cancel(id),
    remove: ({ id }, confirmed) => {
      this.asked = confirmed ? null : id;
      if (confirmed) void this.models.remove(id).then(() => this.#focusRow(id));
    },
    keep: () => {
      const id = this.asked;
      this.asked = null;
      if (id) void this.#focusRow(id);
    },
    pick: (title, id) => {
      this.picked = new Map(this.picked).set(title.name, id);
    },
  };

  /** The button that had the focus is gone: the model's name takes it. */
  async #focusRow(id: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] h3`)?.focus();
  }
}

customElements.define("model-list", ModelList);
