/**
 * What Alcove is and what answers, told once to somebody who is new on this device; afterwards to whoever asks for it.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, Choice, ModelEntry } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { read, write } from "../kit/storage.ts";
import { common } from "../kit/words/common.ts";
import type { Workbench } from "../state/workbench.ts";
import { workbenchOf } from "../state/workbench-of.ts";
import { answersHere, chosenWords, honestWords, largerWords, w, whereWords } from "./words.ts";

/** Set once somebody began here. */
const BEGUN = "alcove.begun";

class FirstWelcome extends LightElement {
  static override properties = { shown: { state: true }, models: { state: true } };
  declare private shown: boolean;
  /** Null until they are known. */
  declare private models: readonly ModelEntry[] | null;
  /** It came by itself: whoever sends a message has read enough. */
  #unasked = false;
  #workbench!: Workbench;
  #left = new AbortController();

  constructor() {
    super();
    this.shown = false;
    this.models = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    this.#workbench = workbenchOf(this);
    this.#workbench.addEventListener("change", () => this.requestUpdate(), { signal: this.#left.signal });
    void this.#decide();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    if (this.#unasked) write("local", BEGUN, "yes");
  }

  /** It is shown unasked to somebody who never began, and has no conversation from before there was a welcome. */
  async #decide(): Promise<void> {
    if (read("local", BEGUN)) return;
    // Whoever's conversations cannot be read is no newcomer, and has other things on their mind.
    const kept = await this.#workbench.opened
      .then(({ conversations }) => conversations.list())
      .catch(() => null);
    if (!kept || kept.length || !this.isConnected) return;
    this.#unasked = true;
    await this.#show();
  }

  async #show(): Promise<void> {
    const alcove = await this.#workbench.opened;
    this.models = await alcove.models.list().catch(() => null);
    this.shown = true;
  }

  override render() {
    const { alcove, thread } = this.#workbench;
    if (!thread.choice || !alcove || thread.session.agent) return nothing;
    return this.shown ? this.#words(thread.choice, alcove) : this.#question();
  }

  #question(): TemplateResult {
    return html`<button type="button" class="text-button" data-testid="welcome-open" @click=${this.#ask}>
      ${w.ask}
    </button>`;
  }

  #words(choice: Choice, { capabilities }: Alcove): TemplateResult {
    const model = this.models?.find(({ id }) => id === choice.model);
    const larger = this.models && model ? largerWords(this.models, model.bytes) : "";
    return html`<section class="welcome-card" aria-label=${w.about} data-testid="welcome">
      <ul class="welcome-facts">
        <li>${icons.shield}<p><strong>${answersHere(choice) ? w.here : w.elsewhere}</strong> ${whereWords(choice)}</p></li>
        <li>
          ${icons.tool}<p>
            <strong>${w.answering}</strong> ${chosenWords(choice, model, capabilities)} ${larger}
          </p>
        </li>
        <li>${icons.alert}<p><strong>${w.expect}</strong> ${honestWords(model?.bytes)}</p></li>
      </ul>
      <div class="card-actions">
        <button type="button" class="button primary" data-testid="welcome-begin" @click=${this.#begin}>
          ${this.#unasked ? w.begin : common.close}
        </button>
        <button type="button" class="button" data-testid="welcome-tour" @click=${this.#tour}>${w.showRound}</button>
        <button
          type="button"
          class="text-button"
          data-testid="welcome-models"
          @click=${() => document.querySelector<HTMLElement>("[data-testid=model-button]")?.click()}
        >
          ${w.others}
        </button>
      </div>
    </section>`;
  }

  readonly #ask = async (): Promise<void> => {
    await this.#show();
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-testid=welcome-begin]")?.focus();
  };

  readonly #begin = (): void => {
    write("local", BEGUN, "yes");
    this.#unasked = false;
    this.shown = false;
    document.querySelector<HTMLElement>("chat-composer")?.focus();
  };

  readonly #tour = async ({ currentTarget }: Event): Promise<void> => {
    const { showTour } = await import("./tour.ts");
    showTour(currentTarget as HTMLElement);
  };
}

customElements.define("first-welcome", FirstWelcome);
