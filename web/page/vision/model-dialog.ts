/** The choice of the model that looks: what there is, what fits, what is here, and how a download goes. */
import { html, type TemplateResult } from "lit";
import type { ModelEntry } from "../../sdk/index.ts";
import { titles } from "../kit/models/filter.ts";
import "../kit/models/list.ts";
import { Sheet } from "../kit/sheet.ts";
import type { ModelStore } from "../state/model-store.ts";
import { w } from "./words.ts";

/** Every one that sees, whatever it is good for. */
const ALL = { text: "", use: "", fitting: false };

/** Emits `used` with the id of the model that the person chose. */
class VisionModels extends Sheet {
  static override properties = {
    models: { attribute: false },
    used: { type: String },
  };
  protected readonly name = "vision-models";
  protected readonly testId = "vision-models";
  declare models: ModelStore;
  /** Id of the model that looks. */
  declare used: string | undefined;
  /** Id of the model that is to be used once it is here. */
  #wanted: string | null = null;
  readonly #redraw = () => this.requestUpdate();

  protected get heading(): string {
    return w.whatLooks;
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

  protected override content(): TemplateResult {
    const seeing = this.models.entries?.filter(({ sees }) => sees) ?? [];
    return html`<div class="sheet-page" tabindex="0" role="region" aria-label=${w.seeing}>
      <model-list
        .models=${this.models}
        .titles=${titles(seeing, ALL)}
        .use=${({ id }: ModelEntry) => ({ used: id === this.used })}
        .none=${w.noSeeing}
        @use=${(event: CustomEvent<ModelEntry>) => void this.#use(event.detail)}
      ></model-list>
      <p class="hint">${w.origin}</p>
    </div>`;
  }

  /** Downloads it first, so that the progress is seen here and can be cancelled. */
  async #use({ id, cached }: ModelEntry): Promise<void> {
    this.#wanted = id;
    if (!cached) await this.models.download(id);
    const here = this.models.entries?.some((entry) => entry.id === id && entry.cached);
    // It may have been cancelled or have failed, or another one is wanted by now.
    if (this.#wanted !== id || !here) return;
    this.dispatchEvent(new CustomEvent("used", { detail: id }));
    if (this.isConnected) this.close();
  }
}

customElements.define("vision-models", VisionModels);
