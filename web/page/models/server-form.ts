/** The person's own server: where it is, its key, and the choice to let it answer. */
import { html, nothing } from "lit";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { LightElement } from "../kit/light-element.ts";
import { serverFields } from "../kit/server-fields.ts";
import { list } from "../kit/words.ts";
import type { Workbench } from "../state/workbench.ts";
import { w } from "./words.ts";

/** Emits `used` when the server answers the conversation from now on. */
class ServerForm extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    kept: { state: true },
    offered: { state: true },
    busy: { state: true },
    failure: { state: true },
    word: { state: true },
  };
  declare workbench: Workbench;
  /** What is set up; undefined until that is known. */
  declare private kept: { baseUrl: string; model: string; hasKey: boolean } | null | undefined;
  /** Models that the server named. */
  declare private offered: readonly string[];
  declare private busy: boolean;
  declare private failure: Failure | null;
  declare private word: string;

  constructor() {
    super();
    this.offered = [];
    this.busy = false;
    this.failure = null;
    this.word = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  get #server() {
    const { alcove } = this.workbench;
    if (!alcove) throw new Error("The form is shown only once Alcove is open.");
    return alcove.server;
  }

  override render() {
    const { kept, busy, failure } = this;
    if (kept === undefined) return html`<p class="hint" role="status">${w.wait}</p>`;
    const { choice } = this.workbench.thread;
    return html`<form class="server" @submit=${this.#save}>
      <p>${w.aboutServer({ leaves: html`<strong>${w.leaves}</strong>` })}</p>
      ${serverFields({ name: "server", example: "http://localhost:8080/v1", url: kept?.baseUrl, hasKey: kept?.hasKey })}
      <label>
        ${w.model}
        <input
          class="field"
          name="model"
          data-testid="server-model"
          autocomplete="off"
          list="server-models"
          placeholder=${w.modelHint}
          .value=${kept?.model ?? ""}
        />
        <datalist id="server-models">
          ${this.offered.map((id) => html`<option value=${id}></option>`)}
        </datalist>
      </label>
      ${failure ? failureLine(failure, "server-failure") : nothing}
      <p class="hint" role="status" data-testid="server-word">${this.word}</p>
      <div class="card-actions">
        <button type="submit" class="button primary" data-testid="server-save" ?disabled=${busy}>${w.save}</button>
        ${
          kept
            ? html`
                <button
                  type="button"
                  class="button"
                  data-testid="server-check"
                  ?disabled=${busy}
                  @click=${() => void this.#try(() => this.#ask())}
                >
                  ${w.ask}
                </button>
                ${
                  choice?.provider === "openai"
                    ? html`<span class="badge strong" data-testid="server-used">${w.inUse}</span>`
                    : html`<button
                        type="button"
                        class="button"
                        data-testid="server-use"
                        ?disabled=${busy || !kept.model}
                        @click=${() => void this.#try(() => this.#use())}
                      >
                        ${w.useHere}
                      </button>`
                }
                <button
                  type="button"
                  class="button"
                  data-testid="server-forget"
                  ?disabled=${busy}
                  @click=${() => void this.#try(() => this.#forget())}
                >
                  ${w.forget}
                </button>
              `
            : nothing
        }
      </div>
    </form>`;
  }

  async #read(): Promise<void> {
    this.kept = await this.#server.get();
  }

  #save(event: Event): void {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const [baseUrl, key, model] = [text("url"), text("key"), text("model")];
    // A key belongs to the server that it was entered for.
    const elsewhere = this.kept && origin(this.kept.baseUrl) !== origin(baseUrl);
    void this.#try(async () => {
      await this.#server.set({ baseUrl, model, ...(key || elsewhere ? { apiKey: key } : {}) });
      this.word = model ? w.saved : w.savedNoModel;
      (this.querySelector("[name=key]") as HTMLInputElement).value = "";
    });
  }

  async #ask(): Promise<void> {
    this.offered = await this.#server.models();
    this.word = this.offered.length ? w.has({ names: list(this.offered) }) : w.hasNone;
  }

  async #use(): Promise<void> {
    await this.workbench.use({ provider: "openai" });
    this.dispatchEvent(new Event("used"));
  }

  async #forget(): Promise<void> {
    await this.#server.forget();
    this.offered = [];
    this.word = w.forgotten;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = null;
    this.word = "";
    try {
      await work();
      await this.#read();
    } catch (thrown) {
      this.failure = toFailure(thrown);
    } finally {
      this.busy = false;
    }
  }
}

const origin = (address: string): string => {
  try {
    return new URL(address).origin;
  } catch {
    return "";
  }
};

customElements.define("server-form", ServerForm);
