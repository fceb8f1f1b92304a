/** What the model is told before anything else: the system prompt, kept as it is typed. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Defaults } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { partNames } from "./part-words.ts";
import type { SettingsStore, Whose } from "./settings-store.ts";
import { w } from "./words.ts";

/** Who pauses for so long has written something. */
const PAUSE_MS = 400;

class SettingsInstructions extends LightElement {
  static override properties = {
    store: { attribute: false },
    shown: { attribute: false },
    told: { state: true },
  };
  declare store: SettingsStore;
  declare shown: Defaults | null;
  declare private told: string;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** For whom what waits was typed. */
  #typedFor: Whose | undefined;
  /** Whose settings the field shows. */
  #of = "";

  constructor() {
    super();
    this.told = "";
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  get #where(): string {
    return `${this.store.scope} ${this.store.conversation}`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#now();
  }

  /** What is typed and not kept is for whose settings it was typed. */
  protected override willUpdate(): void {
    if (!this.#of || this.#of === this.#where) return;
    this.#now();
    this.told = "";
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("shown") || !this.shown) return;
    const other = this.#of !== this.#where;
    this.#of = this.#where;
    // What somebody else set does not take away what is being typed.
    if (this.#pause === undefined && (other || this.#field !== document.activeElement))
      this.#field.value = this.shown.system;
  }

  override render(): TemplateResult {
    const { agent, scope } = this.store;
    const whose = scope === "this" && agent ? w.agentsOwn({ agent: html`<bdi>${agent}</bdi>` }) : w.empty;
    return html`<p class="note" id="instructions-about">${w.aboutInstructions} ${whose}</p>
      <label class="visually-hidden" for="instructions-field">${partNames.instructions}</label>
      <textarea
        id="instructions-field"
        class="field"
        rows="8"
        maxlength="100000"
        placeholder=${w.instructionsHint}
        data-testid="instructions"
        aria-describedby="instructions-about"
        @input=${this.#later}
        @change=${this.#now}
      ></textarea>
      <div class="card-actions">
        ${this.#prompts()}
        <button
          type="button"
          class="button"
          data-testid="instructions-clear"
          @click=${() => this.#fill("")}
        >
          ${w.leave}
        </button>
        <p class="note" role="status" data-testid="instructions-told">${this.told}</p>
      </div>`;
  }

  #prompts(): TemplateResult | typeof nothing {
    const { prompts } = this.store;
    if (!prompts.length) return nothing;
    const choose = ({ currentTarget }: Event) => {
      const select = currentTarget as HTMLSelectElement;
      const prompt = prompts.find(({ id }) => id === select.value);
      select.value = "";
      if (prompt) this.#fill(prompt.text);
    };
    return html`<select class="field settings-from" aria-label=${w.begin} data-testid="instructions-from" @change=${choose}>
      <option value="">${w.begin}…</option>
      ${prompts.map(({ id, title }) => html`<option value=${id}>${title}</option>`)}
    </select>`;
  }

  #fill(text: string): void {
    this.#field.value = text;
    this.#later();
    this.#now();
    this.#field.focus();
  }

  #later(): void {
    this.told = "";
    this.#typedFor ??= this.store.whose;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#now(), PAUSE_MS);
  }

  /** Keeps what waits. */
  #now(): void {
    if (this.#pause === undefined) return;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    const whose = this.#typedFor ?? this.store.whose;
    this.#typedFor = undefined;
    const { scope, conversation } = whose;
    void this.store.set({ system: this.#field.value.trim() }, whose).then((kept) => {
      const shown = scope === this.store.scope && conversation === this.store.conversation;
      this.told = kept && shown ? w.kept : "";
    });
  }
}

customElements.define("settings-instructions", SettingsInstructions);
