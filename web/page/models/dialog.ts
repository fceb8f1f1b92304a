/** The dialog behind the model's name: models, this device, the person's own server. */
import { html, type TemplateResult } from "lit";
import type { Capabilities } from "../../sdk/index.ts";
import { Sheet } from "../kit/sheet.ts";
import type { Workbench } from "../state/workbench.ts";
import { devicePanel } from "./device-panel.ts";
import "./search.ts";
import "./server-form.ts";
import { w } from "./words.ts";

const NAMES = ["models", "device", "server"] as const;

type Tab = (typeof NAMES)[number];

class ModelDialog extends Sheet {
  static override properties = {
    workbench: { attribute: false },
    tab: { state: true },
    quota: { state: true },
  };
  protected readonly name = "models";
  protected readonly testId = "models-dialog";
  declare workbench: Workbench;
  declare private tab: Tab;
  /** Room on this device, which changes while models come and go; undefined until it was measured. */
  declare private quota: Capabilities["quota"] | undefined;
  #loading = false;
  readonly #redraw = () => {
    // A load may have brought a model to this device.
    const { phase } = this.workbench.status;
    if (this.#loading && phase === "ready") void this.#refresh();
    this.#loading = phase === "downloading" || phase === "loading";
    this.requestUpdate();
  };

  constructor() {
    super();
    this.tab = "models";
  }

  protected get heading(): string {
    return w.heading;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.workbench.addEventListener("change", this.#redraw);
    void this.#refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.workbench.removeEventListener("change", this.#redraw);
  }

  protected override content(): TemplateResult {
    return html`<div class="tabs" role="tablist" aria-label=${this.heading} @keydown=${this.#onKey}>
        ${NAMES.map((name) => this.#tab(name))}
      </div>
      <div
        class="sheet-page"
        role="tabpanel"
        id="models-page"
        tabindex="0"
        aria-labelledby="tab-${this.tab}"
        data-tab=${this.tab}
      >
        ${this.#page()}
      </div>`;
  }

  #tab(name: Tab): TemplateResult {
    const chosen = name === this.tab;
    return html`<button
      type="button"
      role="tab"
      id="tab-${name}"
      data-testid="tab-${name}"
      aria-selected=${chosen ? "true" : "false"}
      aria-controls="models-page"
      tabindex=${chosen ? 0 : -1}
      @click=${() => this.#open(name)}
    >
      ${w[name]}
    </button>`;
  }

  #page(): TemplateResult {
    const { workbench } = this;
    const { alcove } = workbench;
    if (!alcove) {
      return html`<p class="hint" role="status">${workbench.failure?.message ?? w.starting}</p>`;
    }
    if (this.tab === "device") {
      const { capabilities } = alcove;
      const quota = this.quota === undefined ? capabilities.quota : this.quota;
      return devicePanel({ ...capabilities, quota }, workbench.thread.choice);
    }
    const close = () => this.close();
    return this.tab === "server"
      ? html`<server-form .workbench=${workbench} @used=${close}></server-form>`
      : html`<model-search .workbench=${workbench} @used=${close}></model-search>`;
  }

  #open(tab: Tab): void {
    this.tab = tab;
    if (tab === "device") void this.#measure();
  }

  async #measure(): Promise<void> {
    const { usage, quota } = await navigator.storage.estimate().catch(() => ({}) as StorageEstimate);
    this.quota = usage === undefined || quota === undefined ? null : { usage, quota };
  }

  async #refresh(): Promise<void> {
    await this.workbench.models.refresh();
  }

  async #onKey(event: KeyboardEvent): Promise<void> {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#open(NAMES[(NAMES.indexOf(this.tab) + step + NAMES.length) % NAMES.length] ?? "models");
    await this.updateComplete;
    this.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus();
  }
}

customElements.define("model-dialog", ModelDialog);
